/**
 * Puts submissions on the branch submit/<login> without touching the branch, the index or the files that the learner has before them:
 * the commit is built in an index of its own, and the branch moves in the last step or not at all.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { courseBranch } from './course-branch.ts';
import { askGit, type GitOptions } from './git.ts';
import type { Submission } from './submission.ts';

export interface SubmitBranch {
  /** 'submit/<login>', spelled as GitHub has it, if it has it. */
  name: string;
  /** Commit of the branch; null if there is none yet. */
  tip: string | null;
  /** What a new commit is built on. */
  parent: string;
  /** The course as it was last fetched. */
  base: string;
  /** Whether the learner stands on it. */
  current: boolean;
  /** Whether GitHub has commits of the branch that the new one is not built on, because they are merged. */
  replaces: boolean;
}

/** Something must be fixed first; the command goes no further. */
export class SubmitProblem extends Error {
  override name = 'SubmitProblem';
  readonly help: string;
  constructor({ text, help = '' }: Message) {
    super(text);
    this.help = help;
  }
}

const clone = 'Clone the course with git, and put your submissions/ folder there.';

/** Looks, and changes nothing. Throws SubmitProblem. */
export async function findBranch(root: string, login: string): Promise<SubmitBranch> {
  await demandRepository(root);
  const { commit: base } = await courseBranch(root);
  if (base === null)
    throw new SubmitProblem({
      text: 'This repository has no commit yet, so there is nothing to build on.',
      help: clone,
    });
  const known = await pushedBranch(root, `submit/${login}`);
  // Another spelling would be a second branch on GitHub, and a second pull request.
  const name = known?.name ?? `submit/${login}`;
  const pushed = known?.commit ?? null;
  const tip = await commitOf(root, `refs/heads/${name}`);
  const current = await isCheckedOut(root, name);
  const newest = await newestOf(root, name, { tip, pushed, current, base, login });
  if (newest !== null) await demandOwnFilesOnly(root, login, name, base, newest);
  // What has been merged is the beginning of something new; but under a learner's feet a branch does not jump.
  const merged = newest !== null && (await isMerged(root, newest, base, login));
  const parent = newest === null || (merged && !current) ? base : newest;
  const replaces = pushed !== null && !(await isAncestor(root, pushed, parent));
  return { name, tip, parent, base, current, replaces };
}

/** Of the branch here and of what GitHub had of it when it was last fetched: another machine of the learner may have pushed more. */
async function newestOf(
  root: string,
  name: string,
  about: { tip: string | null; pushed: string | null; current: boolean; base: string; login: string },
): Promise<string | null> {
  const { tip, pushed, current, base, login } = about;
  if (tip === null || pushed === null) return tip ?? pushed;
  if (await isAncestor(root, pushed, tip)) return tip;
  if (await isAncestor(root, tip, pushed)) {
    if (current)
      throw new SubmitProblem({
        text: `You are on the branch ${name}, and GitHub has newer commits of it, from another machine of yours.`,
        help: 'Take them over, then submit again: git pull --ff-only',
      });
    return pushed;
  }
  // The earlier commits were merged, and this branch began again from the course.
  if (await isMerged(root, pushed, base, login)) return tip;
  throw new SubmitProblem({
    text: `The branch ${name} here and the one on GitHub have each got something that the other has not.`,
    help: `Build on the one on GitHub: what you have passed here is submitted again.\ngit branch -m ${name} ${name}-old`,
  });
}

/** Whether the branch, or what it is built on, has just these files of an exercise. */
export async function isOnBranch(
  root: string,
  branch: SubmitBranch,
  folder: string,
  { files }: Submission,
): Promise<boolean> {
  const there = await filesIn(root, branch, folder);
  const wanted = await Promise.all(
    [...files].map(async ([name, bytes]) => `100644 blob ${await hash(root, bytes, [])}\t${folder}/${name}`),
  );
  return there.length === wanted.length && wanted.every((line) => there.includes(line));
}

/** Commits these folders, '/'-separated below the repository, and returns the commit. Throws SubmitProblem. */
export async function commitSubmissions(
  root: string,
  branch: SubmitBranch,
  submissions: ReadonlyMap<string, Submission>,
  message: string,
): Promise<string> {
  return inOwnIndex(root, async (env) => {
    await git(root, ['read-tree', branch.parent], { env });
    for (const [folder, { files }] of submissions) {
      // Whatever else the folder had is gone: mode 0.
      const gone = (await filesIn(root, branch, folder)).map((line) => `0 ${line.split(' ')[2]!}`);
      const there = await Promise.all(
        [...files].map(async ([name, bytes]) => `100644 ${await hash(root, bytes, ['-w'])}\t${folder}/${name}`),
      );
      await git(root, ['update-index', '-z', '--index-info'], {
        env,
        input: [...gone, ...there].map((line) => `${line}\0`).join(''),
      });
    }
    const tree = (await git(root, ['write-tree'], { env })).trim();
    const made = await commitTree(root, tree, [branch.parent], message);
    const commit = (await conflicts(root, branch.base, made)) ? await mergeCourse(root, branch, made, env) : made;
    await moveBranch(root, branch, commit);
    if (branch.current) await git(root, ['reset', '--quiet', '--', ...submissions.keys()]);
    return commit;
  });
}

