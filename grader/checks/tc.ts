/** A learner's own tc commands, on the right end of a pair and away from everything else. */
import type { Machine, RunResult } from '../machine/machine.ts';
import { compilerUid } from './compiler.ts';
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
  const apart = ['nsenter', `--net=${pair.namespace}`, 'unshare', '--pid', '--fork', '--mount', '--mount-proc', '--ipc', '--kill-child'];
  return machine.run([...apart, 'sh', '-ec', script, 'sh', batch, folder], {
    timeoutMs: 30_000,
    memoryBytes: 256 * 2 ** 20,
    maxProcesses: 16,
    maxFileBytes: 2 ** 20,
    maxOutputBytes: 64 * 2 ** 10,
  });
}
