import { expect, test } from 'vitest';
import { renderWatch, type WatchView } from '../../../grader/report/watch.ts';
import { pass, result } from './results.ts';

const screen = { color: false, width: 80, unicode: true };
const view: WatchView = {
  exercise: 'programs/hello',
  title: 'Say hello',
  files: ['submissions/me/programs/hello/hello.bpf.c'],
  result: null,
  doing: null,
  hints: [],
  hintsLeft: 0,
  task: null,
  next: null,
  notice: null,
};
const show = (changes: Partial<WatchView>, rows = 40, offset = 0, on = screen) =>
  `\n${renderWatch({ ...view, ...changes }, on, { rows, offset }).lines.join('\n')}\n`;

test('before the first result', () => {
  expect(show({ doing: 'The program compiles' })).toMatchInlineSnapshot(`
    "
    programs/hello · Say hello
    submissions/me/programs/hello/hello.bpf.c

      Your first grading is under way.

      → The program compiles …
      r grade again  t task  s shell  q quit
    "
  `);
});

test('a check that failed, with a hint', () => {
  expect(
    show({
      result: result(),
      hints: [
        'Look at the lookup.',
        'A lookup may find nothing, and says so with NULL: the verifier wants to see that you looked at it.',
      ],
      hintsLeft: 1,
    }),
  ).toMatchInlineSnapshot(`
    "
    programs/hello · Say hello
    submissions/me/programs/hello/hello.bpf.c

      ✓ compile → ✗ load → – fires

      ✓ The program compiles     1/1
      ✗ The verifier accepts it  0/3
      – One line for each call   0/2

      hello.bpf.c:17:10: The value is used before the lookup was tested for NULL.
      bpf_map_lookup_elem returns NULL for a key that is not in the map.

         17 │ return *value;
            │         ^

      expected  a program that the verifier accepts
      seen      R0 invalid mem access 'map_value_or_null'
      help      Test it before you use it:
                  if (!value)
                      return 0;
      why       Only the verifier can say what it accepts.

      the log; the whole: .grade/logs/programs/hello/loads.log
        │ 0: (b7) r1 = 0

      hint  1. Look at the lookup.
            2. A lookup may find nothing, and says so with NULL: the verifier wants
            to see that you looked at it.

      ✗ Not yet: 1 of 6 points · 1.2 s · Linux 6.12.117 · save to grade again
      h hint  r grade again  t task  s shell  q quit
    "
  `);
});

test('after the last hint there is no key for one', () => {
  expect(
    show({ result: result(), hints: ['a', 'b', 'c'], hintsLeft: 0 })
      .split('\n')
      .slice(-5)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "        That was the last one for this check.

      ✗ Not yet: 1 of 6 points · 1.2 s · Linux 6.12.117 · save to grade again
      r grade again  t task  s shell  q quit
    "
  `);
});

test('a pass names what is next', () => {
  expect(show({ result: pass, next: 'maps/count – Count what happens.' })).toMatchInlineSnapshot(`
    "
    programs/hello · Say hello
    submissions/me/programs/hello/hello.bpf.c

      ✓ compile

      ✓ The program compiles  1/1

      → Next: maps/count – Count what happens.

      ✓ Passed: 6 of 6 points · 1.2 s · Linux 6.12.117 · save to grade again
      n next exercise  r grade again  t task  s shell  q quit
    "
  `);
});

test('the task, and a notice', () => {
  expect(
    show({
      result: pass,
      task: '## Your task\n\nSay hello when somebody\nasks, and whatever else happens keep quiet about it: nobody wants to hear.\n\n1. One thing,\n   and more of it.\n2. Another.\n\n```sh\nsudo cat trace_pipe\nls\n```\n',
      notice: 'There is no exercise left.',
    }),
  ).toMatchInlineSnapshot(`
    "
    programs/hello · Say hello
    submissions/me/programs/hello/hello.bpf.c

    ## Your task

    Say hello when somebody asks, and whatever else happens keep quiet about it:
    nobody wants to hear.

    1. One thing, and more of it.
    2. Another.

        sudo cat trace_pipe
        ls

      → There is no exercise left.
      r grade again  t back  s shell  q quit
    "
  `);
});

test('a small screen keeps status and keys, and scrolls the rest', () => {
  const first = renderWatch({ ...view, result: result() }, screen, { rows: 8, offset: 0 });
  expect(first.lines).toHaveLength(8);
  expect(first.lines.at(-1)).toContain('arrows scroll');
  const last = renderWatch({ ...view, result: result() }, screen, { rows: 8, offset: Number.POSITIVE_INFINITY });
  expect(last.lines[4]).toContain('0: (b7) r1 = 0');
  expect(last.most).toBe(first.most);
  for (const rows of [1, 2, 3, 4])
    expect(renderWatch({ ...view, result: result() }, screen, { rows, offset: 0 }).lines.length).toBeLessThanOrEqual(
      rows,
    );
});

test('without Unicode everything is ASCII', () => {
  // eslint-disable-next-line no-control-regex
  expect(show({ result: result(), next: 'a – b' }, 40, 0, { ...screen, unicode: false })).toMatch(/^[\x00-\x7f]*$/);
});
