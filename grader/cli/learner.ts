/** Who works here, and on what. */
import { type Catalog, readCatalog } from '../course/catalog.ts';
import type { LoadedExercise } from '../course/exercise.ts';
import { findExercise } from '../course/find.ts';
import { asFolder, findLogin, isLogin } from '../course/login.ts';
import { inOrderOf, type Path, readChosenPath } from '../course/paths.ts';
import { CommandFailure, type Context } from './context.ts';

export interface LearnerOptions {
  as?: string;
}

export interface Learner {
  /** In the order in which this learner does it: what the chosen path requires comes first. */
  course: LoadedExercise[];
  chapters: Catalog['chapters'];
  paths: Path[];
  chosen: Path | undefined;
  login: string;
  /** The one that was named, if any was. */
  exercise: LoadedExercise | undefined;
}

/** Throws CommandFailure if there is no such exercise or login. */
export async function findLearner(
  context: Context,
  named: string | undefined,
  { as }: LearnerOptions,
): Promise<Learner> {
  const { exercises, chapters, paths } = await readCatalog(context.root, named);
  const login = await loginOf(context, as);
  const chosen = await readChosenPath(context.root, paths);
  const course = inOrderOf(chosen, exercises);
  return {
    course,
    chapters,
    paths,
    chosen,
    login,
    exercise: named === undefined ? undefined : await demandExercise(course, named),
  };
}

export async function loginOf({ root }: Pick<Context, 'root'>, as: string | undefined): Promise<string> {
  if (as === undefined) return (await findLogin(root)).login;
  if (!isLogin(as))
    throw new CommandFailure(
      `--as ${as} is not a GitHub login.`,
      2,
      "A login has letters, digits and single hyphens, at most 39; a school's or company's own may end in _ and its short code.",
    );
  return asFolder(root, as);
}

export async function demandExercise(course: readonly LoadedExercise[], named: string): Promise<LoadedExercise> {
  const found = await findExercise(course, named);
  if ('problem' in found) throw new CommandFailure(found.problem.text, 2, found.problem.help);
  return found.exercise;
}
