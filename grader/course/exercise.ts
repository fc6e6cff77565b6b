/**
 * What an exercise is. Its data are in content/exercises/<chapter>/<name>/exercise.yaml, readable without running anything;
 * exercise.ts beside it says how its own checks judge (code.ts).
 */
import type { Stage } from '../verdict/result.ts';

export interface Exercise {
  title: string;
  /** One sentence for lists. */
  summary: string;
  /** How long it takes a learner who has read its lessons: an estimate. */
  minutes: number;
  /** What the learner hands in, by file name. Anything else in the folder makes the submission invalid. */
  files: Record<string, { description: string; maxBytes?: number | undefined }>;
  needs: Needs;
  /** The stage of a project that it builds on, '<chapter>/<name>': see stages.ts. */
  follows?: string | undefined;
  /** In the order in which they are judged. */
  checks: Check[];
  /** The starter must fail at this check, and why. */
  starter: { fails: string; because: string };
  /** Mistake below wrong/, a folder or a patch of the solution -> the misconception, and the check that must catch it. */
  wrong: Record<string, { fails: string; misconception: string }>;
  /** Right solutions of another way below also/, folders or patches -> what is different about them. They must pass. */
  also?: Record<string, string> | undefined;
}

export interface Needs {
  /** Oldest kernel, such as '5.10'. */
  kernel: string;
  /** Architectures, as `uname -m` says them; any if left out. */
  arch?: ('x86_64' | 'aarch64')[] | undefined;
  /** Kernel options that must be y or m, such as 'CONFIG_FTRACE_SYSCALLS'. */
  config?: string[] | undefined;
  /** Commands that must be on the machine, such as 'clang'. */
  tools?: string[] | undefined;
}

export interface Check {
  /** Lower case, digits and '-'; unique in its exercise. */
  id: string;
  title: string;
  stage: Stage;
  points: number;
  /** Checks that must pass first; the one above it by default. */
  after?: string[] | undefined;
  /**
   * What to do next, where the check fails and says nothing else itself; or several such sentences by name, one of which
   * the failure then names.
   */
  help?: string | Record<string, string> | undefined;
  /** From gentle to nearly the line to write. */
  hints: { nudge: string; concept: string; line: string };
  /** Why this is checked: for authors and teachers. */
  rationale: string;
  /** The shared check that it is (shared-checks.yaml), and what that one is told. */
  uses?: string | undefined;
  with?: Readonly<Record<string, unknown>> | undefined;
  /** What the machine must have beyond `needs`, looked at before the check runs. */
  given?: 'bpf-lsm' | undefined;
}

export interface LoadedExercise extends Exercise {
  /** '<chapter>/<name>' */
  id: string;
  /** Absolute path of its folder. */
  folder: string;
  /** Ids that it had before, the oldest first. */
  formerly?: readonly string[];
}

/** The id that an exercise was first published with: it stays the same whatever the exercise is called. */
export function stableIdOf({ id, formerly }: Pick<LoadedExercise, 'id' | 'formerly'>): string {
  return formerly?.[0] ?? id;
}
