/**
 * Puts submissions on the branch submit/<login> without touching the branch, the index or the files that the learner has before them:
 * the commit is built in an index of its own, and the branch moves in the last step or not at all.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { askGit, type GitOptions } from './git.ts';
import type { Submission } from './submission.ts';

export interface SubmitBranch {
  /** 'submit/<login>' */
  name: string;
  /** Commit of the branch; null if there is none yet. */
  tip: string | null;
  /** What a new commit is built on. */
  parent: string;
  /** Whether the learner stands on it. */
  current: boolean;
}

/** Whoever reads it goes no further: something must be mended first. */
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
  const name = `submit/${login}`;
  const base = await findBase(root);
  if (base === null) throw new SubmitProblem({ text: 'This repository has no commit yet, so there is nothing to build on.', help: clone });
  const tip = await commitOf(root, `refs/heads/${name}`);
  if (tip !== null) await demandOwnFilesOnly(root, login, name, base, tip);
  const place = (await git(root, ['for-each-ref', '--format=%(worktreepath)', `refs/heads/${name}`])).trim();
  const current = place !== '' && (await realpath(place)) === (await realpath(root));
  if (place !== '' && !current) throw new SubmitProblem({ text: `The branch ${name} is checked out in another folder: ${place}.`, help: `There: git switch --detach` });
  // What has been merged is the beginning of something new; but under a learner's feet a branch does not jump.
  const merged = tip !== null && (await askGit(root, ['merge-base', '--is-ancestor', tip, base])).outcome === 'done';
  return { name, tip, parent: tip === null || (merged && !current) ? base : tip, current };
}

/** Whether the branch, or what it is built on, has just these files of an exercise. */
export async function isOnBranch(root: string, branch: SubmitBranch, folder: string, { files }: Submission): Promise<boolean> {
  const there = await filesIn(root, branch, folder);
  const wanted = await Promise.all([...files].map(async ([name, bytes]) => `100644 blob ${await hash(root, bytes, [])}\t${folder}/${name}`));
  return there.length === wanted.length && wanted.every((line) => there.includes(line));
}

/** Commits these folders, '/'-separated below the repository, and returns the commit. Throws SubmitProblem. */
export async function commitSubmissions(root: string, branch: SubmitBranch, submissions: ReadonlyMap<string, Submission>, message: string): Promise<string> {
  const staging = join(root, '.grade', 'staging', randomUUID());
  const env = { GIT_INDEX_FILE: join(staging, 'index') };
  await mkdir(staging, { recursive: true });
  try {
    await git(root, ['read-tree', branch.parent], { env });
    for (const [folder, { files }] of submissions) {
      // Whatever else the folder had is gone: mode 0.
      const gone = (await filesIn(root, branch, folder)).map((line) => `0 ${line.split(' ')[2]!}`);
      const there = await Promise.all([...files].map(async ([name, bytes]) => `100644 ${await hash(root, bytes, ['-w'])}\t${folder}/${name}`));
      await git(root, ['update-index', '-z', '--index-info'], { env, input: [...gone, ...there].map((line) => `${line}\0`).join('') });
    }
    const tree = (await git(root, ['write-tree'], { env })).trim();
    const commit = (await git(root, ['commit-tree', tree, '-p', branch.parent], { input: `${message}\n` })).trim();
    // Only if nobody has moved it meanwhile; 40 zeros, or as many as the hash has: it must not be there yet.
    await git(root, ['update-ref', '-m', 'grade submit', `refs/heads/${branch.name}`, commit, branch.tip ?? '0'.repeat(commit.length)]);
    if (branch.current) await git(root, ['reset', '--quiet', '--', ...submissions.keys()]);
    return commit;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** '100644 blob <hash>\t<path>' for each. */
async function filesIn(root: string, { parent }: SubmitBranch, folder: string): Promise<string[]> {
  return (await git(root, ['ls-tree', '-r', '-z', parent, '--', `${folder}/`])).split('\0').filter((line) => line !== '');
}

async function demandRepository(root: string): Promise<void> {
  const { outcome, stdout, stderr } = await askGit(root, ['rev-parse', '--show-toplevel']);
  if (outcome === 'missing') throw new SubmitProblem({ text: 'git is not installed, and a pull request needs it.', help: 'sudo apt-get install git' });
  if (outcome === 'refused') {
    if (/not a git repository/.test(stderr)) throw new SubmitProblem({ text: `${root} is not a git repository.`, help: clone });
    throw new SubmitProblem({ text: `git does not work here: ${plainLine(stderr, 1000)}`, help: 'Mend what git complains about, and submit again.' });
  }
  const top = stdout.replace(/\n$/, '');
  if ((await realpath(top)) !== (await realpath(root))) throw new SubmitProblem({ text: `The course is a folder inside of another repository, ${top}.`, help: clone });
  const identity = await askGit(root, ['-c', 'user.useConfigOnly=true', 'var', 'GIT_COMMITTER_IDENT']);
  if (identity.outcome !== 'done') {
    throw new SubmitProblem({ text: 'git does not know who you are, and a commit says who made it.', help: 'git config --global user.name "Your Name"\ngit config --global user.email you@example.org' });
  }
}

/** The course as it was last fetched: a pull request from there holds nothing else that the learner has done. */
async function findBase(root: string): Promise<string | null> {
  for (const remote of ['upstream', 'origin']) {
    for (const branch of ['HEAD', 'main', 'master']) {
      const commit = await commitOf(root, `refs/remotes/${remote}/${branch}`);
      if (commit !== null) return commit;
    }
  }
  return commitOf(root, 'HEAD');
}

async function demandOwnFilesOnly(root: string, login: string, name: string, base: string, tip: string): Promise<void> {
  const { outcome, stdout } = await askGit(root, ['diff', '--name-only', '-z', `${base}...${tip}`]);
  const others = stdout.split('\0').filter((path) => path !== '' && !path.startsWith(`submissions/${login}/`));
  if (outcome === 'done' && others.length === 0) return;
  throw new SubmitProblem({
    text: outcome === 'done' ? `The branch ${name} has changes outside of submissions/${login}/: ${plainLine(others.slice(0, 5).join(', '), 500)}.` : `The branch ${name} has nothing in common with the course.`,
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
  throw new SubmitProblem({ text: `git ${args[0]} failed: ${plainLine(stderr, 1000)}`, help: 'Nothing of yours was changed. Mend what git complains about, and submit again.' });
}
