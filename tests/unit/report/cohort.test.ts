import { expect, test } from 'vitest';
import { renderCohort } from '../../../grader/report/cohort.ts';
import type { Similar } from '../../../grader/course/similarity.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import { failed, pass, passed, result } from './results.ts';

const course = [
  { id: 'programs/hello', title: 'Say hello' },
  { id: 'maps/lru', title: 'LRU' },
  { id: 'vm/loop', title: 'Loop' },
];
const of = (login: string, from: Result, exercise = 'programs/hello'): Result => ({
  ...from,
  exercise,
  submission: `submissions/${login}/${exercise}`,
});
const page = (results: Result[], similar: Map<string, Similar[]> | null = null) =>
  renderCohort({ title: 'BPF <2026>', course, results, similar });
/** What is read, without tags, line by line. */
const read = (html: string) =>
  html
    .slice(html.indexOf('<h1>'))
    .replace(/<\/t[hd]>/g, ' | ')
    .replace(/<[^>]+>/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

test('who has passed what, in the order of logins and of the course, and where they get stuck', () => {
  const results = [
    of('eve', pass),
    of('Bob', result()),
    of('ada', pass),
    of('ada', result({ checks: [passed, failed] }), 'maps/lru'),
    of('ada', { ...pass, outcome: 'invalid', checks: [] }, 'vm/loop'),
  ];
  const html = page(results);
  expect(read(html)).toEqual([
    'BPF &#60;2026&#62;',
    '3 learners, 3 of 3 exercises; the last result is of 2026-01-01.',
    'Who has passed what',
    'Learner | programs/hello | maps/lru | vm/loop |',
    'ada | ✓ | ✗ | ! |',
    'Bob | ✗ |  |  |',
    'eve | ✓ |  |  |',
    'passed by | 2 of 3 | 0 of 3 | 0 of 3 |',
    '✓ passed · ✗ not yet · ! not complete · ○ not gradable on this kernel; empty: nothing handed in.',
    'Where learners get stuck',
    'The checks at which most submissions fail now. One that fails for nearly everybody is a reason to look at the lesson, not at the learners.',
    'Exercise | Check | Fails for |',
    'programs/hello | The verifier accepts it | 1 of 1 |',
    'maps/lru | The verifier accepts it | 1 of 1 |',
  ]);
});

test('of several kernels the worst is shown', () => {
  const html = page([of('ada', pass), of('ada', result())]);
  expect(read(html)).toContain('ada | ✗ |');
});

test('nothing ranks or sums up, and no script or foreign address is in it', () => {
  const html = page([of('ada', pass), of('bob', result())]);
  expect(html).not.toMatch(/points|rank|<script|https?:|src=|onload/);
});

test('names and titles are text', () => {
  const html = page([of('<img src=x>', result({ checks: [{ ...failed, title: '"><script>alert(1)</script>' }] }))]);
  expect(html).not.toMatch(/<img|<script/);
});

test('similar submissions are for a human to read', () => {
  const similar = new Map([
    ['programs/hello', [{ logins: ['ada', 'bob'], share: 0.876, passages: 40, lines: ['a.c:7'] } as Similar]],
  ]);
  const lines = read(page([of('ada', pass), of('bob', pass)], similar));
  expect(lines.slice(lines.indexOf('Similar submissions'))).toEqual([
    'Similar submissions',
    expect.stringContaining('read both, and ask'),
    'Exercise | Learners | Share | Passages | In the first one’s files, at |',
    'programs/hello | ada, bob | 87 % | 40 | a.c:7 |',
  ]);
  expect(read(page([of('ada', pass)], new Map())).join()).toContain('Similar submissions,None.');
});

test('a class that has handed in nothing', () => {
  expect(read(page([]))).toContain('There are no results yet.');
});
