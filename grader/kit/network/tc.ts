/** A learner's own tc commands, on the right end of a pair and away from everything else, and what they have attached there. */
import { z } from 'zod';
import type { Machine, RunResult } from '../../machine/machine.ts';
import { compilerUid } from '../guest/compiler.ts';
import type { Pair } from './net.ts';

/**
 * `tc -batch` can start other programs (`exec`), so it runs as nobody, in the pair's network and in PID and mount
 * namespaces of its own, with no more than it takes to attach a BPF program. tc wants a BPF file system of its own.
 */
const script = `
  batch=$1 folder=$2
  mount -t bpf -o mode=0777 bpf /sys/fs/bpf
  cd "$folder"
  caps=-all,+net_admin,+bpf,+perfmon
  exec setpriv --reuid ${compilerUid} --regid ${compilerUid} --clear-groups --no-new-privs --bounding-set "$caps" --inh-caps "$caps" --ambient-caps "$caps" -- tc -batch "$batch"`;

/** Runs a file of tc commands (without the word tc), with `folder` as the place where it finds objects. */
export async function runTc(machine: Machine, pair: Pair, batch: string, folder: string): Promise<RunResult> {
  const apart = [
    'nsenter',
    `--net=${pair.namespace}`,
    'unshare',
    '--pid',
    '--fork',
    '--mount',
    '--mount-proc',
    '--ipc',
    '--kill-child',
  ];
  return machine.run([...apart, 'sh', '-ec', script, 'sh', batch, folder], {
    timeoutMs: 30_000,
    memoryBytes: 256 * 2 ** 20,
    maxProcesses: 16,
    maxFileBytes: 2 ** 20,
    maxOutputBytes: 64 * 2 ** 10,
  });
}

export interface Filters {
  /** By the kernel's list: 'bpf', 'flower', … */
  kinds: string[];
  /** Programs that the filters run; `runs` only if the kernel counts them (kit.bpf.countRuns). */
  programs: { id: number; runs: number }[];
}

const id = z.int().min(0);
const filters = z
  .array(z.object({ kind: z.string().max(64), options: z.object({ prog: z.object({ id }).optional() }).optional() }))
  .max(4096);
const programs = z.array(z.object({ id, run_cnt: z.int().min(0).default(0) })).max(4096);

/** What hangs at eth0 of the pair's right end, coming in and going out, as the kernel tells it. */
export async function filtersOf(machine: Machine, pair: Pair): Promise<Filters> {
  const script = `
    bpftool -j prog show; echo
    for way in ingress egress; do tc -j filter show dev eth0 $way 2>/dev/null || :; echo; done`;
  const result = await machine.run(['nsenter', `--net=${pair.namespace}`, 'sh', '-c', script], {
    timeoutMs: 60_000,
    maxOutputBytes: 2 ** 20,
  });
  try {
    const [known = '[]', ...lists] = result.stdout.split('\n').filter((line) => line.trim());
    const runs = new Map(programs.parse(JSON.parse(known)).map((program) => [program.id, program.run_cnt]));
    const found = lists.flatMap((list) => filters.parse(JSON.parse(list)));
    const ids = new Set(found.flatMap(({ options }) => options?.prog?.id ?? []));
    return {
      kinds: [...new Set(found.map(({ kind }) => kind))],
      programs: [...ids].map((id) => ({ id, runs: runs.get(id) ?? 0 })),
    };
  } catch (error) {
    throw new Error(`The filters of eth0 cannot be listed: ${(error as Error).message} ${result.stderr.slice(0, 500)}`);
  }
}
