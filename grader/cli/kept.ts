/** What a learner changed in the guest, brought back to their folder if they say so. */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { checkText } from '../course/source-text.ts';
import { defaultMaxBytes } from '../course/submission.ts';
import { writeWhole } from '../course/write-whole.ts';
import { type Machine, MachineFileError } from '../machine/machine.ts';

export interface Change {
  file: string;
  text: string;
}

/**
 * Of the files that were put into the guest's `folder`, those that are different now. Only these names are read, no link is
 * followed, and what is no text or too long is told to `onRefused` instead. Rejects with MachineLost.
 */
export async function readChanges(
  machine: Pick<Machine, 'get'>,
  folder: string,
  exercise: Pick<LoadedExercise, 'files'>,
  files: ReadonlyMap<string, Uint8Array>,
  onRefused: (file: string, why: string) => void,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const [file, before] of files) {
    const bytes = await machine
      .get(`${folder}/${file}`, exercise.files[file]?.maxBytes ?? defaultMaxBytes)
      .catch((error: unknown) => {
        if (!(error instanceof MachineFileError)) throw error;
        onRefused(file, 'in the guest it is no longer a regular file, or it is too large');
      });
    if (!bytes || Buffer.from(bytes).equals(before)) continue;
    const wrong = checkText(file, bytes);
    if (wrong) onRefused(file, wrong.text);
    else changes.push({ file, text: Buffer.from(bytes).toString('utf8') });
  }
  return changes;
}

/** Saves the learner's version, then writes the other. Returns where the earlier one is, relative to `root`; undefined if there was none. */
export async function keepChange(
  root: string,
  exerciseId: string,
  folder: string,
  { file, text }: Change,
  now: Date,
): Promise<string | undefined> {
  const target = join(folder, file);
  const place = join(root, '.grade', 'kept', exerciseId, now.toISOString().replaceAll(':', '-'));
  await mkdir(place, { recursive: true });
  const saved = await copyFile(target, join(place, file)).then(
    () => true,
    () => false,
  );
  await writeWhole(target, text);
  return saved ? relative(root, join(place, file)) : undefined;
}

/** Whether the learner's own file is no more what was put into the guest. */
export async function isChangedHere(folder: string, file: string, before: Uint8Array): Promise<boolean> {
  return readFile(join(folder, file)).then(
    (now) => !now.equals(before),
    () => true,
  );
}
