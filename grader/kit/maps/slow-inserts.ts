/** The other race beside `BpfMap.trap`: two CPUs that both find no row, and both insert one. */
import type { Machine } from '../../machine/machine.ts';
import type { BpfMap } from './map.ts';

/** Type of map -> the kernel's function that every update of such a map begins with. */
const updates: Record<string, string> = {
  hash: 'htab_map_update_elem',
  lru_hash: 'htab_lru_map_update_elem',
  percpu_hash: 'htab_percpu_map_update_elem',
  lru_percpu_hash: 'htab_lru_percpu_map_update_elem',
};

/** Events that copy their own stack, byte for byte: meanwhile, other CPUs come to the same place. */
const start = `cd /sys/kernel/tracing && bytes= && for i in $(seq 40); do bytes="$bytes a$i=+0(\\$stack):x8[64]"; done &&
  for i in $(seq 4); do echo "p:hookpoint/insert$i $1 $bytes"; done >>kprobe_events && echo 1 >events/hookpoint/enable`;
const end = `cd /sys/kernel/tracing && echo 0 >events/hookpoint/enable &&
  for i in $(seq 4); do echo -:hookpoint/insert$i; done >>kprobe_events`;

/**
 * Until `stop`, an update of any map of this type takes a millisecond longer, before it begins. So a CPU that has found no row, and is
 * about to insert one, is overtaken by the others. Nothing else changes; a kernel that cannot be slowed down stays as it
 * is, as do maps of other types.
 */
export async function slowInserts(machine: Machine, { about }: BpfMap): Promise<{ stop(): Promise<void> }> {
  const update = updates[about.type];
  const started = update ? await machine.run(['sh', '-c', start, 'sh', update]) : undefined;
  return {
    async stop() {
      if (started?.code === 0) await machine.run(['sh', '-c', end]);
    },
  };
}
