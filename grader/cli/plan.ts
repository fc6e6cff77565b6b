/** `grade plan`: which submissions to grade, and how to deal them to the jobs of a CI matrix. Runs nothing. */
import { relative, resolve, sep } from 'node:path';
import { appendFile, readdir } from 'node:fs/promises';
import type { LoadedExercise } from '../course/exercise.ts';
import { askGit } from '../course/git.ts';
import { loadCourse } from '../course/load.ts';
import { isLogin } from '../course/login.ts';
import { readRecord } from '../course/verification.ts';
import { startedExercises } from '../course/workspace.ts';
import { differenceOf } from '../github/difference.ts';
import { shownPath, sortChanges } from '../github/places.ts';
import { type Matrix, mostJobs, planMatrix, type Task } from '../github/shards.ts';
import { listKernels } from '../machine/vm/kernels.ts';
import { olderThan } from '../verdict/needs.ts';
import { CommandFailure, type Context } from './context.ts';
import { kernelsOf } from './verify.ts';

export interface PlanOptions {
  base?: string;
  head?: string;
  repository?: string;
  login?: string;
  shards: string;
  kernel: string;
  output?: string;
}

/** Seconds for an exercise of which no verification is known. */
const usualSeconds = 15;

interface Submitted {
  folder: string;
  exercise: LoadedExercise;
}

/** With --json the matrix on one line, fit for a job's output; nothing in it is free text. */
export async function plan(context: Context, named: string[], options: PlanOptions): Promise<number> {
  const course = await loadCourse(context.root);
  const { submitted, passedOver, foreign } =
    options.base === undefined && options.head === undefined
      ? await fromFolders(context, course, named)
      : await fromCommits(context, course, named, options);
  const matrix = planMatrix(await tasksOf(context, submitted, options.kernel), shardsOf(options.shards));
  if (matrix.include.length > mostJobs) {
    throw new CommandFailure(
      `The plan has ${matrix.include.length} jobs, and GitHub starts ${mostJobs} of a matrix at most.`,
      2,
      'Ask for fewer --shards, or fewer kernels.',
    );
  }
  if (options.output !== undefined)
    await appendFile(options.output, `matrix=${JSON.stringify(matrix)}\nforeign=${foreign}\n`);
  if (context.json) process.stdout.write(`${JSON.stringify(matrix)}\n`);
  context.say(describe(matrix, submitted.length));
  for (const line of passedOver) context.note(`Passed over: ${line}`);
  return 0;
}

async function fromCommits(
  context: Context,
  course: LoadedExercise[],
  named: string[],
  { base, head, repository, login }: PlanOptions,
) {
  if (named.length > 0)
    throw new CommandFailure('Folders and --base cannot be planned together.', 2, 'Leave one of the two away.');
  const folder = repository === undefined ? context.root : resolve(repository);
  const [from, to] = [await commitOf(folder, '--base', base), await commitOf(folder, '--head', head)];
  if (login !== undefined && !isLogin(login)) throw new CommandFailure(`--login ${login} is not a GitHub login.`, 2);
  const difference = await differenceOf(folder, from, to);
  if ('problem' in difference) throw new CommandFailure(difference.problem.text, 2, difference.problem.help);
  const { submissions, passedOver, foreign } = sortChanges(difference.changes, login);
  const known = submissions.flatMap(({ folder, exercise: id }) => {
    const exercise = course.find((one) => one.id === id);
    return exercise ? [{ folder, exercise }] : [];
  });
  const unknown = submissions.filter(({ exercise: id }) => !course.some((one) => one.id === id));
  return {
    submitted: known,
    foreign: foreign.length,
    passedOver: [
      ...foreign
        .slice(0, 20)
        .map((path) => `${shownPath(path)}: not in ${login === undefined ? 'a submission' : `submissions/${login}/`}`),
      ...(foreign.length > 20 ? [`${foreign.length - 20} more such files`] : []),
      ...passedOver.slice(0, 20).map((path) => `${shownPath(path)}: of no exercise`),
      ...unknown.slice(0, 20).map(({ folder, exercise }) => `${folder}: the course has no exercise ${exercise}`),
    ],
  };
}

/** The full id of what the option names: a commit, a branch or the like. */
async function commitOf(folder: string, option: string, name: string | undefined): Promise<string> {
  if (name !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(name)) return name;
  const { stdout } =
    name === undefined
      ? { stdout: '' }
      : await askGit(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  if (stdout !== '') return stdout.trim();
  throw new CommandFailure(
    name === undefined
      ? `${option} is missing: --base and --head go together.`
      : `${option} ${shownPath(name)} is not a commit of ${folder}.`,
    2,
    'Name a commit, a branch or a tag. Of a remote it is there after: git fetch',
  );
}

/** Everything below the folders named, or below submissions/. */
async function fromFolders({ root }: Context, course: LoadedExercise[], named: string[]) {
  const logins = (await readdir(resolve(root, 'submissions'), { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory() && isLogin(entry.name))
    .map(({ name }) => name)
    .sort();
  const all: Submitted[] = [];
  for (const login of logins) {
    const started = new Set(await startedExercises(root, login));
    for (const exercise of course)
      if (started.has(exercise.id)) all.push({ folder: `submissions/${login}/${exercise.id}`, exercise });
  }
  const places = (named.length > 0 ? named : ['submissions']).map((text) =>
    relative(root, resolve(named.length > 0 ? process.cwd() : root, text))
      .split(sep)
      .join('/'),
  );
  const below = (place: string) => all.filter(({ folder }) => folder === place || folder.startsWith(`${place}/`));
  const empty = places.find((place) => below(place).length === 0);
  if (empty !== undefined)
    throw new CommandFailure(
      `There is no submission to an exercise of this course below ${shownPath(empty)}.`,
      2,
      'A submission is a folder submissions/<login>/<chapter>/<exercise>/.',
    );
  const wanted = new Set(places.flatMap(below));
  return { submitted: all.filter((one) => wanted.has(one)), foreign: 0, passedOver: [] };
}

/** A kernel is left out for an exercise that asks for a newer one; if that leaves none, the kernel itself will say so. */
async function tasksOf({ root }: Context, submitted: Submitted[], kernel: string): Promise<Task[]> {
  const { kernels, default: usual } = await listKernels();
  const chosen = kernelsOf(
    kernel,
    kernels.map(({ id }) => id),
    usual,
  );
  const record = await readRecord(root);
  return submitted.flatMap(({ folder, exercise }) => {
    const fit = chosen.filter(({ id, suits }) => suits(exercise) && !olderThan(id, exercise.needs.kernel));
    return (fit.length > 0 ? fit : chosen.slice(-1)).map(({ id }) => ({
      folder,
      kernel: id,
      seconds: record.exercises[exercise.id]?.kernels[id]?.seconds ?? usualSeconds,
    }));
  });
}

function shardsOf(text: string): number {
  const shards = Number(text);
  if (Number.isInteger(shards) && shards >= 1 && shards <= mostJobs) return shards;
  throw new CommandFailure(`--shards ${text} is not a number from 1 to ${mostJobs}.`, 2);
}

function describe({ include }: Matrix, submissions: number): string {
  if (submissions === 0) return 'Nothing to grade: no submission has changed.';
  const lines = include.map(({ name, folders }) => `  ${name}  ${folders.join(' ')}`);
  return `${submissions} submission${submissions === 1 ? '' : 's'} in ${include.length} job${include.length === 1 ? '' : 's'}:\n${lines.join('\n')}`;
}
