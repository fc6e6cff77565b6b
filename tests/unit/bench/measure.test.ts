import { expect, test } from 'vitest';
import { measure } from '../../bench/peers/measure.ts';
import { total } from '../../bench/peers/rounds.ts';

/** Keeps a processor busy for a while, and holds memory. */
const busy = `const held = Buffer.alloc(64 * 2 ** 20, 1); const until = process.cpuUsage().user + 150_000;
while (process.cpuUsage().user < until); console.log('done', held.length);`;

test.runIf(process.platform === 'linux')(
  'the time and memory of a whole family of processes are counted, and none of a stranger’s',
  async () => {
    const command = { argv: ['sh', '-c', '"$@" & wait', 'sh', process.execPath, '-e', busy], says: 'done' };
    const one = await measure([command]);
    expect(one.cpuSeconds).toBeGreaterThan(0.1);
    expect(one.rss).toBeGreaterThan(64 * 2 ** 20);
    expect(one.pss).toBeLessThanOrEqual(one.rss);
    const two = await measure([command, command]);
    expect(two.cpuSeconds).toBeGreaterThan(0.2);
    expect(two.rss).toBeGreaterThan(128 * 2 ** 20);
  },
);

test('a command that does not say what it has to has failed, and its words are handed on', async () => {
  await expect(measure([{ argv: ['echo', 'no'], says: 'yes' }])).rejects.toThrow('did not say “yes”, but:\nno');
});

test('of runs one after another the times add up, and memory does not', () => {
  const part = { seconds: 1, cpuSeconds: 2, rss: 3, pss: 2, load: 1 };
  expect(total([part, { ...part, rss: 5 }])).toEqual({ seconds: 2, cpuSeconds: 4, rss: 5, pss: 2, load: 1 });
});
