/** A learner's repository as GitHub has it: what was pushed to it, when, and what was in it then. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { askGit } from '../course/git.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure } from './command-failure.ts';
import { callGh, urlOf, withGhLogin } from './class-repositories.ts';

/** What is on this branch counts. */
export const courseRef = 'refs/heads/main';

/** A push as GitHub's list of activities has it. */
export interface Push {
  /** Milliseconds since 1970, by GitHub's clock. */
  ms: number;
  commit: string;
  branch: string;
}

/** By time. A branch that is deleted brings nothing. */
export async function pushesOf(repository: string): Promise<Push[]> {
  const jq = '.[] | [.timestamp, .after, .ref] | @tsv';
  const said = await callGh(['api', '--paginate', `repos/${repository}/activity?per_page=100`, '--jq', jq]);
  return said!
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = pushSchema.safeParse(line.split('\t'));
      if (!parsed.success)
        throw new CommandFailure(
          `GitHub’s list of what happened in ${repository} is not as it describes it: ${plainLine(line, 100)}`,
          3,
          'See it: ' + `gh api repos/${repository}/activity`,
        );
      const [at, commit, branch] = parsed.data;
      return { ms: Date.parse(at), commit, branch };
    })
    .filter(({ commit }) => !/^0+$/.test(commit))
    .sort((a, b) => a.ms - b.ms);
}

const pushSchema = z.tuple([z.iso.datetime(), z.string().regex(/^[\da-f]{40}$/), z.string()]);

/** A bare clone that is kept: its branches, and the heads of its pull requests, which a squash leaves on no branch. */
export async function fetched(root: string, repository: string): Promise<string> {
  const folder = folderOf(root, repository);
  await mkdir(folder, { recursive: true });
  await askGit(folder, ['init', '-q', '--bare']);
  const refs = ['+refs/heads/*:refs/heads/*', '+refs/pull/*/head:refs/pull/*/head'];
  const args = [...withGhLogin, 'fetch', '-q', '--no-tags', urlOf(repository), ...refs];
  const { outcome, stderr } = await askGit(folder, args, { ms: 600_000 });
  if (outcome !== 'done')
    throw new CommandFailure(
      `${repository} cannot be fetched: ${plainLine(stderr, 300)}`,
      3,
      `Is it there, and are you logged in? gh repo view ${repository}; gh auth status. Then run the same command again.`,
    );
  return folder;
}

export function folderOf(root: string, repository: string): string {
  return join(root, '.grade/class', `${repository}.git`);
}

export interface Folder {
  tree: string;
  /** Mode and id by name, '/'-separated. */
  files: Map<string, string>;
}

/** All submissions of a commit, by path: 'submissions/<login>/<chapter>/<name>'. Empty if the commit is not there any more. */
export async function foldersOf(git: string, commit: string): Promise<Map<string, Folder>> {
  const { outcome, stdout } = await askGit(git, ['ls-tree', '-r', '-t', '-z', commit, 'submissions/']);
  const folders = new Map<string, Folder>();
  if (outcome !== 'done') return folders;
  for (const line of stdout.split('\0')) {
    const [, mode, kind, id, path, rest] =
      /^(\d+) (\w+) ([\da-f]+)\t(submissions\/[^/]+\/[^/]+\/[^/]+)(?:\/(.+))?$/s.exec(line) ?? [];
    if (kind === 'tree' && rest === undefined) folders.set(path!, { tree: id!, files: new Map() });
    else if (kind === 'blob' && rest !== undefined) folders.get(path!)?.files.set(rest, `${mode} ${id}`);
  }
  return folders;
}
