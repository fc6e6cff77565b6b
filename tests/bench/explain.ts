/**
 * `npx node tests/bench/explain.ts`: seconds of the processor for texts of 10 MB, and of 5 MB for the ratio: twice the text must take about twice the time,
 * or something is quadratic. The seconds depend on the machine.
 */
import { readFileSync } from 'node:fs';
import { explainText } from '../../grader/explain/index.ts';

const log = readFileSync(new URL('../fixtures/verifier/6.12.117/01_null_map_value.log', import.meta.url), 'utf8');
const body = log.slice(log.indexOf('0: R1'), log.indexOf('R0 invalid'));
const numbered = (size: number, line: (i: number) => string) => {
  const lines: string[] = [];
  for (let length = 0, i = 0; length < size; i += 1) {
    lines.push(line(i));
    length += lines.at(-1)!.length + 1;
  }
  return lines.join('\n');
};

const texts: readonly [name: string, make: (size: number) => string][] = [
  ['a verifier log', (size) => numbered(size, () => body) + log.slice(log.indexOf('R0 invalid'))],
  ['many verifier logs', (size) => numbered(size, () => log)],
  [
    'clang, each error another',
    (size) => numbered(size, (i) => `a.bpf.c:${i}:1: error: use of undeclared identifier 'x${i}'`),
  ],
  ['begins of logs', (size) => numbered(size, (i) => `libbpf: prog 'p${i}': -- BEGIN PROG LOAD LOG --`)],
  ['what libbpf says', (size) => numbered(size, (i) => `libbpf: map 'm${i}': failed to create: Invalid argument(-22)`)],
  [
    'lines of a logger',
    (size) =>
      numbered(size, (i) => `E1128 18:00:00.${100000 + (i % 900000)}       1 loader.go:${i}] ${i}: (b7) r0 = 0`),
  ],
  [
    'prose',
    (size) => numbered(size, (i) => `${i} The map cannot be created, they say; and it failed: permission denied.`),
  ],
  ['one line', (size) => 'libbpf: failed to load program: '.repeat(size / 32)],
  ['JSON', (size) => JSON.stringify({ level: 'error', msg: numbered(size, () => body) })],
];

const size = 10_000_000;
// Of the processor, not of the clock: others may use the machine too.
const seconds = (text: string) => {
  const from = process.cpuUsage();
  explainText(text, new Map());
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
};

for (const [name, make] of texts) {
  seconds(make(100_000));
  const half = seconds(make(size / 2));
  const whole = seconds(make(size));
  console.log(
    `${name.padEnd(28)} ${whole.toFixed(2).padStart(6)} s for 10 MB   ${(whole / half).toFixed(1)} × that for 5 MB`,
  );
}
