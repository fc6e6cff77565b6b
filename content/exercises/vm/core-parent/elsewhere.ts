/** Loads an object as if the kernel were another one, which its BTF describes, and runs its program on tasks in memory of that shape. */
import { type Kit, quote } from '#kit';
import { z } from 'zod';
import type { MadeUp } from './kernels.ts';
import { runner } from './runner.ts';

export interface Elsewhere {
  kernel: MadeUp;
  /** What libbpf says if the program is not loaded; '' if it is. */
  refusal: string;
  rows: ReadonlyMap<number, { parent: bigint; state: bigint }>;
}

const line = z.object({
  refusal: z.string().max(400),
  rows: z
    .array(
      z.tuple([
        z
          .int()
          .min(0)
          .max(2 ** 32 - 1),
        z.string().regex(/^\d{1,20}$/),
        z.string().regex(/^\d{1,20}$/),
      ]),
    )
    .max(64),
});

/** `object`: its path on the machine. The program is see_exit, the map parents, in which every other task has a row before it ends. */
export async function runElsewhere(
  { machine, folder }: Kit,
  object: string,
  kernels: readonly MadeUp[],
): Promise<Elsewhere[]> {
  const path = `${folder}/elsewhere`;
  await machine.put(`${path}.c`, runner);
  const made = await machine.run(['gcc', '-o', path, `${path}.c`, '-lbpf'], { timeoutMs: 120_000 });
  if (made.code !== 0) throw new Error(`The runner does not compile: ${made.stderr.slice(0, 1000)}`);
  const plan: string[] = [];
  for (const [index, { btf, memory, pointers, ending }] of kernels.entries()) {
    await machine.put(`${path}.${index}.btf`, btf);
    await machine.put(`${path}.${index}.memory`, memory);
    const words = [...pointers.map(({ at, to }) => `${at}:${to}`), ...ending.map(({ at, pid }) => `${at}=${pid}`)];
    plan.push(`${path}.${index}.btf ${path}.${index}.memory ${words.join(' ')}\n`);
  }
  const run = await machine.run([path, object], { input: plan.join(''), timeoutMs: 120_000 });
  const lines = run.stdout.split('\n').slice(0, -1);
  if (run.code !== 0 || lines.length !== kernels.length)
    throw new Error(`The runner ended with ${run.signal ?? run.code}: ${run.stderr.slice(0, 1000)}`);
  return kernels.map((kernel, index) => {
    const { refusal, rows } = read(lines[index]!);
    return {
      kernel,
      refusal,
      rows: new Map(rows.map(([pid, parent, state]) => [pid, { parent: BigInt(parent), state: BigInt(state) }])),
    };
  });
}

function read(text: string): z.output<typeof line> {
  const parsed = line.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`The runner answered out of shape: ${quote(text)}`);
  return parsed.data;
}
