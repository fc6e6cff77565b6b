/** Steps 2 and 3 of the reporter: the pull request of a run, and what it changes. */
import { z } from 'zod';
import type { GitHub } from './api.ts';
import type { GradingRun } from './event.ts';
import { type Change, shownPath, sortChanges } from './places.ts';

const sideSchema = z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.int(), full_name: z.string() }).nullable() });
const pullSchema = z.object({ number: z.int().min(1), state: z.string(), user: z.object({ login: z.string() }).nullable(), head: sideSchema, base: sideSchema });
const fileSchema = z.object({ filename: z.string(), status: z.string(), previous_filename: z.string().optional(), contents_url: z.string() });
const treeSchema = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), size: z.int().optional() })),
});

export interface Pull {
  number: number;
  /** GitHub login. */
  author: string;
}

/** A pull request beyond these is none that hands in exercises. */
export const mostFiles = 300;
const mostFileBytes = 1024 * 1024;

/** The open pull request whose head is that of the run; null if there is none any more, so that the run is stale. */
export async function findPull(github: GitHub, run: GradingRun): Promise<Pull | null> {
  const pulls = await github.list('/pulls', z.array(pullSchema), (page) => page, { state: 'open', base: run.defaultBranch, head: `${run.headOwner}:${run.headBranch}` });
  const pull = pulls.find((one) => isOf(run, one));
  return pull?.user ? { number: pull.number, author: pull.user.login } : null;
}

/** Whether the head is still that of the run. */
export async function isCurrent(github: GitHub, run: GradingRun, { number }: Pull): Promise<boolean> {
  return isOf(run, await github.ask('GET', `/pulls/${number}`, pullSchema));
}

function isOf(run: GradingRun, { state, head, base }: z.output<typeof pullSchema>): boolean {
  return state === 'open' && head.sha === run.headSha && head.ref === run.headBranch && head.repo?.id === run.headRepositoryId
    && base.repo?.full_name === run.repository && base.ref === run.defaultBranch;
}

export interface PullChanges {
  /** The submissions that may have results. */
  folders: string[];
  /** What only a maintainer may judge: why, and some of it, fit to print. */
  foreign?: { reason: string; paths: string[] };
}

/** What the pull request changes, by GitHub's word, at the commit of the run. */
export async function readChanges(github: GitHub, run: GradingRun, pull: Pull): Promise<PullChanges> {
  const files = await github.list(`/pulls/${pull.number}/files`, z.array(fileSchema), (page) => page);
  const changes: Change[] = files.flatMap(({ filename, status, previous_filename }) => [
    { path: filename, removed: status === 'removed' },
    // Who renames takes away.
    ...(previous_filename === undefined ? [] : [{ path: previous_filename, removed: true }]),
  ]);
  const { submissions, foreign } = sortChanges(changes, pull.author);
  const folders = submissions.map(({ folder }) => folder);
  const needsMaintainer = (reason: string, paths: readonly string[]) => ({ folders, foreign: { reason, paths: paths.slice(0, 10).map(shownPath) } });
  if (foreign.length > 0) return needsMaintainer(reasonFor(foreign, pull.author), foreign);
  if (files.length > mostFiles) return needsMaintainer(`It changes ${files.length} files; results are posted of ${mostFiles} at most.`, []);
  // The branch may have moved between two questions; each file says of which commit it was told.
  const added = files.filter(({ status }) => status !== 'removed');
  if (added.some(({ contents_url }) => !contents_url.endsWith(`ref=${run.headSha}`))) return needsMaintainer('Its branch moved while this was read.', []);
  const odd = await oddFiles(github, run, added.map(({ filename }) => filename));
  return odd.length > 0 ? needsMaintainer(`A submission holds regular files of at most ${mostFileBytes / 1024} KiB, and no links.`, odd) : { folders };
}

/** Which of the paths are no regular files, or too large, in the tree of the commit. */
async function oddFiles(github: GitHub, run: GradingRun, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const { tree, truncated } = await github.ask('GET', `/git/trees/${run.headSha}`, treeSchema, { query: { recursive: '1' } });
  const regular = new Set(tree.filter(({ type, mode, size = Infinity }) => type === 'blob' && mode !== '120000' && size <= mostFileBytes).map(({ path }) => path));
  return truncated ? [...paths] : paths.filter((path) => !regular.has(path));
}

/** By what they begin with, the gravest first. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^\.github\//, 'It changes the workflows that grade it.'],
  [/^(grader|environment|content)\//, 'It changes the grader, the guest or the exercises.'],
  [/^submissions\//, 'It changes files in submissions/ that are not its author’s.'],
];

function reasonFor(foreign: readonly string[], author: string): string {
  return kinds.find(([begins]) => foreign.some((path) => begins.test(path)))?.[1] ?? `It changes files outside of submissions/${author}/.`;
}
