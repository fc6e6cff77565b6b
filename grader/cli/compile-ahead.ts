/** Compiles what is going to be graded, so that each grading finds its objects: for `grade verify`, which has many submissions at once. */
import type { Submission } from '../course/submission.ts';
import { ObjectFolder, type ObjectStore } from '../machine/object-store.ts';
import { CompileGuest } from './compile-guest.ts';
import type { Machines } from './machines.ts';

export interface AheadOptions {
  machines: Pick<Machines, 'open' | 'release'>;
  /** Those of one author or learner: one that takes over clang could spoil the objects of the next. */
  submissions: readonly Pick<Submission, 'files'>[];
  /** The same as for their gradings; by default the cache, as there. */
  objects?: ObjectStore;
  /** Asked before each compile: whether to leave the rest. */
  interrupted?: () => boolean;
}

/**
 * Compiles each BPF program (`*.bpf.c`) of the submissions, one after another in one guest, bounded as any compile is. Under emulation
 * that takes less time than a guest each: clang's instructions are translated once. On `--machine host`, which keeps no objects,
 * nothing is done. A guest that is lost, or a compile that ends by its bounds, keeps nothing of that compile: the grading does it
 * again, and says what is wrong. Rejects if no machine could be had.
 */
export async function compileAhead({
  machines,
  submissions,
  objects = new ObjectFolder(),
  interrupted = () => false,
}: AheadOptions): Promise<void> {
  const guest = new CompileGuest(machines, objects);
  try {
    for (const { files } of submissions) {
      if (interrupted()) return;
      await guest.compile(files);
    }
  } finally {
    await guest.close();
  }
}
