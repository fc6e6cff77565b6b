import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readFacts } from '../../../grader/cli/facts.ts';
import type { Machine } from '../../../grader/machine/machine.ts';
import { temporaryFolder } from '../temporary.ts';

test('copies of a saved state are asked once what they have; other machines each time', async () => {
  const cache = await temporaryFolder();
  await mkdir(join(cache, 'states', 'one'), { recursive: true });
  vi.stubEnv('HOOKPOINT_CACHE', cache);
  onTestFinished(() => void vi.unstubAllEnvs());
  let asked = 0;
  const machine = (copyOf?: string) =>
    ({
      info: { kernel: '6.12.1', arch: 'x86_64' },
      copyOf,
      get: async () => (asked++, Buffer.from('tool clang\ntool ip\nconfig\nCONFIG_BPF=y\n')),
    }) as unknown as Machine;
  const facts = { kernel: '6.12.1', arch: 'x86_64', tools: ['clang', 'ip'], config: '\nCONFIG_BPF=y\n' };
  expect(await readFacts(machine('one'), '/toolkit')).toEqual(facts);
  expect(await readFacts(machine('one'), '/toolkit')).toEqual(facts);
  expect(asked).toBe(1);
  expect(await readFacts(machine(), '/toolkit')).toEqual(facts);
  expect(await readFacts(machine('no longer there'), '/toolkit')).toEqual(facts);
  expect(asked).toBe(3);
});
