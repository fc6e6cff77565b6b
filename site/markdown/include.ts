/** Code of lessons comes from files that are tested: ```c file="maps/opens.bpf.c#count"``` shows that region of content/examples/maps/opens.bpf.c. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineMdastPlugin } from 'satteri';
import { regionOf, withoutMarks } from '../../grader/course/region.ts';
import { isProgram, shownFile } from '../course/programs.ts';

/** Fences that may be typed into a page: a command to type, not a program. */
const typed = new Set(['sh', 'text']);

/** `canTry`: whether a reader can try this program of a lesson in the lab; its block then says which it is (try-it.ts). */
export function includes(root: string, canTry: (path: string) => boolean) {
  return defineMdastPlugin({
    name: 'hookpoint-includes',
    code(node, context) {
      const at = context.fileURL ? fileURLToPath(context.fileURL) : 'a page';
      const { path, region } = shownFile.exec(node.meta ?? '')?.groups ?? {};
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
      const isTried = at.includes('content/docs') && isProgram(path) && canTry(path);
      const added = [
        ...(/\btitle=/.test(node.meta ?? '') ? [] : [`title="${basename(path)}"`]),
        ...(isTried ? [`try="${path}${region === undefined ? '' : `#${region}`}"`] : []),
      ];
      if (added.length > 0) context.setProperty(node, 'meta', [node.meta, ...added].join(' '));
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
