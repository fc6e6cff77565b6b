/**
 * `grade class collect`: what a class has pushed to its private repositories, put into submissions/ to be graded here, with the time at which
 * GitHub received it. Nothing that ran in those repositories is looked at, because learners can change what runs there.
 */
import { appendFile, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Learner } from '../course/class-schema.ts';
import { dueOf } from '../course/due.ts';
import { askGit } from '../course/git.ts';
import { readSubmission } from '../course/submission.ts';
import { renderPush } from '../report/record.ts';
import { plural } from '../report/words.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure } from './command-failure.ts';
import { courseRef, fetched, type Folder, folderOf, foldersOf, type Push, pushesOf } from './class-pushes.ts';
import { placesOf, type Team } from './class-repositories.ts';
import type { Classroom } from './classroom.ts';
import { checkWritable } from './report-files.ts';

/** A folder of an exercise as it was at a push. */
interface Version {
  learner: Learner;
  /** '<chapter>/<name>' */
  exercise: string;
  /** Below the repository there, and the id of its tree. */
  path: string;
  tree: string;
  push: Push | null;
}

export async function collectSubmissions(room: Classroom): Promise<number> {
  const { context, options } = room;
  const { teams } = await placesOf(room);
  const out = options.out ?? 'pushes.jsonl';
  await checkWritable('--out', out);
  await keepOutOfCommits(context.root);
  let [folders, silent] = [0, 0];
  const failed: string[] = [];
  for (const team of teams) {
    try {
      const versions = await versionsOf(room, team);
      if (versions.length === 0) silent += 1;
      const lines: string[] = [];
      for (const version of versions) lines.push(...(await place(room, team, version)));
      folders += versions.length;
      await appendFile(out, lines.join(''));
    } catch (error) {
      // One repository, broken on purpose or not, must not keep the others from being graded.
      if (!(error instanceof CommandFailure)) throw error;
      context.note(error.message);
      failed.push(team.repository);
    }
  }
  if (failed.length === teams.length)
    throw new CommandFailure(
      'None of the repositories could be read.',
      3,
      'See above. Are you logged in? gh auth status',
    );
  context.say(
    `${plural(folders, 'submission')} of ${plural(teams.length - silent - failed.length, 'repository', 'repositories')} are in submissions/${silent > 0 ? `, ${silent} more have none` : ''}; when each was pushed is in ${plainLine(out)}.`,
  );
  context.note(
    `Now grade them: npx grade submissions --jobs 2 --report results.jsonl --resume\nThen: npx grade class gradebook results.jsonl ${plainLine(out)}`,
  );
  if (failed.length > 0)
    throw new CommandFailure(
      `${plural(failed.length, 'repository', 'repositories')} could not be read: ${failed.join(', ')}.`,
      3,
      'All others were. Run the same command again, or look at these on GitHub.',
    );
  return 0;
}

/** Of each exercise the one that is on main now, or, with --due, was when it was due. */
async function versionsOf(room: Classroom, team: Team): Promise<Version[]> {
  const { context, options } = room;
  const git = await fetched(context.root, team.repository);
  const { stdout } = await askGit(git, ['rev-parse', '--verify', '--quiet', courseRef]);
  const head = stdout.trim();
  if (head === '') return [];
  const pushes = await pushesOf(team.repository);
  const seen = new Map<string, Push>();
  const trees = new Map<string, ReadonlyMap<string, Folder>>();
  const filesOf = new Map(room.course.map(({ id, files }) => [id, Object.keys(files)]));
  const treesOf = async (commit: string) => {
    const known = trees.get(commit) ?? (await foldersOf(git, commit));
    trees.set(commit, known);
    return known;
  };
  // Only of the files that are graded: a note that is added later does not make them late.
  const keyOf = (path: string, { files }: Folder) => {
    const graded = filesOf.get(path.split('/').slice(2).join('/')) ?? [];
    return JSON.stringify([path.toLowerCase(), graded.map((name) => files.get(name))]);
  };
  let lost = 0;
  for (const push of pushes) {
    const there = await treesOf(push.commit);
    if (there.size === 0) lost += 1;
    for (const [path, folder] of there) if (!seen.has(keyOf(path, folder))) seen.set(keyOf(path, folder), push);
  }
  if (lost > 0)
    context.note(
      `${team.repository}: ${plural(lost, 'push', 'pushes')} without submissions, or that were taken back since.`,
    );
  const versions: Version[] = [];
  for (const { id: exercise } of room.course)
    for (const learner of team.members) {
      const commit = options.due === true ? commitWhenDue(room, learner, exercise, pushes) : head;
      if (commit === null) continue;
      const found = [...(await treesOf(commit))].find(
        ([path]) => path.toLowerCase() === `submissions/${learner.login}/${exercise}`.toLowerCase(),
      );
      if (found) {
        const [path, folder] = found;
        versions.push({ learner, exercise, path, tree: folder.tree, push: seen.get(keyOf(path, folder)) ?? null });
      }
    }
  const members = new Set(team.members.map(({ login }) => login.toLowerCase()));
  const others = [...(await treesOf(head)).keys()].filter((path) => !members.has(path.split('/')[1]!.toLowerCase()));
  if (others.length > 0)
    context.note(
      `${team.repository}: passed over, because it is in a folder of somebody who is not of this repository: ${plainLine(others.slice(0, 5).join(', '), 300)}.`,
    );
  return versions;
}

