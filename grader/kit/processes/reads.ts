/** The other end of environment/guest/reader.c: processes whose reads are known. */
import { z } from 'zod';
import { parseLine } from '../guest/hostile.ts';
import type { Kit } from '../kit.ts';

/** Reads that fail, and their errno. */
export const failures = { directory: 21, 'empty-pipe': 11, address: 14, 'write-only': 9 } as const;
export type Step =
  | number
  | keyof typeof failures
  /** A thread that is not the process's first reads so many bytes. */
  | `thread:${number}`
  /** The same bytes by another system call than read. */
  | `${'pread' | 'readv' | 'preadv' | 'recv' | 'write'}:${number}`
  /** From here on it keeps to this CPU. */
  | `cpu:${number}`;

export interface ReaderPlan {
  /** Name of the process, at most 15 bytes. */
  name: string;
  /** At most 256: a number of bytes up to 2 MiB, or another thing to do. */
  steps: Step[];
}

const line = z.object({ pid: z.int().min(1), results: z.array(z.int()).max(256) });

/** Each process one after the other. Throws if a read did not end as planned. */
export async function performReads({ machine, toolkit }: Kit, plans: readonly ReaderPlan[]): Promise<void> {
  const input = plans.map(({ name, steps }) => `${[name, ...steps].join(' ')}\n`).join('');
  const result = await machine.run([toolkit.reader], { input, timeoutMs: 60_000 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.code !== 0 || lines.length !== plans.length)
    throw new Error(`The reader ended with code ${result.code}: ${result.stderr.slice(0, 500)}`);
  plans.forEach(({ steps }, index) => {
    const { results } = parseLine(lines[index]!, line, 'The reader');
    const planned = steps.map(resultOf);
    if (planned.join() !== results.join()) throw new Error(`The reads ${planned.join()} ended as ${results.join()}.`);
  });
}

function resultOf(step: Step): number {
  if (typeof step === 'number') return step;
  if (step in failures) return -failures[step as keyof typeof failures];
  return step.startsWith('cpu:') ? 0 : Number(step.split(':')[1]);
}

/** Of a step that is a call of read and succeeds, the bytes that it gets; null of any other. */
export function isRead(step: Step): number | null {
  if (typeof step === 'number') return step;
  return step.startsWith('thread:') ? Number(step.split(':')[1]) : null;
}
