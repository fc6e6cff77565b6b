import type { Machine } from '../../machine/machine.ts';
import type { Random } from '../../verdict/random.ts';

/** Lets ids of processes go on from a number that does not fit 16 bits, in a guest: another's machine is left alone. */
export async function highPids(machine: Machine, random: Random): Promise<void> {
  const from = random.int(70_000, 4_000_000);
  if (machine.info.kind !== 'vm') return;
  const script = 'cd /proc/sys/kernel && echo 4194304 >pid_max && echo "$1" >ns_last_pid';
  const set = await machine.run(['sh', '-c', script, 'sh', String(from)]);
  if (set.code !== 0) throw new Error(`Ids of processes cannot be made high: ${set.stderr.slice(0, 500)}`);
}
