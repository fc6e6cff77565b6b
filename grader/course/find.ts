/** From what a learner typed to an exercise. */
import { stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { distance } from 'fastest-levenshtein';
import type { Message } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import type { LoadedExercise } from './exercise.ts';

export type Found =
  | { exercise: LoadedExercise; /** Absolute; given if a folder, or a file in it, was typed. */ folder?: string }
  | { problem: Message };

/**
 * `text` is an id ('programs/hello'), a name that is unique in the course ('hello'), either as it once was, or a path. `commands` are
 * what `text` may be meant for besides.
 */
export async function findExercise(
  course: readonly LoadedExercise[],
  text: string,
  cwd = process.cwd(),
  commands: readonly string[] = [],
): Promise<Found> {
  const wanted = text.replace(/\/+$/, '');
  const byId = course.find((exercise) => exercise.id === wanted);
  if (byId) return { exercise: byId };
  const byName = course.filter(({ id }) => nameOf(id) === wanted);
  if (byName.length === 1) return { exercise: byName[0]! };
  if (byName.length > 1) return { problem: ambiguous(wanted, byName) };
  const once = course.filter(({ formerly = [] }) => formerly.some((id) => id === wanted || nameOf(id) === wanted));
  if (once.length === 1) return { exercise: once[0]! };
  return (await findByPath(course, resolve(cwd, text))) ?? { problem: unknown(course, wanted, commands) };
}

/** A submission, or the starter, solution or a mistake of an exercise: '…/<chapter>/<name>…' names it. */
async function findByPath(course: readonly LoadedExercise[], path: string): Promise<Found | null> {
  const folder = await folderOf(path);
  if (folder === null) return null;
  const parts = folder.split(sep);
  for (let i = parts.length - 2; i >= 0; i -= 1) {
    const named = `${parts[i]}/${parts[i + 1]}`;
    const exercise = course.find(({ id, formerly = [] }) => id === named || formerly.includes(named));
    if (exercise) return exercise.id === named ? { exercise, folder } : { problem: renamed(named, exercise, folder) };
  }
  return null;
}

/** A mistake that is a patch goes by the name of the folder that it stands for. */
async function folderOf(path: string): Promise<string | null> {
  const isPatch = (text: string) => /[/\\](?:wrong|also)[/\\][^/\\]+\.patch$/.test(text);
  const entry = await stat(path).catch(() => null);
  if (entry?.isDirectory()) return path;
  if (entry) return isPatch(path) ? path.slice(0, -'.patch'.length) : dirname(path);
  const patch = `${path}.patch`;
  return isPatch(patch) && (await stat(patch).catch(() => null))?.isFile() ? path : null;
}

function renamed(old: string, { id }: LoadedExercise, folder: string): Message {
  return {
    text: `${old} was renamed to ${id}.`,
    actual: plainLine(folder, 300),
    help: `See what to do with the folder: npx grade ${id}`,
  };
}

function ambiguous(text: string, candidates: readonly LoadedExercise[]): Message {
  return {
    text: `There is more than one exercise named ${text}.`,
    expected: candidates.map(({ id }) => id).join(' or '),
    help: `Say which: npx grade ${candidates[0]!.id}`,
  };
}

function unknown(course: readonly LoadedExercise[], text: string, commands: readonly string[]): Message {
  const typed = text.toLowerCase().slice(0, 200);
  const [near] = [
    ...course.map(({ id }) => ({
      help: `Did you mean ${id}?`,
      far: Math.min(distance(typed, id), distance(typed, nameOf(id))),
    })),
    ...commands.map((name) => ({ help: `Did you mean: npx grade ${name}`, far: distance(typed, name) })),
  ].sort((a, b) => a.far - b.far);
  // Beyond a third of its letters, the nearest is only noise.
  const known = near && near.far <= Math.max(2, typed.length / 3);
  return {
    text: `There is no exercise or folder ‘${plainLine(text, 200)}’.`,
    help: known ? near.help : 'See what there is: npx grade list',
  };
}

function nameOf(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
