/** Submissions of a class, as a teacher names them: `submissions`, `submissions/ada`, or each by a pattern of the shell. */
import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { LoadedExercise } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { isLogin } from '../course/login.ts';
import { startedExercises, submissionFolder } from '../course/workspace.ts';
import { shownPath } from '../github/places.ts';
import { plural } from '../report/words.ts';
import { CommandFailure, type Context } from './context.ts';

/** What is graded, and where it is. */
export interface Target {
  exercise: LoadedExercise;
  folder: string;
}

const mostNotes = 20;

export interface OfClass {
  targets: Target[];
  /** What was named otherwise. */
  rest: string[];
}

/**
 * One learner's odd folder keeps nobody else from being graded: of several that are named, those of no exercise are passed over with a word.
 * A single one is a mistake of the person who typed it.
 */
export async function targetsOfClass(
  { root, note }: Context,
  course: readonly LoadedExercise[],
  named: readonly string[],
): Promise<OfClass> {
  const targets: Target[] = [];
  const rest: string[] = [];
  const passedOver: string[] = [];
  for (const text of named) {
    const found = await findExercise(course, text);
    const parts = relative(root, resolve(text)).split(sep);
    const logins = 'problem' in found ? await loginsOf(root, parts) : null;
    if (logins) {
      for (const login of logins)
        for (const id of await startedExercises(root, login)) {
          const exercise = course.find((one) => one.id === id);
          if (exercise) targets.push({ exercise, folder: submissionFolder(root, login, id) });
          else passedOver.push(`submissions/${login}/${id}`);
        }
    } else if ('problem' in found && named.length > 1 && parts[0] === 'submissions' && (await isThere(text)))
      passedOver.push(parts.join('/'));
    else rest.push(text);
  }
  for (const path of passedOver.slice(0, mostNotes)) note(`Passed over, of no exercise: ${shownPath(path)}`);
  if (passedOver.length > mostNotes) note(`Passed over: ${passedOver.length - mostNotes} more.`);
  if (named.length > 0 && targets.length + rest.length === 0)
    throw new CommandFailure(
      `There is no submission to an exercise of this course in ${plural(named.length, 'folder')} that you named.`,
      2,
      'A submission is a folder submissions/<login>/<chapter>/<exercise>/.',
    );
  return { targets, rest };
}

/** Null if it is not submissions/ or a learner's folder in it. */
async function loginsOf(root: string, [top, login, ...more]: string[]): Promise<string[] | null> {
  if (top !== 'submissions' || more.length > 0) return null;
  const entries = await readdir(join(root, 'submissions'), { withFileTypes: true }).catch(() => []);
  const all = entries.filter((entry) => entry.isDirectory() && isLogin(entry.name)).map(({ name }) => name);
  if (login === undefined) return all.sort();
  return all.includes(login) ? [login] : null;
}

async function isThere(path: string): Promise<boolean> {
  return stat(resolve(path)).then(
    () => true,
    () => false,
  );
}
