/** A chart of medians and spreads as SVG, readable on light and dark pages, with its numbers as text. Pure. */
import { xml } from '../../../grader/report/escape.ts';
import type { Spread } from '../statistics.ts';

export interface Series {
  name: string;
  /** Its mark: a full circle, or a ring. */
  full: boolean;
}

export interface Row {
  name: string;
  /** One for each series. Undefined where nothing was measured. */
  values: readonly (Spread | undefined)[];
}

export interface Plot {
  title: string;
  /** What the numbers are, on the axis: seconds. */
  unit: string;
  series: readonly Series[];
  rows: readonly Row[];
}

const width = 760;
const left = 210;
const right = 30;
const top = 64;
const rowHeight = 44;

/** Seconds on a logarithmic axis: half a second and a minute are both legible. A line is the spread, a mark the median. */
export function renderPlot({ title, unit, series, rows }: Plot): string {
  const all = rows.flatMap(({ values }) => values.flatMap((value) => (value ? [value.least, value.most] : [])));
  const ticks = ticksFor(Math.min(...all), Math.max(...all));
  const [from, to] = [Math.log(ticks[0]!), Math.log(ticks.at(-1)!)];
  const x = (value: number) => round(left + ((Math.log(value) - from) / (to - from)) * (width - left - right));
  const bottom = top + rows.length * rowHeight;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 48}" width="${width}" height="${bottom + 48}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${xml(title)}</title>`,
    `<desc id="desc">${xml(inWords({ title, unit, series, rows }))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="page" width="100%" height="100%"/>`,
    `<text class="title" x="16" y="24">${xml(title)}</text>`,
    ...series.map(
      ({ name, full }, i) =>
        `<circle class="${full ? 'full' : 'ring'}" cx="${left + 6 + i * 190}" cy="44" r="5"/><text x="${left + 18 + i * 190}" y="48">${xml(name)}</text>`,
    ),
    ...ticks.map(
      (tick) =>
        `<line class="grid" x1="${x(tick)}" y1="${top}" x2="${x(tick)}" y2="${bottom}"/><text class="tick" x="${x(tick)}" y="${bottom + 18}">${tick}</text>`,
    ),
    `<text class="tick" x="${round((left + width - right) / 2)}" y="${bottom + 38}">${xml(unit)}</text>`,
    ...rows.flatMap(({ name, values }, row) => [
      `<text class="name" x="${left - 14}" y="${top + row * rowHeight + rowHeight / 2 + 4}">${xml(name)}</text>`,
      ...values.flatMap((value, i) => {
        if (!value) return [];
        const y = round(top + row * rowHeight + (rowHeight * (i + 1)) / (values.length + 1));
        return [
          `<line class="spread" x1="${x(value.least)}" y1="${y}" x2="${x(value.most)}" y2="${y}"/>`,
          `<circle class="${series[i]!.full ? 'full' : 'ring'}" cx="${x(value.median)}" cy="${y}" r="5"/>`,
        ];
      }),
    ]),
    '</svg>',
  ].join('\n')}\n`;
}

/** What the picture shows, for somebody who does not see it. */
export function inWords({ unit, series, rows }: Omit<Plot, 'title'> & { title?: string }): string {
  return rows
    .map(({ name, values }) => {
      const parts = values.flatMap((value, i) =>
        value ? [`${series[i]!.name} ${short(value.median)} (${short(value.least)} to ${short(value.most)})`] : [],
      );
      return `${name}: ${parts.join(', ')}.`;
    })
    .join(' ')
    .replace(/^/, `${unit}, median and spread. `);
}

/** 1, 2 and 5 times powers of ten, from at most the least to at least the most. */
export function ticksFor(least: number, most: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(least)); ; power += 1)
    for (const factor of [1, 2, 5]) {
      const tick = Number((factor * 10 ** power).toPrecision(1));
      if (tick <= least) ticks.length = 0;
      ticks.push(tick);
      if (tick >= most && ticks.length > 1) return ticks;
    }
}

const style = [
  '.page{fill:#fff}text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}',
  '.tick{text-anchor:middle;fill:#59636e}.name{text-anchor:end}.grid{stroke:#d1d9e0}',
  '.spread{stroke:#0969da;stroke-width:2}.full{fill:#0969da;stroke:#0969da;stroke-width:2}.ring{fill:#fff;stroke:#0969da;stroke-width:2}',
  '@media(prefers-color-scheme:dark){.page{fill:#0d1117}text{fill:#f0f6fc}.tick{fill:#9198a1}.grid{stroke:#3d444d}',
  '.spread{stroke:#4493f8}.full{fill:#4493f8;stroke:#4493f8}.ring{fill:#0d1117;stroke:#4493f8}}',
].join('');

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function short(value: number): string {
  return value.toPrecision(2).includes('e') ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}
