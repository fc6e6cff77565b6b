/** The BPF programs that lessons show, as their readers can try them in the lab. */
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { namedRegions, withoutMarks } from '../../grader/course/region.ts';
import { labSchema } from './lab.ts';

export interface LessonProgram {
  /** The one that is edited. */
  file: string;
  /** Texts by name: it, and the headers of ours that it includes. */
  files: Record<string, string>;
  /** Where each part that a lesson shows begins, by its name: a line of the file, from 1. */
  lines: Record<string, number>;
}

/** What a fence in a lesson shows; `path` is below content/examples. */
export const shownFile = /\bfile="(?<path>[^"#]+)(?:#(?<region>[^"]+))?"/;

export function isProgram(path: string): boolean {
  return path.endsWith('.bpf.c');
}

/** By path below content/examples: 'maps/opens.bpf.c'. Throws if content/lab.yaml names one that no lesson shows. */
export async function readPrograms(root: string): Promise<Record<string, LessonProgram>> {
  const { untried } = labSchema.parse(parse(await readFile(join(root, 'content/lab.yaml'), 'utf8')));
  const paths = new Set<string>();
  for await (const page of glob('content/docs/**/*.mdx', { cwd: root }))
    for (const [fence] of (await readFile(join(root, page), 'utf8')).matchAll(/^```.*$/gm)) {
      const path = shownFile.exec(fence)?.groups!.path;
      if (path !== undefined && isProgram(path)) paths.add(path);
    }
  for (const path of Object.keys(untried))
    if (!paths.delete(path)) throw new Error(`content/lab.yaml: no lesson shows ${path}`);
  const programs = [...paths].sort().map(async (path) => [path, await readProgram(root, path)] as const);
  return Object.fromEntries(await Promise.all(programs));
}

async function readProgram(root: string, path: string): Promise<LessonProgram> {
  const folder = join(root, 'content/examples', dirname(path));
  const file = basename(path);
  const text = await readFile(join(folder, file), 'utf8');
  const headers = [...text.matchAll(/^#include "([\w-]+\.h)"/gm)]
    .map(([, name]) => name!)
    .filter((name) => existsSync(join(folder, name)));
  const texts = await Promise.all(
    headers.map(async (name) => [name, withoutMarks(await readFile(join(folder, name), 'utf8'))] as const),
  );
  return {
    file,
    files: Object.fromEntries([[file, withoutMarks(text)] as const, ...texts].map(([name, all]) => [name, `${all}\n`])),
    lines: namedRegions(text),
  };
}
