/** A class hands in: how long GitHub's runners take for it, and what that costs, by how many submissions a job grades. Pure. */
import { planMatrix } from '../../../grader/github/shards.ts';
import type { Limits, Plan } from './limits.ts';

export interface Work {
  submissions: number;
  /** Seconds that a submission takes: what was measured. They are dealt out in turn. */
  seconds: readonly number[];
  /** Seconds of a job before it grades anything: checkout, packages, guest. */
  setUpSeconds: number;
}

export interface Outcome {
  /** Submissions in a job. */
  shard: number;
  jobs: number;
  /** From the first job's start to the last one's end, time spent waiting for a runner included. */
  wallSeconds: number;
  /** As they are billed. */
  minutes: number;
  /** In a private repository, with nothing of the month's minutes used. Public ones cost nothing. */
  dollars: number;
}

/** Undefined if a job would be ended, or a matrix cannot have so many. */
export function simulate(work: Work, shard: number, plan: Plan, limits: Limits): Outcome | undefined {
  const jobs = Math.ceil(work.submissions / shard);
  if (jobs > limits.matrixJobs) return undefined;
  const durations = jobSeconds(work, jobs);
  if (Math.max(...durations) > limits.jobSeconds) return undefined;
  const minutes = durations.reduce((sum, seconds) => sum + Math.ceil(seconds / 60), 0);
  return {
    shard,
    jobs,
    wallSeconds: lastEnd(durations, plan.jobs),
    minutes,
    dollars: Math.max(0, minutes - plan.minutes) * limits.dollarsPerMinute,
  };
}

/** Every shard size that makes another number of jobs. */
export function allOutcomes(work: Work, plan: Plan, limits: Limits): Outcome[] {
  const sizes = new Set<number>();
  for (let jobs = 1; jobs <= Math.min(limits.matrixJobs, work.submissions); jobs += 1)
    sizes.add(Math.ceil(work.submissions / jobs));
  return [...sizes].flatMap((size) => simulate(work, size, plan, limits) ?? []);
}

/** Of those that are done within a tenth of the shortest time, the one with the fewest minutes. Undefined if there is none. */
export function best(outcomes: readonly Outcome[]): Outcome | undefined {
  const soonest = Math.min(...outcomes.map(({ wallSeconds }) => wallSeconds));
  return outcomes
    .filter(({ wallSeconds }) => wallSeconds <= soonest * 1.1)
    .sort((a, b) => a.minutes - b.minutes || a.wallSeconds - b.wallSeconds || a.shard - b.shard)[0];
}

/** As `grade plan` deals them. */
function jobSeconds({ submissions, seconds, setUpSeconds }: Work, jobs: number): number[] {
  const times = new Map<string, number>(
    Array.from({ length: submissions }, (_, i) => [`submissions/${i}`, seconds[i % seconds.length]!]),
  );
  const tasks = [...times].map(([folder, took]) => ({ folder, kernel: '', seconds: took }));
  return planMatrix(tasks, jobs).include.map(({ folders }) =>
    folders.reduce((sum, folder) => sum + times.get(folder)!, setUpSeconds),
  );
}

/** Jobs start in order, each as soon as a runner is free. */
function lastEnd(durations: readonly number[], runners: number): number {
  const free = Array.from({ length: Math.min(runners, durations.length) }, () => 0);
  for (const seconds of durations) {
    const first = free.indexOf(Math.min(...free));
    free[first]! += seconds;
  }
  return Math.max(...free);
}