/** Where nothing is new, but GitHub could not merge what the branch has: the two put together. Null if it could. Throws SubmitProblem. */
export async function mergeWithCourse(root: string, branch: SubmitBranch): Promise<string | null> {
  if (branch.parent === branch.base || !(await conflicts(root, branch.base, branch.parent))) return null;
  return inOwnIndex(root, async (env) => {
    const commit = await mergeCourse(root, branch, branch.parent, env);
    await moveBranch(root, branch, commit);
    return commit;
  });
}

type OwnIndex = { GIT_INDEX_FILE: string };

async function inOwnIndex(root: string, work: (env: OwnIndex) => Promise<string>): Promise<string> {
  const staging = join(root, '.grade', 'staging', randomUUID());
  await mkdir(staging, { recursive: true });
  try {
    return await work({ GIT_INDEX_FILE: join(staging, 'index') });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Only if nobody has moved it meanwhile; 40 zeros, or as many as the hash has: it must not be there yet. */
async function moveBranch(root: string, { name, tip }: SubmitBranch, commit: string): Promise<void> {
  const expected = tip ?? '0'.repeat(commit.length);
  await git(root, ['update-ref', '-m', 'grade submit', `refs/heads/${name}`, commit, expected]);
}

/** As `git commit` would: signed, if the learner has it so. */
async function commitTree(root: string, tree: string, parents: readonly string[], message: string): Promise<string> {
  const { stdout } = await askGit(root, ['config', '--type=bool', '--get', 'commit.gpgSign']);
  const sign = stdout.trim() === 'true' ? ['-S'] : [];
  const from = parents.flatMap((parent) => ['-p', parent]);
  return (await git(root, ['commit-tree', ...sign, tree, ...from], { input: `${message}\n` })).trim();
}

/** Whether GitHub could not merge it: then it grades nothing. Unknown, with a git that is older than 2.38, is no. */
async function conflicts(root: string, base: string, commit: string): Promise<boolean> {
  const { outcome, stdout } = await askGit(root, ['merge-tree', '--write-tree', base, commit]);
  return outcome === 'refused' && /^[0-9a-f]{40,64}\n/.test(stdout);
}

/** The same work on top of the course as it is now: of the files that both have changed, the learner's own folder has the last word. */
async function mergeCourse(
  root: string,
  { name, base, current }: SubmitBranch,
  commit: string,
  env: OwnIndex,
): Promise<string> {
  if (current)
    throw new SubmitProblem({
      text: `The branch ${name} conflicts with the course: both have changed the same files of yours. GitHub grades nothing that it cannot merge.`,
      help: 'Go to your own branch, then submit again, and the two are put together: git switch -',
    });
  const changes = await git(root, ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--merge-base', base, commit]);
  const parts = changes.split('\0');
  const entries: string[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const [, mode, , id] = parts[i]!.split(' ');
    entries.push(`${mode === '000000' ? 0 : mode} ${id}\t${parts[i + 1]!}`);
  }
  await git(root, ['read-tree', base], { env });
  await git(root, ['update-index', '-z', '--index-info'], { env, input: entries.map((line) => `${line}\0`).join('') });
  const tree = (await git(root, ['write-tree'], { env })).trim();
  return commitTree(root, tree, [commit, base], 'Merge the course, which has changed the same files');
}

/** '100644 blob <hash>\t<path>' for each. */
async function filesIn(root: string, { parent }: SubmitBranch, folder: string): Promise<string[]> {
  return (await git(root, ['ls-tree', '-r', '-z', parent, '--', `${folder}/`]))
    .split('\0')
    .filter((line) => line !== '');
}

async function demandRepository(root: string): Promise<void> {
  const { outcome, stdout, stderr } = await askGit(root, ['rev-parse', '--show-toplevel']);
  if (outcome === 'missing')
    throw new SubmitProblem({
      text: 'git is not installed, and a pull request needs it.',
      help: 'sudo apt-get install git',
    });
  if (outcome === 'refused') {
    if (/not a git repository/.test(stderr))
      throw new SubmitProblem({ text: `${root} is not a git repository.`, help: clone });
    throw new SubmitProblem({
      text: `git does not work here: ${plainLine(stderr, 1000)}`,
      help: 'Fix what git complains about, and submit again.',
    });
  }
  const top = stdout.replace(/\n$/, '');
  if ((await realpath(top)) !== (await realpath(root)))
    throw new SubmitProblem({ text: `The course is a folder inside another repository, ${top}.`, help: clone });
  const identity = await askGit(root, ['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT']);
  if (identity.outcome !== 'done') {
    throw new SubmitProblem({
      text: 'git does not know who you are, and a commit says who made it.',
      help: 'git config --global user.name "Your Name"\ngit config --global user.email you@example.org',
    });
  }
}

/** What a remote had of the branch when it was last fetched. Upper and lower case do not matter, as in logins. */
async function pushedBranch(root: string, wanted: string): Promise<{ name: string; commit: string } | null> {
  const lines = (await git(root, ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/remotes/'])).split('\n');
  const found = lines.flatMap((line) => {
    const [, commit, remote, name] = /^(\S+) refs\/remotes\/([^/]+)\/(.+)$/.exec(line) ?? [];
    return commit && remote && name?.toLowerCase() === wanted.toLowerCase() ? [{ commit, remote, name }] : [];
  });
  // Of two spellings the learner's own.
  const rank = ({ remote, name }: { remote: string; name: string }) =>
    (remote === 'origin' ? 2 : 0) + (name === wanted ? 1 : 0);
  return found.sort((a, b) => rank(b) - rank(a))[0] ?? null;
}

async function isCheckedOut(root: string, name: string): Promise<boolean> {
  const place = (await git(root, ['for-each-ref', '--format=%(worktreepath)', `refs/heads/${name}`])).trim();
  if (place === '') return false;
  if ((await realpath(place)) === (await realpath(root))) return true;
  throw new SubmitProblem({
    text: `The branch ${name} is checked out in another folder: ${place}.`,
    help: `There: git switch --detach`,
  });
}

/** By a merge commit; or by squash or rebase, and then the base has all that the branch has changed, in other commits. */
async function isMerged(root: string, tip: string, base: string, login: string): Promise<boolean> {
  if (await isAncestor(root, tip, base)) return true;
  const changed = await changedBy(root, `${base}...${tip}`);
  const different = new Set(await changedBy(root, base, tip, '--', `:(icase)submissions/${login}/`));
  return changed !== null && changed.length > 0 && !changed.some((path) => different.has(path));
}

async function isAncestor(root: string, older: string, newer: string): Promise<boolean> {
  return (await askGit(root, ['merge-base', '--is-ancestor', older, newer])).outcome === 'done';
}

/** Null if the two have nothing in common. */
async function changedBy(root: string, ...range: string[]): Promise<string[] | null> {
  const { outcome, stdout } = await askGit(root, ['diff', '--name-only', '--no-renames', '-z', ...range]);
  return outcome === 'done' ? stdout.split('\0').filter((path) => path !== '') : null;
}

async function demandOwnFilesOnly(root: string, login: string, name: string, base: string, tip: string): Promise<void> {
  const changed = await changedBy(root, `${base}...${tip}`);
  const own = `submissions/${login}/`.toLowerCase();
  const others = (changed ?? []).filter((path) => !path.toLowerCase().startsWith(own));
  if (changed !== null && others.length === 0) return;
  throw new SubmitProblem({
    text:
      changed !== null
        ? `The branch ${name} has changes outside of submissions/${login}/: ${plainLine(others.slice(0, 5).join(', '), 500)}.`
        : `The branch ${name} has nothing in common with the course.`,
    help: `A pull request may hold your submissions only. Keep the branch under another name, then submit again:\ngit branch -m ${name} ${name}-old`,
  });
}

async function commitOf(root: string, ref: string): Promise<string | null> {
  const { outcome, stdout } = await askGit(root, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  return outcome === 'done' ? stdout.trim() : null;
}

/** Of the bytes that were checked, not of the file: it may change meanwhile, and no filter changes line ends. */
async function hash(root: string, bytes: Uint8Array, options: readonly string[]): Promise<string> {
  return (await git(root, ['hash-object', ...options, '--stdin'], { input: bytes })).trim();
}

async function git(root: string, args: readonly string[], options?: GitOptions): Promise<string> {
  const { outcome, stdout, stderr } = await askGit(root, args, options);
  if (outcome === 'done') return stdout;
  throw new SubmitProblem({
    text: `git ${args[0]} failed: ${plainLine(stderr, 1000)}`,
    help: 'Nothing of yours was changed. Fix what git complains about, and submit again.',
  });
}
