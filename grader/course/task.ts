/** An exercise's task as a learner reads it in a terminal: task.mdx, and where a block of code names a file, that file's text. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { regionOf, withoutMarks } from './region.ts';

/** A block of code, its language, and the example that it shows: ```c file="tasks/x.bpf.c#region" */
const shown = /^```(\w+)[^\n]*? file="([^"#\n]+)(?:#([\w-]+))?"[^\n]*\n[^]*?^```$/gm;

/** `folder` is the exercise's. Throws if a block names a file or region that is not there. */
export async function readTask(root: string, folder: string): Promise<string> {
  const text = await readFile(join(folder, 'task.mdx'), 'utf8');
  const codes = await Promise.all(
    [...text.matchAll(shown)].map(([, language, path, region]) =>
      codeOf(root, path!, region).then((code) => `\`\`\`${language}\n${code}\n\`\`\``),
    ),
  );
  return text.replace(shown, () => codes.shift()!);
}

async function codeOf(root: string, path: string, region: string | undefined): Promise<string> {
  const file = join('content/examples', path);
  const text = await readFile(join(root, file), 'utf8');
  return region === undefined ? withoutMarks(text) : regionOf(text, region, file);
}
