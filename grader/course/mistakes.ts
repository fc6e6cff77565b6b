/** Cases of an exercise that are not handed in: mistakes below wrong/ and other right ways below also/, whole or as patches of the solution. */
import { readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { applyPatch, parsePatch, type StructuredPatch } from 'diff';
import type { LoadedExercise } from './exercise.ts';
import { digestOf, readSubmission, type ReadSubmission } from './submission.ts';

const kinds = ['wrong', 'also'];

/** Whether the path is that of a mistake or of another way: 'wrong/<name>' or 'also/<name>' below the exercise's folder. */
export function isCase({ folder }: LoadedExercise, path: string): boolean {
  const [kind = '', name, ...more] = relative(folder, path).split(sep);
  return kinds.includes(kind) && name !== undefined && more.length === 0;
}

/**
 * The files of 'wrong/<name>' or 'also/<name>': of a folder, where what it does not hold is as in the solution, or of the file
 * <name>.patch beside it, a unified diff of the solution's files.
 */
export async function readCase(root: string, exercise: LoadedExercise, name: string): Promise<ReadSubmission> {
  const solution = join(exercise.folder, 'solution');
  const patchFile = join(exercise.folder, `${name}.patch`);
  if (!(await isFile(patchFile))) return readSubmission(root, join(exercise.folder, name), exercise.files, solution);
  const read = await readSubmission(root, solution, exercise.files);
  if ('problem' in read) return read;
  const files = new Map(read.submission.files);
  const at = relative(root, patchFile);
  const patches = parsed(await readFile(patchFile, 'utf8'));
  if (patches instanceof Error || !patches.some(({ hunks }) => hunks.length > 0))
    return {
      problem: {
        text: `${at} is not a patch that can be applied: ${patches instanceof Error ? patches.message : 'it changes nothing.'}`,
        help: 'Make it from a copy of the solution that you have changed: diff -u solution/FILE changed/FILE',
      },
    };
  for (const patch of patches) {
    const file = (patch.newFileName ?? '').replace(/^[ab]\//, '');
    const before = files.get(file);
    if (before === undefined)
      return {
        problem: {
          text: `${at} changes '${file}', which the solution does not have.`,
          help: 'Its paths are a/<file> and b/<file>.',
        },
      };
    const after = applyPatch(Buffer.from(before).toString('utf8'), patch);
    if (after === false)
      return {
        problem: {
          text: `${at} no longer fits the solution's ${file}.`,
          help: 'Make it again from today’s solution, with diff -u.',
        },
      };
    files.set(file, Buffer.from(after));
  }
  return { submission: { files, digest: digestOf(files) } };
}

/** An Error if it is not a unified diff, or its counts of lines are wrong. */
function parsed(text: string): StructuredPatch[] | Error {
  try {
    return parsePatch(text);
  } catch (error) {
    return error as Error;
  }
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
