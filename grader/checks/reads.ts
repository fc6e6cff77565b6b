/** The other end of environment/guest/reader.c: processes whose reads are known. */
import { z } from 'zod';
import { parseLine } from './hostile.ts';
import type { Kit } from './kit.ts';

/** Reads that fail, and their errno. */
export const failures = { directory: 21, 'empty-pipe': 11, address: 14, 'write-only': 9 } as const;
export type Step = number | keyof typeof failures;

export interface ReaderPlan {
  /** Name of the process, at most 15 bytes. */
  name: string;
  /** A number of bytes up to 65536, or a way to fail. */
  steps: Step[];
}

const line = z.object({ pid: z.int().min(1), results: z.array(z.int()).max(256) });

/** Each process one after the other. Throws if a read did not end as planned. */
export async function performReads({ machine, toolkit }: Kit, plans: readonly ReaderPlan[]): Promise<void> {
  const input = plans.map(({ name, steps }) => `${[name, ...steps].join(' ')}\n`).join('');
  const result = await machine.run([toolkit.reader], { input, timeoutMs: 60_000 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.code !== 0 || lines.length !== plans.length) throw new Error(`The reader ended with code ${result.code}: ${result.stderr.slice(0, 500)}`);
  plans.forEach(({ steps }, index) => {
    const { results } = parseLine(lines[index]!, line, 'The reader');
    const planned = steps.map((step) => (typeof step === 'number' ? step : -failures[step]));
    if (planned.join() !== results.join()) throw new Error(`The reads ${planned.join()} ended as ${results.join()}.`);
  });
}
