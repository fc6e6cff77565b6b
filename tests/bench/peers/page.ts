/** docs/performance.md of what was measured. Pure. */
import { markdownTable } from './table.ts';
import { median, ratio, type Spread, spread } from '../statistics.ts';
import { githubLimits } from './limits.ts';
import { type Plot, renderPlot } from './plot.ts';
import type { Measurement, Record, Single } from './record.ts';
import { simulationSection } from './simulation-page.ts';
import { type WayId, wayIds, wayNames } from './ways.ts';

export const plotFile = 'performance.svg';

export function renderPage(record: Record): string {
  return `${[
    '# Performance, beside its peers',
    intro(record),
    machine(record),
    '## Load one program, see it fire',
    `Everybody does the same: the same kernel, the same root file system, the same object file and the same script, which loads the program with bpftool, starts
a process and looks for the message in the kernel's trace. The difference is how they get a kernel to do it on. Two processors and 1 GiB of memory each.`,
    ways(record),
    `![${plotTitle}. The numbers are in the tables below.](${plotFile})`,
    ...(['object', 'source'] as const).flatMap((test) => timesTable(record, test)),
    'The ratios are medians of ratios within a round. In each round everybody takes a turn, so what slows the machine down slows everybody. The spread is the least and the most.',
    '*Cold* means that the files were put out of the page cache before; whatever another process has mapped stays in it.',
    verdict(record),
    '## Memory and disk',
    memory(record),
    '## One after another, and side by side',
    many(record),
    '## A class of 1,000',
    simulationSection(record, githubLimits),
    again(record),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

const plotTitle = 'Seconds from the command to the message of the program';

export function pagePlot(record: Record): string {
  const row = (way: WayId, test: Single['test']) => ({
    name: `${wayNames[way]}${test === 'source' ? ', compiled' : ''}`,
    values: [false, true].map((cold) => {
      const one = find(record, way, test, cold);
      return one && spread(one.rounds.map(({ seconds }) => seconds));
    }),
  });
  const plot: Plot = {
    title: plotTitle,
    unit: 'seconds, on a logarithmic axis',
    series: [
      { name: 'files in memory', full: true },
      { name: 'cold files', full: false },
    ],
    rows: (['object', 'source'] as const).flatMap((test) => present(record, test).map((way) => row(way, test))),
  };
  return renderPlot(plot);
}

function intro({ single }: Record): string {
  const rounds = Math.max(...single.map((one) => one.rounds.length));
  return `\`npm run bench:peers\` has written this page and [performance.json](performance.json), which has each single measurement, in one run of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}.
Seconds depend on the machine; the ratios within one run carry over better. ${rounds < 5 ? 'This was a short run (`--quick`): read its spreads before its medians.' : ''}`.trimEnd();
}

function machine({ machine: at, ...record }: Record): string {
  const loads = allMeasurements(record).map(({ load }) => load);
  const { least, median: usual, most } = spread(loads);
  return markdownTable(
    ['the machine', ''],
    [
      ['date', at.date],
      ['processor', `${at.cpu}, ${at.cores} cores, ${bytes(at.memory)} of memory`],
      ['system', at.system],
      ['accelerator', at.accelerator === 'tcg' ? 'none: QEMU emulates (TCG)' : at.accelerator],
      ['guest', `Linux ${at.guestKernel}`],
      ['QEMU', at.qemu],
      ['virtme-ng', virtmeVersion(at, record.single)],
      ['Node', at.node],
      [
        'load average during the run',
        `${load(usual)} (${load(least)} to ${load(most)}), this run's own load included${usual > at.cores * 1.5 ? '. **The machine was busy with other work**' : ''}`,
      ],
    ],
    { numbers: false },
  );
}

function virtmeVersion({ virtme, virtiofsd }: Record['machine'], single: readonly Single[]): string {
  if (virtme === null) return 'not measured';
  const versions = `${virtme}, virtiofsd ${virtiofsd ?? 'unknown'}`;
  return single.some(({ way }) => way === 'virtme')
    ? versions
    : `${versions}; **not measured: the run was ended before**`;
}

function ways(record: Record): string {
  const text: { [way in WayId]: string } = {
    restore: 'restores its saved state, as for every exercise',
    boot: 'boots the kernel from scratch, as once after a set-up; with what the course does to boot fast',
    virtme:
      'boots per test, with the root of this computer by virtiofs and no initramfs (`vng --run vmlinuz --skip-modules`); the test then runs in the same root file system as the others’',
    plain: 'boots per test from the same disks and initramfs, with the arguments that QEMU’s manual suggests',
  };
  return present(record, 'object')
    .map((way) => `- **${wayNames[way]}** ${text[way]}.`)
    .join('\n');
}

function timesTable(record: Record, test: Single['test']): string[] {
  const unit = find(record, 'restore', test, false);
  const shown = present(record, test);
  if (!unit || shown.length === 0) return [];
  const rows = shown.flatMap((way) =>
    [false, true].flatMap((cold) => {
      const one = find(record, way, test, cold);
      if (!one) return [];
      // In a run that was interrupted, some have a round less.
      const both = Math.min(one.rounds.length, unit.rounds.length);
      const [own, units] = [one, unit].map(({ rounds }) => rounds.slice(0, both).map((round) => round.seconds));
      const times = ratio(own!, units!);
      const wall = spread(one.rounds.map(({ seconds }) => seconds));
      const cpu = spread(one.rounds.map(({ cpuSeconds }) => cpuSeconds));
      return [[`${wayNames[way]}${cold ? ', cold' : ''}`, seconds(wall), seconds(cpu), `${times.median.toFixed(1)} ×`]];
    }),
  );
  return [
    test === 'object'
      ? '**The object is there already:**'
      : '**Compiled in the guest first**, by the same clang, from a source that includes all of the kernel’s types (the course’s own way to compile is faster; see below):',
    markdownTable(['', 'seconds (spread)', 'of processor (spread)', 'beside Hookpoint, restored'], rows),
  ];
}

function verdict({ verdict: rows, single }: Record): string {
  if (rows.length === 0) return '';
  const unit = single.find(({ way, test, cold }) => way === 'restore' && test === 'object' && !cold);
  return `## The whole verdict

What a learner waits for: \`./grade programs/hello\`, the command’s own start included. It compiles, loads and attaches, runs a secret workload with a negative
control, and judges seven checks.

${markdownTable(
  ['', 'seconds (spread)', 'of processor (spread)', 'beside the test above'],
  rows.map(({ compiled, rounds }) => [
    compiled === 'now' ? 'a new source' : 'the same source again',
    seconds(spread(rounds.map((round) => round.seconds))),
    seconds(spread(rounds.map((round) => round.cpuSeconds))),
    unit
      ? `${(median(rounds.map((round) => round.seconds)) / median(unit.rounds.map((round) => round.seconds))).toFixed(1)} ×`
      : '',
  ]),
)}`;
}

function memory(record: Record): string {
  const rows = present(record, 'object').map((way) => {
    const { rounds } = (find(record, way, 'object', false) ?? find(record, way, 'object', true))!;
    const disk = record.disk.find((one) => one.way === way);
    return [
      wayNames[way],
      bytes(Math.max(...rounds.map(({ rss }) => rss))),
      bytes(Math.max(...rounds.map(({ pss }) => pss))),
      disk ? bytes(disk.bytes) : '',
    ];
  });
  return `The most that all processes of one test had together, looked at every tenth of a second: resident, and with pages that several processes share counted once. On disk: what must
be there before a test. virtme-ng can do without a root file system of its own, if this computer’s has the tools; then it needs the kernel alone.

${markdownTable(['', 'resident memory', 'shared pages once', 'on disk'], rows)}`;
}

function many({ many: { byWay, exercises, byGrade } }: Record): string {
  const head = [
    'seconds, one after another',
    'two at a time',
    'gain',
    'of processor, one after another',
    'memory, two at a time',
  ];
  const line = (name: string, one: Measurement, two: Measurement) => [
    name,
    digits(one.seconds),
    digits(two.seconds),
    `${(one.seconds / two.seconds).toFixed(2)} ×`,
    digits(one.cpuSeconds),
    bytes(two.rss),
  ];
  const rows = wayIds.flatMap((way) => {
    const [one, two] = [1, 2].map((jobs) => byWay.find((row) => row.way === way && row.jobs === jobs));
    // A run that was interrupted has not made all of them.
    return one && two && one.tests === two.tests
      ? [line(`${wayNames[way]}, ${one.tests} tests`, one.total, two.total)]
      : [];
  });
  const [one, two] = [1, 2].map((jobs) => byGrade.find((row) => row.jobs === jobs)?.total);
  const parts = [];
  if (rows.length > 0) parts.push('The test of above, the object being there:', markdownTable(['', ...head], rows));
  if (one && two)
    parts.push(
      `${exercises} exercises of the course, each with all of its checks, by one command with \`--jobs 1\` and \`--jobs 2\`; the others have nothing to compare with this:`,
      markdownTable(['', ...head], [line('`./grade`', one, two)]),
    );
  return parts.length > 0 ? parts.join('\n\n') : 'Not measured: the run was ended before.';
}

function again(record: Record): string {
  if (record.again.length === 0) return '';
  return `## Runs that were repeated\n\n${record.again.map((text) => `- ${text}`).join('\n')}`;
}

export function find(record: Record, way: WayId, test: Single['test'], cold: boolean): Single | undefined {
  return record.single.find((one) => one.way === way && one.test === test && one.cold === cold);
}

function present(record: Record, test: Single['test']): WayId[] {
  return wayIds.filter((way) => record.single.some((one) => one.way === way && one.test === test));
}

function allMeasurements({
  single,
  verdict: verdicts,
  many: { byWay, byGrade },
}: Omit<Record, 'machine'>): Measurement[] {
  return [...single, ...verdicts]
    .flatMap(({ rounds }) => rounds)
    .concat([...byWay, ...byGrade].map(({ total }) => total));
}

function seconds({ median: middle, least, most }: Spread): string {
  return `${digits(middle)} (${digits(least)}–${digits(most)})`;
}

function digits(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1);
}

function load(value: number): string {
  return value.toFixed(1);
}

function bytes(value: number): string {
  return value < 1e9 ? `${Math.round(value / 1e6)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}
