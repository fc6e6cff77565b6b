import { expect, test } from 'vitest';
import { rectangles, standsOn, widthOf } from '../../grader/kit/tracing/flame-graph.ts';
import { XmlError } from '../../grader/kit/tracing/xml.ts';

// As flamegraph.pl writes it: a background without a title, and a title beside its rectangle.
const svg = `<svg><rect width="100%" height="60"/>
<g><title>all (10 samples, 100%)</title><rect x="10.0" y="40" width="100.0" height="15"/><text>all</text></g>
<g><title>a&lt;b&gt; (x) (7 samples, 70%)</title><rect x="10" y="20" width="70"/></g>
<g><rect x="80" y="20" width="30"><title>c</title></rect></g></svg>`;

test('rectangles with a title', () => {
  expect(rectangles(svg)).toEqual([
    { name: 'all', x: 10, y: 40, width: 100 },
    { name: 'a<b> (x)', x: 10, y: 20, width: 70 },
    { name: 'c', x: 80, y: 20, width: 30 },
  ]);
});

test('width and callers', () => {
  const [all, a, c] = rectangles(svg) as [never, never, never];
  expect(widthOf([all, a, c], 'c')).toBeCloseTo(0.3);
  expect(widthOf([all, a, c], 'd')).toBe(0);
  expect(widthOf([], 'd')).toBe(0);
  expect(standsOn(a, all)).toBe(true);
  expect(standsOn(all, a)).toBe(false);
  expect(standsOn(a, c)).toBe(false);
});

test('what is no SVG, or has no numbers', () => {
  expect(() => rectangles('<html/>')).toThrow(new XmlError('The root element is <html>, not <svg>.'));
  expect(() => rectangles('<svg><rect width="wide"><title>a</title></rect></svg>')).toThrow(XmlError);
  expect(() => rectangles('<svg><rect width="1e999"><title>a</title></rect></svg>')).toThrow(XmlError);
});