/** The last push to main before it was late. Null if there was none, or it is never due. */
function commitWhenDue(
  { classFile }: Classroom,
  learner: Learner,
  exercise: string,
  pushes: readonly Push[],
): string | null {
  const due = dueOf(classFile, learner, exercise);
  if (!due) return null;
  const last = due.ms + (classFile.late?.grace ?? 0);
  return pushes.findLast(({ ms, branch }) => branch === courseRef && ms <= last)?.commit ?? null;
}

/** Puts it below submissions/, in place of what was there; and a line that says when it was pushed, if it can be graded. */
async function place(room: Classroom, team: Team, { learner, exercise, path, tree, push }: Version): Promise<string[]> {
  const { root } = room.context;
  const submission = `submissions/${learner.login}/${exercise}`;
  const target = join(root, submission);
  await demandRealFolders(root, submission);
  await demandSmall(folderOf(root, team.repository), tree, `${path} of ${team.repository}`);
  const index = await mkdtemp(join(tmpdir(), 'hookpoint-'));
  // Nobody's filters or hooks: those of the teacher would run on a stranger's files.
  const env = { GIT_INDEX_FILE: join(index, 'index'), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  try {
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    for (const args of [
      ['read-tree', tree],
      ['--work-tree', target, 'checkout-index', '--all', '--force'],
    ]) {
      const { outcome, stderr } = await askGit(folderOf(root, team.repository), args, { env });
      if (outcome !== 'done')
        throw new CommandFailure(
          `${path} of ${team.repository} cannot be copied: ${plainLine(stderr, 300)}`,
          3,
          'Look at it on GitHub: it may have a file name that this system does not allow.',
        );
    }
  } finally {
    await rm(index, { recursive: true });
  }
  if (!push) return [];
  const read = await readSubmission(root, target, room.course.find(({ id }) => id === exercise)!.files);
  if (!('submission' in read)) return [];
  const { digest } = read.submission;
  return [renderPush({ submission, digest, commit: push.commit, at: new Date(push.ms).toISOString() })];
}

/** Nothing is deleted or written by way of a link. */
async function demandRealFolders(root: string, submission: string): Promise<void> {
  const parts = submission.split('/');
  for (const [i] of parts.entries()) {
    const path = parts.slice(0, i + 1).join('/');
    const entry = await lstat(join(root, path)).catch(() => null);
    if (entry?.isSymbolicLink())
      throw new CommandFailure(`${path} is a link, and nothing is put where it leads.`, 3, `Take it away: rm ${path}`);
  }
}

const mostFiles = 200;
const mostBytes = 16 * 1024 * 1024;

/** A folder that would fill the disk is looked at on GitHub; a submission has some kilobytes. */
async function demandSmall(git: string, tree: string, shown: string): Promise<void> {
  const { stdout } = await askGit(git, ['ls-tree', '-r', '-l', tree]);
  const sizes = [...stdout.matchAll(/^\d+ \w+ \w+ +(\d+)\t/gm)].map(([, size]) => Number(size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length > mostFiles || bytes > mostBytes)
    throw new CommandFailure(
      `${shown} has ${plural(sizes.length, 'file')} of ${plural(bytes, 'byte')}, and at most ${mostFiles} of ${mostBytes / 1024 / 1024} MiB are copied.`,
      3,
      'Ask its author to remove what does not belong there.',
    );
}

/** Learners' private work is in a clone of a course that may be public: `git add` must not take it along. */
async function keepOutOfCommits(root: string): Promise<void> {
  const { outcome, stdout } = await askGit(root, ['rev-parse', '--git-path', 'info/exclude']);
  if (outcome !== 'done') return;
  // Absolute in a worktree.
  const file = resolve(root, stdout.trim());
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text.split('\n').includes('/submissions/')) return;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}/submissions/\n`);
}
