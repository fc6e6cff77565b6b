/** A learner's Go program for user space, compiled by the grader: as a user who owns nothing, and in bounds. Runs as C programs do: Apart. */
import { locate } from '../../explain/source.ts';
import { plain } from '../../verdict/text.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { compilerUid, refuseOverrun } from '../guest/compiler.ts';
import { compiledAhead } from '../go/go.ts';
import type { Kit } from '../kit.ts';

/** Linking takes a guest under emulation its time: all of the program and its libraries is read. */
const seconds = 120;

/** No `go build`, which looks through all of the library first. Nothing of another module can be had: there is no network. */
const script = `
set -e
program=$1 importcfg=$2; shift 2
[ -e "$importcfg" ] || { echo 'no libraries are compiled ahead' >&2; exit 120; }
export GOTOOLCHAIN=local GOMAXPROCS=2 HOME=/nonexistent
go tool compile -p main -complete -importcfg "$importcfg" -o "$program.a" "$@"
exec go tool link -s -w -importcfg "$importcfg" -o "$program" "$program.a"`;

/**
 * The path of the executable on the machine, made of one package's files. It may import what environment/go-imports.txt names: Go's own
 * library for programs like these, golang.org/x/sys/unix and github.com/cilium/ebpf with link, ringbuf, perf and rlimit.
 * CheckFailure with the compiler's first error.
 *
 * ```ts
 * const program = await compileGo(kit, ['main.go']);
 * const user = new Apart(kit.machine, [program, object], { capabilities: ['bpf', 'perfmon'] });
 * ```
 */
export async function compileGo(kit: Kit, files: readonly string[]): Promise<string> {
  const program = `${kit.build}/${files[0]!.replace(/\.go$/, '').replaceAll('/', '-')}`;
  const result = await kit.machine.run(['sh', '-c', script, 'sh', program, compiledAhead, ...files], {
    cwd: await kit.submission.place(),
    uid: compilerUid,
    timeoutMs: seconds * 1000,
    memoryBytes: 1024 * 2 ** 20,
    maxProcesses: 64,
    maxFileBytes: 32 * 2 ** 20,
    maxOutputBytes: 256 * 2 ** 10,
  });
  if (result.code === 120 || result.code === 126 || result.code === 127)
    throw new Error(`Go programs cannot be compiled on the machine: ${result.stderr.slice(0, 500)}`);
  refuseOverrun(result, files[0]!);
  if (result.code !== 0)
    throw new CheckFailure({
      ...explainGo(result.stderr + result.stdout, kit.submission.sources),
      wholeLog: result.stderr + result.stdout,
    });
  return program;
}

/** The first error, at the learner's line if it names one. */
export function explainGo(
  output: string,
  sources: ReadonlyMap<string, string>,
): { text: string; actual: string; help: string; location?: NonNullable<ReturnType<typeof locate>> } {
  const text = plain(output);
  const error = /^(\S+?\.go):(\d+)(?::(\d+))?: (.*)$/m.exec(text);
  const location = error && locate(sources, error[1]!, Number(error[2]), Number(error[3] ?? 0));
  const missing = /could not import (\S+)/.exec(text)?.[1];
  return {
    text: missing
      ? `The program imports ${missing.slice(0, 200)}, which the machine does not have.`
      : 'Go cannot compile this.',
    actual: (error?.[4] ?? text.trim().split('\n')[0] ?? '').slice(0, 2000) || 'The compiler said nothing.',
    help: missing
      ? 'Use the packages that the task names: no others can be fetched, for the machine has no network.'
      : 'Read the first error only: those after it often follow from it.',
    ...(location && { location }),
  };
}
