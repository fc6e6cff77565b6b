/** clang for BPF, as the grader calls it: its own flags, an unprivileged user, and bounds. */
import type { Machine, RunOptions, RunResult } from '../machine/machine.ts';
import { CheckFailure } from './failure.ts';
import type { Toolkit } from './toolkit.ts';

/** nobody: reads the submission and the headers, writes to the build folder, and nothing else. */
export const compilerUid = 65534;
export const compileSeconds = 60;

const architectures: Record<string, { target: string; triple: string }> = {
  x86_64: { target: 'x86', triple: 'x86_64-linux-gnu' },
  aarch64: { target: 'arm64', triple: 'aarch64-linux-gnu' },
};

/** Below a kit's folder, where compilers write; it is theirs. */
export function buildFolder(folder: string): string {
  return `${folder}/build`;
}

/** Once a folder, and ahead: to start any process takes a guest that was just restored a third of a second under emulation. */
export async function makeBuildFolder(machine: Machine, folder: string): Promise<void> {
  const { code, stderr } = await machine.run(['install', '-d', '-o', `${compilerUid}`, '-g', `${compilerUid}`, buildFolder(folder)]);
  if (code !== 0) throw new Error(`The build folder cannot be made: ${stderr.slice(0, 500)}`);
}

/** The flags of every compile. The module of vmlinux.h must be made with the very same ones. */
export function compileFlags(arch: string, headers: string): string[] {
  const known = architectures[arch];
  if (!known) throw new Error(`No compiler flags are known for the architecture '${arch}'.`);
  return [
    '-g', '-O2', '-target', 'bpf', `-D__TARGET_ARCH_${known.target}`, '-mcpu=v3', '-Wall', '-Werror=implicit-function-declaration',
    '-I', headers,
    // <linux/bpf.h> needs <asm/types.h>, which Debian keeps here
    '-idirafter', `/usr/include/${known.triple}`,
  ];
}

/**
 * An #include "vmlinux.h" takes the types from the ready-made module instead of three megabytes of text; a file without it does not
 * see the module. (A precompiled header is seen by every file: it breaks those that include <linux/bpf.h> instead,
 * and hides a forgotten #include.) No other module is looked for, and none is made on the way.
 */
export function moduleFlags(toolkit: Toolkit): string[] {
  return [
    '-fmodules', '-fno-implicit-modules', '-fno-implicit-module-maps',
    `-fmodule-map-file=${toolkit.headers}/module.modulemap`, `-fmodule-file=vmlinux=${toolkit.module}`,
    // Else a module leaves an empty section .linker-options in the object, which libbpf mentions each time.
    '-fno-autolink',
  ];
}

const bounds: RunOptions = {
  uid: compilerUid,
  cpuSeconds: compileSeconds + 1,
  memoryBytes: 768 * 2 ** 20,
  maxProcesses: 16,
  maxFileBytes: 16 * 2 ** 20,
  maxOutputBytes: 256 * 2 ** 10,
};

/** Has a clang, bounded as for any compile, wait in the machine's copies with all done that comes before main(): environment/guest/waiting.c. */
export async function keepCompilerWaiting(machine: Machine, toolkit: Toolkit): Promise<void> {
  const compiler = machine.startWaiting?.(['env', `LD_PRELOAD=${toolkit.waiting}`, 'LD_BIND_NOW=1', 'clang'], bounds);
  const said = await compiler?.line(compileSeconds * 1000);
  if (said !== undefined && said !== 'ready') throw new Error(`clang does not wait on the machine: ${said ?? (await compiler!.done).stderr.slice(0, 500)}`);
}

/** The clang that waits, if there is one still: the first compile in a guest. It does what any other would. */
function compileWaiting(machine: Machine, folder: string, args: readonly string[]): Promise<RunResult> | undefined {
  const compiler = machine.takeWaiting?.(compileSeconds * 1000);
  if (!compiler) return undefined;
  const work = Buffer.from([folder, ...args].map((text) => `${text}\0`).join(''));
  compiler.write(Buffer.concat([Buffer.from(work.length.toString(16).padStart(8, '0')), work]));
  compiler.end();
  return compiler.done;
}

/** Runs clang in `folder`, so that messages name the learner's files as the learner does. */
export async function compile(machine: Machine, toolkit: Toolkit, folder: string, file: string, object: string): Promise<RunResult> {
  const args = [...compileFlags(machine.info.arch, toolkit.headers), ...moduleFlags(toolkit), '-fno-crash-diagnostics', '-c', file, '-o', object];
  const result = await (compileWaiting(machine, folder, args) ?? machine.run(['clang', ...args], { ...bounds, cwd: folder, timeoutMs: compileSeconds * 1000 }));
  if (result.code === 126 || result.code === 127) throw new Error(`clang does not start on the machine: ${result.stderr.slice(0, 500)}`);
  return result;
}

/** An end of clang by one of its bounds; its messages would not tell. */
export function refuseOverrun(result: RunResult, file: string): void {
  const sigkill = 9;
  const sigxcpu = 24;
  const sigxfsz = 25;
  // clang may catch the signal, and end with the shell's code for it.
  const endedBy = (signal: number) => result.signal === signal || result.code === 128 + signal;
  if (!result.outOfMemory && (result.timedOut || endedBy(sigxcpu) || endedBy(sigkill)))
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
