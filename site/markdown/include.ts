/** Code of lessons comes from files that are tested: ```c file="maps/opens.bpf.c#count"``` shows that region of content/examples/maps/opens.bpf.c. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineMdastPlugin } from 'satteri';
import { regionOf, withoutMarks } from '../../grader/course/region.ts';

/** Fences that may be typed into a page: a command to type, not a program. */
const typed = new Set(['sh', 'text']);

export function includes(root: string) {
  return defineMdastPlugin({
    name: 'hookpoint-includes',
    code(node, context) {
      const at = context.fileURL ? fileURLToPath(context.fileURL) : 'a page';
      const [, path, region] = /\bfile="([^"#]+)(?:#([^"]+))?"/.exec(node.meta ?? '') ?? [];
      if (path === undefined) {
        if (/content\/(docs|exercises)/.test(at) && !typed.has(node.lang ?? ''))
          throw new Error(
            `${at}: a block of ${node.lang ?? 'no language'} is typed into it; put it below content/examples and write \`\`\`${node.lang ?? 'c'} file="chapter/name#region"`,
          );
        return;
      }
      const file = join('content/examples', path);
      const text = readText(join(root, file), `${at}: ${file}`);
      context.setProperty(node, 'value', region === undefined ? withoutMarks(text) : regionOf(text, region, file));
      if (!/\btitle=/.test(node.meta ?? ''))
        context.setProperty(node, 'meta', `${node.meta} title="${basename(path)}"`);
    },
  });
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${what} is not there`);
  }
}
