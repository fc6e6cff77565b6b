/** What an exercise is: the shape that content/exercises/<chapter>/<name>/exercise.ts default-exports. */
import type { Kit } from '../checks/kit.ts';
import type { Stage } from '../verdict/result.ts';

export interface Exercise {
  title: string;
  /** One sentence for lists. */
  summary: string;
  /** What the learner hands in, by file name. Anything else in the folder makes the submission invalid. */
  files: Record<string, { description: string; maxBytes?: number }>;
  needs: Needs;
  checks: Check[];
  /** The starter must fail at this check, and why. */
  starter: { fails: string; because: string };
  /** Folder below wrong/ -> the misconception and the check that must catch it. */
  wrong: Record<string, { fails: string; misconception: string }>;
}

export interface Needs {
  /** Oldest kernel, such as '5.10'. */
  kernel: string;
  /** Kernel options that must be y or m, such as 'CONFIG_FTRACE_SYSCALLS'. */
  config?: string[];
  /** Commands that must be on the machine, such as 'clang'. */
  tools?: string[];
}

export interface Check {
  /** Lower case, digits and '-'; unique in its exercise. */
  id: string;
  title: string;
  stage: Stage;
  points: number;
  /** Checks that must pass first; the one above it by default. */
  after?: string[];
  /** From gentle to nearly the line to write. */
  hints: { nudge: string; concept: string; line: string };
  /** Why this is checked: for authors and teachers. */
  rationale: string;
  run(kit: Kit): Promise<void>;
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

export function defineExercise(exercise: Exercise): Exercise {
  return exercise;
}
