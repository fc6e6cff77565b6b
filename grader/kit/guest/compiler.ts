/** clang for BPF, as the grader calls it: its own flags, an unprivileged user, and bounds. */
import type { Machine, RunOptions, RunResult } from '../../machine/machine.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { compileFlags } from './compile-flags.ts';
import { Resident } from './resident.ts';
import type { Toolkit } from './toolkit.ts';

/** nobody: reads the submission and the headers, writes to the build folder, and nothing else. */
export const compilerUid = 65534;
/** Of the machine's time: ten times what clang needs for a large program under emulation. */
export const compileSeconds = 30;

/** Below a kit's folder, where compilers write; it is theirs. */
export function buildFolder(folder: string): string {
  return `${folder}/build`;
}

/** Below a kit's folder, where the submission's files lie. */
export function submissionFolder(folder: string): string {
  return `${folder}/submission`;
}

/** Where the object of a file of the submission is made. */
export function objectPath(folder: string, file: string): string {
  return `${buildFolder(folder)}/${file.replace(/\.c$/, '').replaceAll('/', '-')}.o`;
}

/** Once a folder, and ahead: to start any process takes a guest that was just restored a third of a second under emulation. */
export async function makeBuildFolder(machine: Machine, folder: string): Promise<void> {
  const { code, stderr } = await machine.run([
    'install',
    '-d',
    '-o',
    `${compilerUid}`,
    '-g',
    `${compilerUid}`,
    buildFolder(folder),
  ]);
  if (code !== 0) throw new Error(`The build folder cannot be made: ${stderr.slice(0, 500)}`);
}

/**
 * An #include "vmlinux.h" takes the types from the ready-made module instead of three megabytes of text; a file without it does not
 * see the module. (A precompiled header is seen by every file: it breaks those that include <linux/bpf.h> instead,
 * and hides a forgotten #include.) No other module is looked for, and none is made on the way.
 */
export function moduleFlags(toolkit: Toolkit): string[] {
  return [
    '-fmodules',
    '-fno-implicit-modules',
    '-fno-implicit-module-maps',
    `-fmodule-map-file=${toolkit.headers}/module.modulemap`,
    `-fmodule-file=vmlinux=${toolkit.module}`,
    // Else a module leaves an empty section .linker-options in the object, which libbpf mentions each time.
    '-fno-autolink',
  ];
}

const bounds: RunOptions = {
  uid: compilerUid,
  memoryBytes: 768 * 2 ** 20,
  maxProcesses: 16,
  maxFileBytes: 16 * 2 ** 20,
  maxOutputBytes: 256 * 2 ** 10,
};

/** clang with all done that comes before main(), bounded as for any compile: environment/guest/resident.c. */
const residentClang = (toolkit: Toolkit) => ['env', `LD_PRELOAD=${toolkit.resident}`, 'LD_BIND_NOW=1', 'clang'];

/** A resident one may answer for many compiles, each with its own bound of what it may say. */
const residentBounds: RunOptions = { ...bounds, maxOutputBytes: 2 ** 30 };

/** Has a clang wait in the machine's copies. */
export async function keepCompilerWaiting(machine: Machine, toolkit: Toolkit): Promise<void> {
  const process = machine.startWaiting?.(residentClang(toolkit), residentBounds);
  if (process) await new Resident(machine, process).ready(compileSeconds * 1000);
}

/** The clang that waits on a machine, once it was taken up. */
const residents = new WeakMap<Machine, Resident>();

/** How often a clang was started, or taken up, on a machine. */
const compilers = new WeakMap<Machine, number>();

function countCompiler(machine: Machine): void {
  compilers.set(machine, (compilers.get(machine) ?? 0) + 1);
}

/** Whether this is a copy of a saved state in which nothing but clang has run since: no program of a learner's, and none was loaded. */
export function hasOnlyCompiled(machine: Machine): boolean {
  return machine.commandsStarted === (compilers.get(machine) ?? 0);
}

/** The clang that waits, unless it has ended. */
function residentOn(machine: Machine): Resident | undefined {
  let resident = residents.get(machine);
  if (!resident) {
    const process = machine.takeWaiting?.();
    if (!process) return undefined;
    countCompiler(machine);
    residents.set(machine, (resident = new Resident(machine, process)));
  }
  return resident.ended ? undefined : resident;
}

/** Ends the compile that runs on the machine now, if the clang that waits there runs it. */
export function interruptCompile(machine: Machine): void {
  const resident = residents.get(machine);
  if (resident && !resident.ended) resident.interrupt();
}

/** Of every compile, before the names of its files. */
export function compilerArguments(machine: Machine, toolkit: Toolkit): string[] {
  return [...compileFlags(machine.info.arch, toolkit.headers), ...moduleFlags(toolkit), '-fno-crash-diagnostics'];
}

/**
 * Runs clang in `folder`, so that messages name the learner's files as the learner does. Nothing that it has started is left when
 * this resolves, unless `more` is to be compiled on this machine, and nothing else to be run.
 */
export async function compile(
  machine: Machine,
  toolkit: Toolkit,
  folder: string,
  file: string,
  object: string,
  { more = false } = {},
): Promise<RunResult> {
  const args = [...compilerArguments(machine, toolkit), '-c', file, '-o', object];
  const timeoutMs = compileSeconds * 1000;
  const resident = residentOn(machine);
  if (resident) {
    const result = await resident.run(folder, args, timeoutMs);
    // Another compile may have been asked for meanwhile: the last one ends it.
    if (!more && resident.idle && !resident.ended) await resident.end();
    return result;
  }
  countCompiler(machine);
  const result = await machine.run(['clang', ...args], { ...bounds, cwd: folder, timeoutMs });
  if (result.code === 126 || result.code === 127)
    throw new Error(`clang does not start on the machine: ${result.stderr.slice(0, 500)}`);
  return result;
}

/** An end of clang by one of its bounds; its messages would not tell. */
export function refuseOverrun(result: RunResult, file: string): void {
  const sigkill = 9;
  const sigxfsz = 25;
  // clang may catch the signal, and end with the shell's code for it.
  const endedBy = (signal: number) => result.signal === signal || result.code === 128 + signal;
  if (!result.outOfMemory && (result.timedOut || endedBy(sigkill)))
    throw new CheckFailure({
      text: `Compiling ${file} took more than ${compileSeconds} seconds and was stopped.`,
      expected: 'A file of this size compiles within a second or two.',
      help: 'Look for a macro or an #include that repeats itself, or a loop that is unrolled very many times.',
      wholeLog: result.stderr,
    });
  if (result.outOfMemory || endedBy(sigxfsz))
    throw new CheckFailure({
      text: `Compiling ${file} needed more ${result.outOfMemory ? 'memory than 768 MiB' : 'room than 16 MiB for the object'} and was stopped.`,
      help: 'Look for a very large array, a macro or an #include that repeats itself.',
      wholeLog: result.stderr,
    });
}
