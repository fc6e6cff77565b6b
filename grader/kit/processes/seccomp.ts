/** The other end of environment/guest/filter.c: what the seccomp filters that a learner's program installs decide. */
import { z } from 'zod';
import { asLearner, bounds, inNamespaces } from '../guest/apart.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { parseLine } from '../guest/hostile.ts';
import type { Kit } from '../kit.ts';

export interface Call {
  /** 'try' makes the call; 'ask' only asks the filters, and nothing happens. */
  mode: 'try' | 'ask';
  /** The way into the kernel; x32 calls are native, with bit 30 in `nr`. */
  arch: 'native' | 'i386';
  nr: number;
  /** Six at most, of 64 bits. */
  args: readonly bigint[];
}

/**
 * 'allowed': the filters let it pass (and the kernel then did what was asked, if tried).
 * 'impossible': this kernel has no such way in, so that nobody can come by it.
 */
export type Decision = 'allowed' | 'impossible' | { errno: number } | { signal: number };
export type Decided<C extends Call = Call> = C & { decision: Decision };

export interface Installed {
  /** Of the learner's program, which hands back what install_filter returns; -1 if a signal ended it. */
  code: number;
  signal: number;
  /** How many filters the kernel held for it at its end. */
  filters: number;
}

const about = z.object({
  code: z.int().min(-1).max(255),
  signal: z.int().min(0).max(64),
  filters: z.int().min(0).max(16),
});
const answer = z.object({
  ready: z.boolean(),
  over: z.boolean(),
  errno: z.int().min(0).max(4095),
  signal: z.int().min(0).max(64),
});

/** Below the learner's filters lies one of ours, with this answer to every call that they allow. */
const reached = 2999;
const sigsegv = 11;

/** Runs the program apart, without any capability, takes its filters from the kernel and puts the calls to them. */
export async function judgeFilters<C extends Call>(
  kit: Kit,
  program: string,
  calls: readonly C[],
): Promise<{ installed: Installed; decided: Decided<C>[] }> {
  const argv = inNamespaces([kit.toolkit.filter, ...asLearner([program], { mayGainPrivileges: true })]);
  const input = calls
    .map(
      ({ mode, arch, nr, args }) =>
        `${[mode, arch, nr.toString(16), ...Array.from({ length: 6 }, (_, i) => (args[i] ?? 0n).toString(16))].join(' ')}\n`,
    )
    .join('');
  const result = await kit.machine.run(argv, { ...bounds, timeoutMs: 60_000, input });
  if (result.timedOut || result.outOfMemory)
    throw new CheckFailure({
      text: `Your program ${result.timedOut ? 'did not end within a minute' : 'needed more than 256 MiB of memory'} and was stopped.`,
      expected: 'install_filter installs the filter and returns.',
      help: 'Look for a loop without an end.',
    });
  const [first = '', ...lines] = result.stdout.split('\n').slice(0, -1);
  if (result.code !== 0 || lines.length !== calls.length)
    throw new Error(
      `The filter tool answered ${lines.length} of ${calls.length} calls; code ${result.code}. ${result.stderr.slice(-500)}`,
    );
  return {
    installed: parseLine(first, about, 'The filter tool'),
    // A filter that ends one process after the other is not asked about the rest.
    decided: calls.flatMap((call, index) => {
      if (lines[index] === 'null') return [];
      return [{ ...call, decision: decisionOf(call, parseLine(lines[index]!, answer, 'The filter tool')) }];
    }),
  };
}

export function decisionOf({ mode, arch }: Call, { ready, over, errno, signal }: z.output<typeof answer>): Decision {
  if (!ready)
    throw new CheckFailure({
      text: 'Your program installs several filters, and an earlier one stops the call by which a later one is installed.',
      expected: 'Filters that let prctl and seccomp pass, as all calls that have nothing to do with packet sockets.',
      help: 'Let everything pass that is not to be denied.',
    });
  if (!over) return arch === 'i386' && signal === sigsegv ? 'impossible' : { signal };
  if (mode === 'ask') return errno === reached ? 'allowed' : { errno };
  return errno === 0 ? 'allowed' : { errno };
}

export function describeDecision(decision: Decision): string {
  if (decision === 'allowed') return 'it was allowed';
  if (decision === 'impossible') return 'this kernel has no such calls';
  return 'errno' in decision ? `error ${decision.errno}` : `the process was ended by signal ${decision.signal}`;
}
