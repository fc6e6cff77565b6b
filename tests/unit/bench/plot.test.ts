import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { inWords, type Plot, renderPlot, ticksFor } from '../../bench/peers/plot.ts';

const plot: Plot = {
  title: 'Seconds & more',
  unit: 'seconds',
  series: [
    { name: 'warm', full: true },
    { name: 'cold', full: false },
  ],
  rows: [
    { name: 'A <b>', values: [{ median: 2, least: 1, most: 4, count: 3 }, undefined] },
    {
      name: 'B',
      values: [
        { median: 10, least: 8, most: 40, count: 3 },
        { median: 20, least: 20, most: 20, count: 3 },
      ],
    },
  ],
};

test('the picture is XML, has a text alternative, and colours for light and dark pages', () => {
  const svg = renderPlot(plot);
  // Throws where it is not well-formed.
  new SaxesParser({ xmlns: true }).write(svg).close();
  expect(svg).toContain('role="img" aria-labelledby="title desc"');
  expect(svg).toContain('<title id="title">Seconds &amp; more</title>');
  expect(svg).toContain('A &lt;b&gt;: warm 2 (1 to 4).');
  expect(svg).toContain('prefers-color-scheme:dark');
});

test('each value has a mark on a logarithmic axis, and its spread a line', () => {
  const svg = renderPlot(plot);
  const marks = [...svg.matchAll(/<circle class="(full|ring)" cx="([\d.]+)"/g)].slice(plot.series.length);
  expect(marks.map(([, kind]) => kind)).toEqual(['full', 'full', 'ring']);
  const [two, ten, twenty] = marks.map(([, , x]) => Number(x));
  // Equal ratios are equal distances.
  expect((ten! - two!) / (twenty! - ten!)).toBeCloseTo(Math.log(5) / Math.log(2), 1);
  expect(svg.match(/class="spread"/g)).toHaveLength(3);
});

test('the words have every number of the picture', () => {
  expect(inWords(plot)).toBe(
    'seconds, median and spread. A <b>: warm 2 (1 to 4). B: warm 10 (8 to 40), cold 20 (20 to 20).',
  );
});

test.each([
  [0.7, 60, [0.5, 1, 2, 5, 10, 20, 50, 100]],
  [1, 1, [1, 2]],
  [3, 4, [2, 5]],
  [120, 640, [100, 200, 500, 1000]],
])('ticks from %f to %f', (least, most, ticks) => expect(ticksFor(least, most)).toEqual(ticks));
