/** Steps 2 and 3 of the reporter: the pull request of a run, and what it changes. */
import { z } from 'zod';
import type { GitHub } from './api.ts';
import type { GradingRun } from './event.ts';
import { type Change, shownPath, sortChanges } from './places.ts';

const sideSchema = z.object({
  sha: z.string(),
  ref: z.string(),
  repo: z.object({ id: z.int(), full_name: z.string() }).nullable(),
});
const pullSchema = z.object({
  number: z.int().min(1),
  state: z.string(),
  user: z.object({ login: z.string() }).nullable(),
  head: sideSchema,
  base: sideSchema,
  merge_commit_sha: z.string().nullable(),
  /** Not in lists; null while GitHub finds out. */
  mergeable: z.boolean().nullish(),
});
const comparisonSchema = z.object({
  files: z
    .array(z.object({ filename: z.string(), status: z.string(), previous_filename: z.string().optional() }))
    .default([]),
});
const commitSchema = z.object({ parents: z.array(z.object({ sha: z.string() })), tree: z.object({ sha: z.string() }) });
const treeSchema = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string(), size: z.int().optional() }),
  ),
});

export interface Pull {
  number: number;
  /** GitHub login. */
  author: string;
  /** The commit with which GitHub has tried to merge it; it may be of an earlier head. */
  merge: string | null;
}

/** A pull request with so many is none that hands in exercises; GitHub does not compare more. */
export const mostFiles = 300;
const mostFileBytes = 1024 * 1024;

/** The open pull request whose head is that of the run; null if there is none any more, so that the run is stale. */
export async function findPull(github: GitHub, run: GradingRun): Promise<Pull | null> {
  const pulls = await github.list('/pulls', z.array(pullSchema), (page) => page, {
    state: 'open',
    base: run.defaultBranch,
    head: `${run.headOwner}:${run.headBranch}`,
  });
  const pull = pulls.find((one) => isOf(run, one));
  return pull?.user ? { number: pull.number, author: pull.user.login, merge: pull.merge_commit_sha } : null;
}

/** Whether the head is still that of the run. */
export async function isCurrent(github: GitHub, run: GradingRun, { number }: Pull): Promise<boolean> {
  return isOf(run, await github.ask('GET', `/pulls/${number}`, pullSchema));
}

function isOf(run: GradingRun, { state, head, base }: z.output<typeof pullSchema>): boolean {
  return (
    state === 'open' &&
    head.sha === run.headSha &&
    head.ref === run.headBranch &&
    head.repo?.id === run.headRepositoryId &&
    base.repo?.full_name === run.repository &&
    base.ref === run.defaultBranch
  );
}

export interface PullChanges {
  /** The submissions that may have results. */
  folders: string[];
  /** In the author's own folder, and nobody grades it; fit to print. */
  passedOver: string[];
  /** What only a maintainer may judge: why, and some of it, fit to print. */
  foreign?: { reason: string; paths: string[] };
}

/**
 * What merging the pull request would change: the commit that GitHub merged for a test, compared with its first parent, the course. Not the
 * changes since the branch left, which hide what a merge of the course into the branch has taken back.
 */
export async function readChanges(github: GitHub, run: GradingRun, pull: Pull): Promise<PullChanges> {
  const nothing = { folders: [], passedOver: [] };
  const merged = await findMerge(github, run, pull);
  if ('problem' in merged) return { ...nothing, foreign: { reason: merged.problem, paths: [] } };
  const { files } = await github.ask('GET', `/compare/${merged.base}...${merged.commit}`, comparisonSchema, {
    query: { per_page: 1 },
  });
  const changes: Change[] = files.flatMap(({ filename, status, previous_filename }) => [
    { path: filename, removed: status === 'removed' },
    // A rename takes away as well.
    ...(previous_filename === undefined ? [] : [{ path: previous_filename, removed: true }]),
  ]);
  const { submissions, passedOver, foreign } = sortChanges(changes, pull.author);
  const own = { folders: submissions.map(({ folder }) => folder), passedOver: passedOver.map(shownPath) };
  const needsMaintainer = (reason: string, paths: readonly string[]) => ({
    ...own,
    foreign: { reason, paths: paths.slice(0, 10).map(shownPath) },
  });
  if (foreign.length > 0) return needsMaintainer(reasonFor(foreign, pull.author), foreign);
  if (files.length >= mostFiles)
    return needsMaintainer(`It changes ${files.length} files or more; results are posted of fewer.`, []);
  const added = files.filter(({ status }) => status !== 'removed').map(({ filename }) => filename);
  const odd = await oddFiles(github, merged.tree, added);
  return odd.length > 0
    ? needsMaintainer(`A submission holds regular files of at most ${mostFileBytes / 1024} KiB, and no links.`, odd)
    : own;
}

interface Merge {
  commit: string;
  tree: string;
  /** The commit of the course that it was merged with. */
  base: string;
}

/** GitHub merges for a test some seconds after a push, and when it is asked for the pull request. */
async function findMerge(github: GitHub, run: GradingRun, pull: Pull): Promise<Merge | { problem: string }> {
  let commit = pull.merge;
  for (let tries = 1; ; tries += 1) {
    if (commit !== null) {
      const { parents, tree } = await github.ask('GET', `/git/commits/${commit}`, commitSchema);
      if (parents.length === 2 && parents[1]!.sha === run.headSha)
        return { commit, tree: tree.sha, base: parents[0]!.sha };
    }
    if (tries === 4) return { problem: 'GitHub has not yet tried to merge it. Run this job again in a few minutes.' };
    if (tries > 1) await github.wait(5000);
    const asked = await github.ask('GET', `/pulls/${pull.number}`, pullSchema);
    if (asked.mergeable === false)
      return {
        problem: `It conflicts with ${run.defaultBranch}, so GitHub cannot merge it. At home, fetch the course, then: npx grade submit`,
      };
    commit = asked.merge_commit_sha;
  }
}

/** Which of the paths are no regular files, or too large. Only the folders on the way are read: a course may have more files than GitHub lists. */
async function oddFiles(github: GitHub, root: string, paths: readonly string[]): Promise<string[]> {
  const regular = new Set<string>();
  for (const folder of new Set(paths.map((path) => path.split('/').slice(0, 2).join('/')))) {
    const [top, login] = folder.split('/');
    const submissions = await entryOf(github, root, top!);
    const own = submissions && (await entryOf(github, submissions, login!));
    if (!own) continue;
    const { tree, truncated } = await github.ask('GET', `/git/trees/${own}`, treeSchema, { query: { recursive: '1' } });
    if (truncated) continue;
    for (const { path, type, mode, size = Infinity } of tree)
      if (type === 'blob' && mode !== '120000' && size <= mostFileBytes) regular.add(`${folder}/${path}`);
  }
  return paths.filter((path) => !regular.has(path));
}

async function entryOf(github: GitHub, tree: string, name: string): Promise<string | null> {
  const { tree: entries } = await github.ask('GET', `/git/trees/${tree}`, treeSchema);
  return entries.find(({ path, type }) => path === name && type === 'tree')?.sha ?? null;
}

/** By what they begin with, the gravest first. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^\.github\//, 'It changes the workflows that grade it.'],
  [/^(grader|environment|content)\//, 'It changes the grader, the guest or the exercises.'],
  [/^submissions\//, 'It changes files in submissions/ that are not its author’s.'],
];

function reasonFor(foreign: readonly string[], author: string): string {
  return (
    kinds.find(([begins]) => foreign.some((path) => begins.test(path)))?.[1] ??
    `It changes files outside of submissions/${author}/.`
  );
}
