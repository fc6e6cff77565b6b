/** Keeps `.grade/progress.json`: read whole, changed by one grader at a time, replaced in one step. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from '../machine/lock.ts';
import { emptyProgress, renderProgress } from './progress-entries.ts';
import type { ParsedProgress, ProgressFile } from './progress-file.ts';
import { writeWhole } from './write-whole.ts';

/** The file cannot be used, and must not be touched. */
export class ProgressRefused extends Error {
  override name = 'ProgressRefused';
  readonly help: string;
  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}

/** Told what the learner should know, such as that a broken file was set aside. */
export type Note = (text: string) => void;

export const progressPath = join('.grade', 'progress.json');
const knownPath = join('.grade', 'known-progress');

/** Empty if there is none yet. A broken one is set aside. Throws ProgressRefused if a later version of the course made it. */
export async function loadProgress(root: string, note: Note = () => {}): Promise<ProgressFile> {
  const read = await readCurrent(root);
  if ('progress' in read) return read.progress;
  return locked(root, () => readOrSetAside(root, note));
}

/** Puts what `change` makes of the document in its place. Whoever else does so at the same time waits; nothing is lost. */
export async function updateProgress(
  root: string,
  change: (progress: ProgressFile) => ProgressFile,
  note: Note = () => {},
): Promise<void> {
  await locked(root, async () => {
    const before = await readOrSetAside(root, note);
    await clearStaging(root);
    const text = renderProgress(change(before));
    await writeWhole(join(root, progressPath), text);
    await remember(root, text);
  });
}

async function locked<T>(root: string, work: () => Promise<T>): Promise<T> {
  await mkdir(join(root, '.grade'), { recursive: true });
  return withFileLock(join(root, '.grade', 'progress.lock'), () => {}, work);
}

type Current = { progress: ProgressFile } | { broken: string };

async function readCurrent(root: string): Promise<Current> {
  const text = await readFile(join(root, progressPath), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    if (error.code === 'EISDIR') return { broken: 'it is a folder' };
    throw error;
  });
  if (text === null) return { progress: emptyProgress() };
  if (typeof text !== 'string') return text;
  const parsed = await parse(root, text);
  if ('progress' in parsed) return parsed;
  if (parsed.problem === 'newer') {
    throw new ProgressRefused(
      `${progressPath} is from a later version of the course: ${parsed.detail}.`,
      `Bring the course up to date (git pull), or start again from nothing: mv ${progressPath} ${progressPath}.later`,
    );
  }
  return { broken: parsed.detail };
}

/** What was found good is known by its digest: the schema takes as long to load as `grade list` needs for all else. */
async function parse(root: string, text: string): Promise<ParsedProgress> {
  const known = await readFile(join(root, knownPath), 'utf8').catch(() => '');
  if (known === digestOf(text)) return { progress: JSON.parse(text) as ProgressFile };
  const { parseProgress } = await import('./progress-file.ts');
  const parsed = parseProgress(text);
  if ('progress' in parsed) await remember(root, text);
  return parsed;
}

/** Where nothing can be written, it is checked each time. */
async function remember(root: string, text: string): Promise<void> {
  await writeFile(join(root, knownPath), digestOf(text)).catch(() => {});
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Only with the lock held. */
async function readOrSetAside(root: string, note: Note): Promise<ProgressFile> {
  const read = await readCurrent(root);
  if ('progress' in read) return read.progress;
  const names = await readdir(join(root, '.grade'));
  let n = 1;
  while (names.includes(`progress.json.broken-${n}`)) n += 1;
  const aside = `${progressPath}.broken-${n}`;
  await rename(join(root, progressPath), join(root, aside));
  note(
    `${progressPath} could not be read (${read.broken}). It is now ${aside}, and a new one begins; npx grade --all fills it again.`,
  );
  return emptyProgress();
}

/** Only with the lock held: what is there then was left by a grader that was killed. */
async function clearStaging(root: string): Promise<void> {
  const left = (await readdir(join(root, '.grade'))).filter((name) => /^progress\.json\..*\.tmp$/.test(name));
  for (const name of left) await rm(join(root, '.grade', name), { force: true });
}
