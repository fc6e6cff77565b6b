/** Many submissions, dealt to jobs that run at the same time. Pure. */

export interface Task {
  /** submissions/<login>/<chapter>/<name> */
  folder: string;
  kernel: string;
  /** An estimate of how long it takes. */
  seconds: number;
}

/** One job of a matrix. */
export interface Job {
  /** Unique in its matrix, for names of jobs and files: '6.12-1'. */
  name: string;
  kernel: string;
  folders: string[];
}

export interface Matrix {
  include: Job[];
}

/** GitHub starts no more jobs than this of one matrix. */
export const mostJobs = 256;

/**
 * At most `shards` jobs a kernel, about equally long: the longest task first, each to the job that has least so far.
 * The same tasks give the same matrix.
 */
export function planMatrix(tasks: readonly Task[], shards: number): Matrix {
  const kernels = [...new Set(tasks.map(({ kernel }) => kernel))];
  return {
    include: kernels.flatMap((kernel) =>
      deal(
        tasks.filter((task) => task.kernel === kernel),
        shards,
      ),
    ),
  };
}

function deal(tasks: Task[], shards: number): Job[] {
  const piles = Array.from({ length: Math.min(shards, tasks.length) }, () => ({ seconds: 0, folders: [] as string[] }));
  const longestFirst = [...tasks].sort((a, b) => b.seconds - a.seconds || (a.folder < b.folder ? -1 : 1));
  for (const { folder, seconds } of longestFirst) {
    const least = piles.reduce((best, pile) => (pile.seconds < best.seconds ? pile : best));
    least.seconds += seconds;
    least.folders.push(folder);
  }
  const kernel = tasks[0]!.kernel;
  return piles.map(({ folders }, i) => ({ name: `${kernel}-${i + 1}`, kernel, folders: folders.sort() }));
}
