/**
 * What a compiler says of mutants before, or after, they are graded: that it refuses one, or makes of it what it makes of the solution.
 * They are compiled in one guest, one after another; nothing is loaded there. Objects of BPF programs are kept for their grading.
 */
import { createHash, randomUUID } from 'node:crypto';
import { buildFolder, compilerUid, compileSeconds, submissionFolder } from '../kit/guest/compiler.ts';
import { compileOnce } from '../kit/guest/compile-once.ts';
import { toolkitAt } from '../kit/guest/toolkit.ts';
import { ObjectFolder, type ObjectStore } from '../machine/object-store.ts';
import type { Mutant } from '../mutation/mutant.ts';
import { digestOfObject } from '../mutation/object.ts';
import type { Machines, OpenMachine } from './machines.ts';

export type Compiled = 'equivalent' | 'same' | 'invalid' | 'other';

export interface SieveOptions {
  solution: ReadonlyMap<string, string>;
  /** Those of C files only are compiled. */
  mutants: readonly Mutant[];
  machines: Pick<Machines, 'open' | 'release'>;
  /** Called before each compile with how many were done; false leaves the rest. */
  onCompile?: (done: number) => boolean;
  objects?: ObjectStore;
}

/** By id; 'same' as an earlier mutant. What is not in it was not compiled. */
export async function sieve({
  solution,
  mutants,
  machines,
  onCompile = () => true,
  objects = new ObjectFolder(),
}: SieveOptions): Promise<Map<string, Compiled>> {
  const found = new Map<string, Compiled>();
  const files = [...new Set(mutants.map(({ file }) => file))].filter((file) => file.endsWith('.c'));
  if (files.length === 0) return found;
  const open = await machines.open();
  try {
    for (const [name, text] of solution) await open.machine.put(`${submissionFolder(open.folder)}/${name}`, text);
    for (const file of files) {
      const earlier = new Map<string | undefined, Compiled>([[undefined, 'invalid']]);
      earlier.set(await digestOf(open, file, solution, objects), 'equivalent');
      for (const { id, text } of mutants.filter((mutant) => mutant.file === file)) {
        if (!onCompile(found.size)) return found;
        const digest = await digestOf(open, file, new Map(solution).set(file, text), objects);
        found.set(id, earlier.get(digest) ?? 'other');
        if (!earlier.has(digest)) earlier.set(digest, 'same');
      }
      await open.machine.put(`${submissionFolder(open.folder)}/${file}`, solution.get(file)!);
    }
  } finally {
    await machines.release(open);
  }
  return found;
}

/** Of what the compiler makes of a file, without what only a debugger reads; undefined if it refuses. */
async function digestOf(
  { machine, toolkit, folder }: OpenMachine,
  file: string,
  texts: ReadonlyMap<string, string>,
  objects: ObjectStore,
): Promise<string | undefined> {
  const place = submissionFolder(folder);
  await machine.put(`${place}/${file}`, texts.get(file)!);
  if (file.endsWith('.bpf.c')) {
    const files = new Map<string, Uint8Array>([...texts].map(([name, text]) => [name, Buffer.from(text)]));
    const object = `${buildFolder(folder)}/${randomUUID()}.o`;
    // What is known from the store, or goes there, need not be read from the machine.
    let made: Uint8Array | null | undefined;
    const store: ObjectStore = {
      find: async (key) => {
        const known = await objects.find(key);
        made = known?.object;
        return known;
      },
      keep: (key, compiled) => {
        made = compiled.object;
        return objects.keep(key, compiled);
      },
    };
    const at = { machine, toolkit: toolkitAt(toolkit), folder: place, file, object, more: true };
    const { code, stderr } = await compileOnce(at, files, store);
    refuseOtherTrouble(code, stderr);
    return code === 0 ? digestOfObject(made ?? (await machine.get(object, 16 * 2 ** 20))) : undefined;
  }
  const object = `${buildFolder(folder)}/mutant.o`;
  // Without -g: the object would have the numbers of lines in it.
  const { code, stderr } = await machine.run(['gcc', '-O2', '-w', '-c', file, '-o', object], {
    cwd: place,
    uid: compilerUid,
    timeoutMs: compileSeconds * 1000,
  });
  refuseOtherTrouble(code, stderr);
  return code === 0
    ? createHash('sha256')
        .update(await machine.get(object, 16 * 2 ** 20))
        .digest('hex')
    : undefined;
}

/** A compiler that fails for another reason than the source says nothing about the mutant. */
function refuseOtherTrouble(code: number, stderr: string): void {
  if (code !== 0 && !/^[^\n:]+:\d+:\d+: (?:fatal )?error: /m.test(stderr))
    throw new Error(`A mutant could not be compiled, and not because of its text: ${stderr.slice(0, 500)}`);
}
