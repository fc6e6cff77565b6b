/**
 * What became of mutants before, kept in .grade/mutants/, so that `grade verify --mutate --changed` grades only those whose outcome can be
 * another now. It holds as long as the digest of all that a verification rests on (grader/course/basis.ts).
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../course/write-whole.ts';
import { readCached } from '../machine/cache.ts';
import type { JudgedMutant } from '../mutation/outcome.ts';

const judgedSchema = z.object({
  outcome: z.enum(['killed', 'invalid', 'survived']),
  about: z.string(),
  seed: z.string(),
});
const fileSchema = z.object({ basis: z.string(), seeds: z.number(), mutants: z.record(z.string(), judgedSchema) });

type Known = z.infer<typeof judgedSchema>;

export class KnownMutants {
  readonly #path: string;
  readonly #file: z.infer<typeof fileSchema>;
  readonly #mayUse: boolean;
  #writing = Promise.resolve();

  private constructor(path: string, file: z.infer<typeof fileSchema>, mayUse: boolean) {
    this.#path = path;
    this.#file = file;
    this.#mayUse = mayUse;
  }

  /**
   * Those of an exercise. `id`: 'maps/per-cpu'. `basis`: what their outcomes rest on. `seeds`: with how many workloads a mutant is graded.
   * Without `mayUse` none is found, but what is judged is kept. Where another basis or fewer workloads were kept, it begins empty.
   */
  static async of(root: string, id: string, now: { basis: string; seeds: number; mayUse: boolean }) {
    const path = join(root, '.grade/mutants', `${id.replaceAll('/', '.')}.json`);
    const kept = await readCached(path, fileSchema);
    const holds = kept !== undefined && kept.basis === now.basis && kept.seeds >= now.seeds;
    const file = holds ? kept : { basis: now.basis, seeds: now.seeds, mutants: {} };
    return new KnownMutants(path, file, now.mayUse);
  }

  find(id: string): Known | undefined {
    return this.#mayUse ? this.#file.mutants[id] : undefined;
  }

  /** One that was graded; another outcome, such as an error, is not kept. */
  async keep({ mutant, outcome, about, seed }: JudgedMutant): Promise<void> {
    const known = judgedSchema.safeParse({ outcome, about, seed });
    if (!known.success) return;
    this.#file.mutants[mutant.id] = known.data;
    await (this.#writing = this.#writing.then(() => this.#write()));
  }

  async #write(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    await writeWhole(this.#path, JSON.stringify(this.#file));
  }
}
