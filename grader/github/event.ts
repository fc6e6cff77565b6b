/** Step 1 of the reporter: whether a finished workflow run is one that graded a pull request. Pure. */
import { z } from 'zod';

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const repositorySchema = z.object({ id: z.int(), full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/) });

/** What is used of a workflow_run event; GitHub adds to these, so what else is in it does not matter. */
const eventSchema = z.object({
  action: z.string(),
  repository: repositorySchema.extend({ default_branch: z.string() }),
  workflow_run: z.object({
    id: z.int(),
    event: z.string(),
    path: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    created_at: z.iso.datetime(),
    actor: z.object({ login: z.string() }).nullish(),
    head_sha: sha,
    head_branch: z.string().nullable(),
    head_repository: repositorySchema.extend({ owner: z.object({ login: z.string() }) }).nullable(),
    repository: repositorySchema,
  }),
});

/** A run of grade.yml for a pull request. The numbers of pull requests in the event are not used: they are empty for forks. */
export interface GradingRun {
  id: number;
  /** A first verdict, after a push; or a second one, which somebody has asked for by a label. */
  kind: 'grade' | 'second look';
  /** Login of whoever started it: for a second look, who set the label. */
  actor: string | null;
  headSha: string;
  /**
   * When GitHub received what started it, by GitHub's clock; running it again does not change it. For a first verdict that is the push,
   * for a second look the label.
   */
  createdAt: string;
  headOwner: string;
  headBranch: string;
  headRepositoryId: number;
  /** '<owner>/<name>' of this repository, and the branch that pull requests are for. */
  repository: string;
  defaultBranch: string;
}

/** `stop` says why there is nothing to report; that is no failure. */
export type ReadEvent = { run: GradingRun } | { stop: string };

/** A run that ran out of time has those of the jobs that did not, and somebody waits for them. */
const withResults = new Set(['success', 'failure', 'timed_out']);

export const gradingWorkflow = '.github/workflows/grade.yml';
export const secondLookWorkflow = '.github/workflows/second-look.yml';
const kinds: ReadonlyMap<string, GradingRun['kind']> = new Map([
  [gradingWorkflow, 'grade'],
  [secondLookWorkflow, 'second look'],
]);

export function readEvent(payload: unknown, repository: string): ReadEvent {
  const parsed = eventSchema.safeParse(payload);
  if (!parsed.success)
    return { stop: `The event is not a workflow run of this shape: ${parsed.error.issues[0]?.path.join('.')}.` };
  const { action, repository: here, workflow_run: run } = parsed.data;
  if (here.full_name !== repository || run.repository.full_name !== repository)
    return { stop: 'The run is of another repository.' };
  if (action !== 'completed') return { stop: 'The run has not ended yet.' };
  if (run.event !== 'pull_request') return { stop: 'The run was not started by a pull request.' };
  // GitHub adds '@<ref>' to the path at times.
  const kind = kinds.get(run.path.replace(/@.*$/s, ''));
  if (kind === undefined) return { stop: `The run is not of ${[...kinds.keys()].join(' or ')}.` };
  if (run.conclusion === null || !withResults.has(run.conclusion))
    return { stop: 'The run was cancelled, skipped or waits: it has no results.' };
  if (!run.head_repository || !run.head_branch) return { stop: 'The fork or its branch is gone.' };
  return {
    run: {
      id: run.id,
      kind,
      actor: run.actor?.login ?? null,
      headSha: run.head_sha,
      createdAt: run.created_at,
      headOwner: run.head_repository.owner.login,
      headBranch: run.head_branch,
      headRepositoryId: run.head_repository.id,
      repository,
      defaultBranch: here.default_branch,
    },
  };
}
