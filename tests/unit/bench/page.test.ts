import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pagePlot, renderPage } from '../../bench/peers/page.ts';
import { type Record, recordSchema } from '../../bench/peers/record.ts';
import { markdownTable } from '../../bench/peers/table.ts';
import { repository } from '../../support/clone.ts';

const docs = (name: string) => readFileSync(join(repository, 'docs', name), 'utf8');
const committed = () => recordSchema.parse(JSON.parse(docs('performance.json')));

test('the page and its picture are those of the measurements (node tests/bench/peers.ts --render writes them again)', () => {
  const record = committed();
  expect(docs('performance.md')).toBe(renderPage(record));
  expect(docs('performance.svg')).toBe(pagePlot(record));
});

test('the page says what it was measured on, and the load meanwhile', () => {
  const page = renderPage(committed());
  for (const fact of ['processor', 'QEMU', 'virtme-ng', 'accelerator', 'load average during the run', 'date'])
    expect(page).toContain(`| ${fact} |`);
  expect(page).toContain('<https://docs.github.com/en/actions/reference/limits>');
});

test('a busy machine, a short run and runs that were repeated are told', () => {
  const record = committed();
  const quiet = (load: number): Record => ({
    ...record,
    single: record.single.map((one) => ({
      ...one,
      rounds: Array.from({ length: 5 }, () => ({ ...one.rounds[0]!, load })),
    })),
    verdict: record.verdict.map((one) => ({ ...one, rounds: one.rounds.map((round) => ({ ...round, load })) })),
    many: { ...record.many, byWay: [], byGrade: [] },
    again: [],
  });
  expect(renderPage(quiet(1))).not.toMatch(/busy with other work|short run|repeated/);
  expect(renderPage(quiet(record.machine.cores * 4))).toContain('busy with other work');
  expect(renderPage({ ...quiet(1), again: ['warm-up, plain: panic'] })).toContain('- warm-up, plain: panic');
  const short = quiet(1);
  expect(
    renderPage({ ...short, single: short.single.map((one) => ({ ...one, rounds: one.rounds.slice(0, 2) })) }),
  ).toContain('short run');
});

test('without virtme-ng there is neither a row nor a bar of it', () => {
  const record = committed();
  const single = record.single.filter(({ way }) => way !== 'virtme');
  const without: Record = { ...record, machine: { ...record.machine, virtme: null }, single };
  expect(renderPage(without)).toContain('| virtme-ng | not measured |');
  expect(renderPage(without)).not.toMatch(/the test, [a-z ]+, virtme-ng/);
  expect(pagePlot(without)).not.toContain('virtme');
});

test('a bar within a cell ends no cell', () => {
  expect(markdownTable(['', 'n'], [['a|b', '1']])).toBe('|  | n |\n| --- | --: |\n| a\\|b | 1 |');
});
