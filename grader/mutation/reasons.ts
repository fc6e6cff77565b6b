/** mutants.yaml beside exercise.ts: mutants that no check has to tell from the solution, and the reason. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Mutant } from './mutant.ts';

export const reasonsFile = 'mutants.yaml';

/** Mutants that live for the same reason stand together. */
const reasonsSchema = z
  .array(
    z.strictObject({
      reason: z.string().trim().min(20, 'must be a sentence').max(1000),
      /** Id -> what it is, for whoever reads the file. */
      mutants: z.record(z.string().max(100), z.string().max(1000)),
    }),
  )
  .nullable();

/** Id -> reason; none if there is no such file. Throws what is wrong with one that cannot be read. */
export async function readReasons(folder: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, reasonsFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const groups = reasonsSchema.parse(parse(text)) ?? [];
  return new Map(groups.flatMap(({ reason, mutants }) => Object.keys(mutants).map((id) => [id, reason] as const)));
}

/** As it is written there: 'count.bpf.c: BPF_ANY -> BPF_NOEXIST'. */
export function lineOf({ file, was, is, before }: Pick<Mutant, 'file' | 'was' | 'is' | 'before'>): string {
  const context = before === was ? '' : `  in  ${before}`;
  return `${file}: ${was || 'nothing'} -> ${is || 'nothing'}${context}`;
}
