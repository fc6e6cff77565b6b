import { expect, test } from 'vitest';
import { orphansOf } from '../../bench/peers/measure.ts';
import { cpuSecondsOfEndedChildren, Marked, parseRollup, parseStat } from '../../bench/peers/processes.ts';

test('a name with spaces and parentheses shifts no field', () => {
  const fields = Array.from({ length: 50 }, (_, i) => String(i + 3));
  const line = `12 (a) b (c)) ${['S', ...fields.slice(1)].join(' ')}`;
  expect(parseStat(line)).toEqual({ parent: 4, start: '22', cpuSeconds: 0.29, childrenCpuSeconds: 0.33 });
});

test('memory is in bytes, and what the kernel does not say counts as 0', () => {
  expect(parseRollup('0-1 ---p\nRss:        12 kB\nPss:         5 kB\nPss_Dirty:   1 kB\n')).toEqual({
    rss: 12 * 1024,
    pss: 5 * 1024,
  });
  expect(parseRollup('')).toEqual({ rss: 0, pss: 0 });
});

test('a process whose parent is not ours is an orphan: nobody of ours waits for it', () => {
  const usage = (pid: number, parent: number) => ({ pid, parent, cpuSeconds: 1, rss: 0, pss: 0 });
  const all = [usage(1001, process.pid), usage(1002, 1001), usage(1003, 1)];
  expect(orphansOf(all).map(({ pid }) => pid)).toEqual([1003]);
});

test.runIf(process.platform === 'linux')('a mark that nobody has finds nobody', async () => {
  expect(await new Marked('none').usage()).toEqual([]);
  expect(await cpuSecondsOfEndedChildren()).toBeGreaterThanOrEqual(0);
});
