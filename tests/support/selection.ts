/**
 * Which of the long tests are run: what is not known to hold by digest (grader/course/basis.ts), a sample besides that never changes,
 * and everything with EVERYTHING=1, as verify.yml does every night.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfAll } from '../../grader/course/basis.ts';
import { listKernels } from '../../grader/machine/vm/kernels.ts';
import { readSessions, type Session } from '../../site/course/recordings.ts';
import { repository } from './clone.ts';
import { examplesOf } from './play-lessons.ts';

export const everything = process.env.EVERYTHING === '1';

/** Those that do not hold; of the others, the first of each kind is the sample. In their order. */
export async function dueOf<T>(
  all: readonly T[],
  holds: (one: T) => Promise<boolean>,
  kindOf: (one: T) => string = () => '',
): Promise<T[]> {
  const held = await Promise.all(all.map(holds));
  const kinds = all.map(kindOf);
  return all.filter((_, i) => everything || kinds.indexOf(kinds[i]!) === i || !held[i]);
}

/**
 * What lessons show is the guest's own tools. The grader's compiler and loader, which some of it goes through, are not in it: the sample
 * goes through them as well, and so does every exercise.
 */
const guestFiles = [
  'image.sh',
  'pack.sh',
  'packages.txt',
  'kernel.sh',
  'kernel-packages.sh',
  'guest/agent.c',
  'guest/init',
  'guest/attached.c',
].map((name) => `environment/${name}`);

const { default: kernel } = await listKernels();

/** 'sha256:…' of what a recording rests on: its session, the examples in it, who plays it, the guest, the kernel's series. */
export async function basisOfRecording(id: string): Promise<string> {
  const [chapter, name] = id.split('/') as [string, string];
  const session = (await readSessions(repository, chapter))[name]!;
  const examples = await examplesIn(chapter, usedBy(session));
  return digestOfAll(repository, [...guestFiles, 'tests/support/play-lessons.ts', ...examples], {
    kernel,
    session: JSON.stringify(session),
  });
}

/** The same for an example: itself, its headers and what it has a skeleton of, who tries it, the guest, the kernel's series. */
export async function basisOfExample(chapter: string, file: string): Promise<string> {
  const examples = await examplesIn(chapter, [file, file.replace(/\.c$/, '.bpf.c')]);
  return digestOfAll(repository, [...guestFiles, 'tests/support/examples.ts', ...examples], { kernel });
}

/** Every file of every chapter's examples. */
export async function exampleIds(): Promise<{ chapter: string; file: string }[]> {
  const chapters = await readdir(join(repository, 'content/examples'));
  const files = await Promise.all(
    chapters.map(async (chapter) => [...(await examplesOf(chapter)).keys()].map((file) => ({ chapter, file }))),
  );
  return files.flat();
}

function usedBy({ attach, load, objects, build, go, files }: Session): string[] {
  return [
    ...[...attach, ...load, ...objects].map((name) => `${name}.bpf.c`),
    ...build.map((name) => `${name}.c`),
    ...go.map((name) => `${name}.go`),
    ...files,
  ];
}

/** Of a chapter's examples the named ones, as far as they are there, and every header. */
async function examplesIn(chapter: string, names: readonly string[]): Promise<string[]> {
  const all = [...(await examplesOf(chapter)).keys()];
  return all
    .filter((name) => names.includes(name) || name.endsWith('.h'))
    .map((name) => join('content/examples', chapter, name));
}
