/** What a machine has, as it was found when the toolkit was prepared on it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../course/write-whole.ts';
import { factsIn } from '../kit/guest/facts.ts';
import { toolkitAt } from '../kit/guest/toolkit.ts';
import { cacheFolder } from '../machine/cache.ts';
import type { Machine } from '../machine/machine.ts';
import type { MachineFacts } from '../verdict/needs.ts';

/**
 * Call before anything else runs on the machine. Copies of a saved state have the same, so what the first one says is kept beside the
 * state: a kernel's configuration is a quarter of a megabyte, which takes a guest under emulation a tenth of a second to hand over.
 */
export async function readFacts(machine: Machine, toolkit: string): Promise<MachineFacts> {
  const kept = machine.copyOf === undefined ? undefined : join(cacheFolder(), 'states', machine.copyOf, 'facts');
  let text = kept && (await readFile(kept, 'utf8').catch(() => undefined));
  if (text === undefined) {
    text = Buffer.from(await machine.get(toolkitAt(toolkit).facts)).toString('utf8');
    if (kept) await writeWhole(kept, text).catch(() => {}); // a cache that cannot be written is as good
  }
  return factsIn(text, machine.info);
}
