import { expect, test } from 'vitest';
import {
  countsOf,
  describeBuckets,
  linearHistogram,
  parseBpftrace,
  sameHistogram,
} from '../../grader/kit/scripts/bpftrace-output.ts';

// As bpftrace 0.23.2 printed it on Linux 6.12.
const printed = `{"type": "attached_probes", "data": {"probes": 3}}
{"type": "printf", "data": "ready\\n"}

{"type": "hist", "data": {"@b": [{"max": -1, "count": 4}, {"min": 0, "max": 199, "count": 3}, {"min": 200, "max": 399, "count": 0}, {"min": 400, "max": 599, "count": 1}, {"min": 600, "max": 799, "count": 0}]}}
{"type": "map", "data": {"@p": {"163,163": 1, "166,166": 2}}}
{"type": "map", "data": {"@n": 7}}
`;

test('reads histograms, maps and what was printed', () => {
  const output = parseBpftrace(printed);
  expect(output.printed).toBe('ready\n');
  expect([...output.histograms.keys()]).toEqual(['@b']);
  expect(countsOf(output, '@p')).toEqual(
    new Map([
      ['163,163', 1],
      ['166,166', 2],
    ]),
  );
  expect(countsOf(output, '@n')).toBeNull();
  expect(countsOf(output, '@missing')).toBeNull();
});

// The same bpftrace: print() of numbers, text and a tuple, time(), cat(), join(), and maps of stats() and avg().
const otherKinds = `{"type": "value", "data": -9007199254740993}
{"type": "value", "data": 18446744073709551615}
{"type": "value", "data": "text"}
{"type": "value", "data": [1,2]}
{"type": "time", "data": "01\\n"}
{"type": "cat", "data": "Linux\\n"}
{"type": "join", "data": "/bin/true a b"}
{"type": "stats", "data": {"@f": {"count": 1, "average": 7, "total": 7}}}
{"type": "stats", "data": {"@g": 3}}
`;

test('what is printed by other means than printf is printed as well, and every map is one', () => {
  const output = parseBpftrace(otherKinds);
  expect(output.printed).toBe('-9007199254740993\n18446744073709551615\ntext\n[1,2]\n01\nLinux\n/bin/true a b\n');
  expect([...output.maps.keys()]).toEqual(['@f', '@g']);
});

test('a histogram with a key is a map, and no histogram', () => {
  const output = parseBpftrace('{"type": "hist", "data": {"@b": {"cat": [{"min": 0, "max": 199, "count": 3}]}}}');
  expect(output.histograms.size).toBe(0);
  expect(output.maps.has('@b')).toBe(true);
});

test('what is out of shape is left out', () => {
  expect(
    parseBpftrace(
      'not JSON\n{"type":"hist"}\n[]\n{"type":"map","data":7}\n{"type":"hist","data":{"@b":[{"count":"many"}]}}',
    ).histograms.size,
  ).toBe(0);
});

test('a linear histogram has a bucket below and one above', () => {
  const buckets = linearHistogram([-21, 0, 199, 200, 1999, 2000, 5000], 0, 2000, 200);
  expect(buckets).toHaveLength(12);
  expect(describeBuckets(buckets)).toBe('below 0: 1, 0 to 199: 2, 200 to 399: 1, 1800 to 1999: 1, 2000 and more: 2');
});

test('bpftrace leaves out empty buckets at both ends', () => {
  const seen = parseBpftrace(printed).histograms.get('@b')!;
  expect(sameHistogram(seen, linearHistogram([-1, -2, -9, -21, 0, 1, 2, 400], 0, 2000, 200))).toBe(true);
  expect(sameHistogram(seen, linearHistogram([-1, -2, -9, 0, 1, 2, 400], 0, 2000, 200))).toBe(false);
  expect(sameHistogram([], linearHistogram([], 0, 2000, 200))).toBe(true);
});
