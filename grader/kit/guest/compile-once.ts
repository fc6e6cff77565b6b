/** A compile whose end is kept, so that the same source need not be compiled again: clang takes most of a verdict's time. */
import { createHash } from 'node:crypto';
import type { Machine, RunResult } from '../../machine/machine.ts';
import type { Compiled, ObjectStore } from '../../machine/object-store.ts';
import { compile, compilerArguments, hasOnlyCompiled } from './compiler.ts';
import type { Toolkit } from './toolkit.ts';

export interface Compile {
  machine: Machine;
  toolkit: Toolkit;
  /** Where `files` were put on the machine; the object names it, and clang reads there the lines that it puts into BTF. */
  folder: string;
  /** Which of them to compile. */
  file: string;
  /** The path of the object. */
  object: string;
  /** More is to be compiled on this machine, and nothing else to be run. */
  more?: boolean;
}

/**
 * As `compile`, or what it was for the same files: then the object comes from the store. Only copies of a saved state share what
 * they made, and only as long as nothing but clang has run on them: what a learner's program may have had its hands on is never kept.
 */
export async function compileOnce(
  { machine, toolkit, folder, file, object, more = false }: Compile,
  files: ReadonlyMap<string, Uint8Array>,
  objects: ObjectStore | undefined,
): Promise<RunResult> {
  const key = objects && keyOf(machine, toolkit, folder, file, files);
  if (!objects || !key) return compile(machine, toolkit, folder, file, object, { more });

  const known = await objects.find(key);
  if (known) {
    if (known.object && !more) await machine.put(object, known.object);
    return resultOf(known);
  }
  const before = hasOnlyCompiled(machine);
  const result = await compile(machine, toolkit, folder, file, object, { more });
  if (before && hasOnlyCompiled(machine) && isLasting(result)) {
    const made = result.code === 0 ? await machine.get(object, maxObjectBytes) : null;
    await objects.keep(key, { object: made, stderr: result.stderr });
  }
  return result;
}

/** As large as clang may write it (compiler.ts). */
const maxObjectBytes = 16 * 2 ** 20;

/** All that an object depends on; undefined where nobody knows that. A saved state's name stands for kernel, headers and clang. */
function keyOf(
  machine: Machine,
  toolkit: Toolkit,
  folder: string,
  file: string,
  files: ReadonlyMap<string, Uint8Array>,
): string | undefined {
  if (machine.copyOf === undefined) return undefined;
  const hash = createHash('sha256');
  const add = (part: string | Uint8Array) => hash.update(`${Buffer.byteLength(part)}:`).update(part);
  for (const part of [machine.copyOf, machine.info.arch, folder, file, ...compilerArguments(machine, toolkit)])
    add(part);
  for (const name of [...files.keys()].sort()) {
    add(name);
    add(files.get(name)!);
  }
  return hash.digest('hex');
}

/** Done, or refused because of the source: an end that any compile of it comes to, whatever else the guest has to do. */
function isLasting({ code, signal, timedOut, outOfMemory, truncated, stderr }: RunResult): boolean {
  if (signal !== 0 || timedOut || outOfMemory || truncated) return false;
  return code === 0 || (code === 1 && /^[^\n:]+:\d+:\d+: (?:fatal )?error: /m.test(stderr));
}

function resultOf({ object, stderr }: Compiled): RunResult {
  return {
    code: object ? 0 : 1,
    signal: 0,
    stdout: '',
    stderr,
    timedOut: false,
    truncated: false,
    outOfMemory: false,
    wallMs: 0,
    cpuMs: 0,
  };
}
