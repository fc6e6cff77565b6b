/** `grade submit [exercise…]`: commits what has passed on a branch of its own, and says how to open the pull request. Never pushes. */
import type { LoadedExercise } from '../course/exercise.ts';
import { loadCourse } from '../course/load.ts';
import { gitHubLogin } from '../course/login.ts';
import { type ExerciseProgress, type Progress, readProgress } from '../course/progress.ts';
import { findRemotes, pullRequestSteps } from '../course/pull-request.ts';
import { readSubmission, type Submission } from '../course/submission.ts';
import {
  commitSubmissions,
  findBranch,
  isOnBranch,
  mergeWithCourse,
  type SubmitBranch,
  SubmitProblem,
} from '../course/submit-branch.ts';
import { submissionFolder } from '../course/workspace.ts';
import { renderNext } from '../report/next.ts';
import { painter } from '../report/paint.ts';
import { CommandFailure, type Context } from './context.ts';
import { demandExercise, type LearnerOptions, loginOf } from './learner.ts';
import { stepFor } from './step.ts';

interface Chosen {
  exercise: LoadedExercise;
  submission: Submission;
  /** '/'-separated, below the repository. */
  folder: string;
}

export async function submit(context: Context, named: string[], options: LearnerOptions): Promise<number> {
  const { root, screen } = context;
  const login = await loginOf(context, options.as);
  if (options.as === undefined) await demandGitHubLogin(root, login);
  const course = await loadCourse(root, named);
  const progress = await readProgress(root, login, course, context.note);
  try {
    const branch = await findBranch(root, login);
    const wanted =
      named.length > 0
        ? [...new Set(await Promise.all(named.map((text) => demandExercise(course, text))))]
        : course.filter(({ id }) => progress.get(id)!.passed);
    if (wanted.length === 0)
      throw new CommandFailure(
        'You have not passed any exercise yet.',
        2,
        `${stepFor(course, progress).join('\n')}\nOr submit one as it is: npx grade submit programs/hello`,
      );
    const all = await Promise.all(wanted.map((exercise) => choose(root, login, exercise)));
    const chosen = await notYetOn(root, branch, all);
    const commit =
      chosen.length === 0
        ? await mergeWithCourse(root, branch)
        : await commitSubmissions(
            root,
            branch,
            new Map(chosen.map(({ folder, submission }) => [folder, submission])),
            messageOf(login, chosen),
          );
    const isDone = commit === null && (await notYetOn(root, { ...branch, parent: branch.base }, all)).length === 0;
    const steps = isDone ? [] : pullRequestSteps(login, branch.name, await findRemotes(root, login), branch.replaces);
    if (context.json)
      process.stdout.write(
        `${JSON.stringify({ branch: branch.name, commit, exercises: chosen.map(({ exercise }) => exercise.id), next: steps })}\n`,
      );
    const what = named.length > 0 ? 'this' : 'everything that you have passed';
    if (isDone) context.say(`The course has ${what} already: it is merged, and there is nothing to hand in.`);
    else if (commit === null) context.say(`The branch ${branch.name} has ${what} already; nothing was changed.\n`);
    else if (chosen.length === 0)
      context.say(
        `The course has changed the same files as the branch ${branch.name}, and GitHub grades nothing that it cannot merge. The two are put together now, as ${commit.slice(0, 10)}: of the files in your folder, yours are kept. Nothing was pushed.\n`,
      );
    else
      context.say(
        `Committed on the branch ${painter(screen)('bold', branch.name)}, as ${commit.slice(0, 10)}. Nothing was pushed, and your own branch is as it was.\n${chosen.map((one) => lineOf(one, progress)).join('\n')}\n`,
      );
    if (!isDone) context.say(renderNext(steps, screen));
    return 0;
  } catch (error) {
    if (error instanceof SubmitProblem) throw new CommandFailure(error.message, 2, error.help);
    throw error;
  }
}

/** A pull request may only contain the folder of the person who opens it, so the name of the user here is not enough. */
async function demandGitHubLogin(root: string, login: string): Promise<void> {
  const known = await gitHubLogin(root);
  if (known === null) {
    throw new CommandFailure(
      `Is ${login} your login on GitHub? Your files are in submissions/${login}/, and a pull request may only contain the folder of the person who opens it.`,
      2,
      `Say your login once, then submit again:\ngit config github.user ${login}`,
    );
  }
  if (known.toLowerCase() !== login.toLowerCase()) {
    throw new CommandFailure(
      `On GitHub you are ${known}, but your files are in submissions/${login}/.`,
      2,
      `Give the folder your login, grade it, then submit again:\nmv submissions/${login} submissions/${known}\nnpx grade --all`,
    );
  }
}

/** As the grader reads it. Throws CommandFailure. */
async function choose(root: string, login: string, exercise: LoadedExercise): Promise<Chosen> {
  const read = await readSubmission(root, submissionFolder(root, login, exercise.id), exercise.files);
  if ('problem' in read) {
    const { text, actual, help } = read.problem;
    throw new CommandFailure(
      `${exercise.id} cannot be submitted: ${text}${actual ? ` There is ${actual}.` : ''}`,
      2,
      help,
    );
  }
  return { exercise, submission: read.submission, folder: `submissions/${login}/${exercise.id}` };
}

async function notYetOn(root: string, branch: SubmitBranch, chosen: readonly Chosen[]): Promise<Chosen[]> {
  const there = await Promise.all(chosen.map(({ folder, submission }) => isOnBranch(root, branch, folder, submission)));
  return chosen.filter((_, i) => !there[i]);
}

function messageOf(login: string, chosen: readonly Chosen[]): string {
  const ids = chosen.map(({ exercise }) => exercise.id);
  return ids.length <= 3
    ? `Submit ${ids.join(', ')}`
    : `Submit ${ids.length} exercises of ${login}\n\n${ids.map((id) => `- ${id}`).join('\n')}`;
}

function lineOf({ exercise, folder }: Chosen, progress: Progress): string {
  return `  ${folder}/ ${standing(progress.get(exercise.id)!)}`;
}

function standing({ passed, entry, digest }: ExerciseProgress): string {
  if (passed) return `has passed: ${entry!.points} of ${entry!.maxPoints} points`;
  if (!entry) return 'has not been graded yet: it is submitted as it is';
  if (entry.digest !== digest) return 'has changed since it was graded: it is submitted as it is';
  return `has not passed yet, ${entry.points} of ${entry.maxPoints} points: it is submitted as it is`;
}
