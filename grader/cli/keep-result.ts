/** Keeps a result, or says why not: what the disk will not take must not cost anybody the verdict. */
import { dirname } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { saveResult } from '../course/progress.ts';
import { ProgressRefused } from '../course/progress-store.ts';
import type { Result } from '../verdict/result.ts';
import type { Context } from './context.ts';

/** A sentence or two about what was not kept, and what to do; undefined if all was. */
export async function keepResult(
  { root, note }: Context,
  login: string,
  exercise: LoadedExercise,
  result: Result,
): Promise<string | undefined> {
  try {
    await saveResult(root, login, exercise, result, note);
    return undefined;
  } catch (error) {
    const why = whyNot(error);
    if (why === undefined) throw error;
    return `Not kept: the result of ${exercise.id}. ${why}`;
  }
}

/** Words for what a disk may say; undefined for what is a bug of ours. */
function whyNot(error: unknown): string | undefined {
  if (error instanceof ProgressRefused) return `${error.message} ${error.help}`;
  const { code, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  const where = path === undefined ? '.grade' : dirname(path);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk is full. Free some space, and grade it again.';
    case 'EACCES':
    case 'EPERM':
      return `You may not write in ${where}. If another user made it, as with sudo: sudo chown -R "$(id -un)" .grade`;
    case 'EROFS':
      return `${where} is on a disk that can only be read. Grade in a copy of the course.`;
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'EIO':
      return `${message}.`;
    default:
      return error instanceof Error && error.name === 'MachineUnavailable' ? error.message : undefined;
  }
}
