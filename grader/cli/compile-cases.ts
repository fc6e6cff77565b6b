/** Compiles the programs of an exercise's cases in one guest, so that each case, in a guest of its own, only loads. */
import { readCase } from '../course/mistakes.ts';
import type { Case } from './cases.ts';
import { compileAhead } from './compile-ahead.ts';
import type { Machines } from './machines.ts';

export interface CompileCasesOptions {
  /** The repository. */
  root: string;
  /** Of one exercise. */
  cases: readonly Case[];
  machines: Machines;
  interrupted?: () => boolean;
}

/** What cannot be read is left for its case to say. Rejects if no machine could be had. */
export async function compileCases({ root, cases, machines, interrupted }: CompileCasesOptions): Promise<void> {
  const read = await Promise.all(cases.map(({ exercise, name }) => readCase(root, exercise, name)));
  const submissions = read.flatMap((one) => ('submission' in one ? [one.submission] : []));
  await compileAhead({ machines, submissions, ...(interrupted && { interrupted }) });
}
