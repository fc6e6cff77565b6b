import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { makeReport, renderJson } from '../../../grader/report/json.ts';
import { screenOf } from '../../../grader/report/paint.ts';
import { renderReport } from '../../../grader/report/terminal.ts';
import { failed, pass, passed, result } from './results.ts';

const screen = { color: false, width: 80, unicode: true };
const show = (results: Parameters<typeof makeReport>[0], changes = {}, next: string[] = []) =>
  `\n${renderReport(makeReport(results), { ...screen, ...changes }, next)}`;

test('a failed check', () => {
  expect(show([result()], {}, ['Edit it, then: npx grade', 'Stuck? npx grade hint'])).toMatchInlineSnapshot(`
    "
    programs/hello · Say hello from the kernel

      ✓ compile → ✗ load → – fires

      ✓ The program compiles     1/1
      ✗ The verifier accepts it  0/3
      – One line for each call   0/2
      1 check waits for “The verifier accepts it”.

      hello.bpf.c:17:10: The value is used before the lookup was tested for NULL.
      bpf_map_lookup_elem returns NULL for a key that is not in the map.

         17 │ return *value;
            │         ^

      expected  a program that the verifier accepts
      seen      R0 invalid mem access 'map_value_or_null'
      help      Test it before you use it:
                  if (!value)
                      return 0;
      hint      Which line does the message name?
      why       Only the verifier can say what it accepts.

      the log; the whole: .grade/logs/programs/hello/loads.log
        │ 0: (b7) r1 = 0

      ✗ Not yet: 1 of 6 points
      Linux 6.12.117 · VM (kvm) · 1.2 s · --seed 8f3a61

      → Edit it, then: npx grade
        Stuck? npx grade hint
    "
  `);
});

test('in ASCII and narrow', () => {
  expect(show([result()], { unicode: false, width: 50 }, ['grade hint'])).toMatchInlineSnapshot(`
    "
    programs/hello - Say hello from the kernel

      + compile -> x load -> - fires

      + The program compiles     1/1
      x The verifier accepts it  0/3
      - One line for each call   0/2
      1 check waits for "The verifier accepts it".

      hello.bpf.c:17:10: The value is used before the
      lookup was tested for NULL. bpf_map_lookup_elem
      returns NULL for a key that is not in the map.

         17 | return *value;
            |         ^

      expected  a program that the verifier accepts
      seen      R0 invalid mem access
                'map_value_or_null'
      help      Test it before you use it:
                  if (!value)
                      return 0;
      hint      Which line does the message name?
      why       Only the verifier can say what it
                accepts.

      the log; the whole: .grade/logs/programs/hello/loads.log
        | 0: (b7) r1 = 0

      x Not yet: 1 of 6 points
      Linux 6.12.117 - VM (kvm) - 1.2 s - --seed 8f3a61

      -> grade hint
    "
  `);
});

test('in plain mode words say what signs and columns say', () => {
  const plain = { plain: true, width: 1000 };
  expect(show([result()], plain, ['Edit it, then: npx grade', 'Stuck? npx grade hint'])).toMatchInlineSnapshot(`
    "
    programs/hello, Say hello from the kernel

      How far it got: stopped at load.

      passed: compile, The program compiles, 1 of 1 point
      failed: load, The verifier accepts it, 0 of 3 points
      skipped: fires, One line for each call, 0 of 2 points
      1 check waits for “The verifier accepts it”.

      hello.bpf.c:17:10: The value is used before the lookup was tested for NULL. bpf_map_lookup_elem returns NULL for a key that is not in the map.

      Line 17: return *value;

      expected: a program that the verifier accepts
      seen: R0 invalid mem access 'map_value_or_null'
      help: Test it before you use it:
      if (!value)
          return 0;
      hint: Which line does the message name?
      why: Only the verifier can say what it accepts.

      the log; the whole: .grade/logs/programs/hello/loads.log
         0: (b7) r1 = 0

      Not yet: 1 of 6 points
      Linux 6.12.117, VM (kvm), 1.2 s, --seed 8f3a61

      next: Edit it, then: npx grade
      Stuck? npx grade hint
    "
  `);
  const error = result({ outcome: 'error', checks: [{ ...failed, outcome: 'error' }] });
  expect(show([error], plain)).toMatch(/grader error: load, .*[^]*Not graded: the grader failed, not you/);
  expect(show([pass, result({ checks: [passed] })], plain)).toMatchInlineSnapshot(`
    "
      passed: programs/hello, 6 of 6 points, Linux 6.12.117

    programs/hello, Say hello from the kernel

      How far it got: all the way.

      passed: compile, The program compiles, 1 of 1 point

      Not yet: 1 of 6 points
      Linux 6.12.117, VM (kvm), 1.2 s, --seed 8f3a61

      2 exercises: 1 passed, 1 not yet; 7 of 12 points
    "
  `);
});

test('passed', () => {
  expect(show([pass], {}, ['next: programs/maps'])).toMatchInlineSnapshot(`
    "
    programs/hello · Say hello from the kernel

      ✓ compile

      ✓ The program compiles  1/1

      ✓ Passed: 6 of 6 points
      Linux 6.12.117 · VM (kvm) · 1.2 s · --seed 8f3a61

      → next: programs/maps
    "
  `);
});

test('invalid: nothing was run', () => {
  const message = { text: 'hello.bpf.c is empty.', expected: 'your program', help: 'Write it.' };
  expect(
    show([
      result({
        outcome: 'invalid',
        machine: null,
        checks: [],
        points: 0,
        maxPoints: 0,
        message,
        digest: null,
        durationMs: 2,
      }),
    ]),
  ).toMatchInlineSnapshot(`
    "
    programs/hello · Say hello from the kernel

      hello.bpf.c is empty.

      expected  your program
      help      Write it.

      ! Not graded: the submission is not complete. It costs no points.
      nothing was run
    "
  `);
});

test('unsupported and error claim no points', () => {
  const message = { text: 'It needs Linux 6.1 or newer; this is 5.10.' };
  const unsupported = result({ outcome: 'unsupported', points: 0, maxPoints: 0, checks: [], message });
  const error = result({
    outcome: 'error',
    points: 0,
    maxPoints: 0,
    checks: [{ ...failed, outcome: 'error', maxPoints: 0, message: { text: 'The grader itself failed.' } }],
  });
  expect(show([unsupported, error, pass, pass])).toMatchInlineSnapshot(`
    "
      ✓ programs/hello  6/6  Linux 6.12.117
      ✓ programs/hello  6/6  Linux 6.12.117

    programs/hello · Say hello from the kernel

      It needs Linux 6.1 or newer; this is 5.10.

      ○ Cannot be graded on this machine. It costs no points.
      Linux 6.12.117 · VM (kvm) · 1.2 s · --seed 8f3a61

    programs/hello · Say hello from the kernel

      ! load

      ! The verifier accepts it

      The grader itself failed.

      ! Not graded: the grader failed, not you. It costs no points.
      Linux 6.12.117 · VM (kvm) · 1.2 s · --seed 8f3a61

      4 exercises: 2 passed, 1 not gradable here, 1 grader error; 12 of 12 points
    "
  `);
});

test('the command failed', () => {
  const report = {
    ...makeReport([]),
    exitCode: 3,
    error: { message: 'No QEMU here.', remedy: 'sudo apt install qemu-system-x86' },
  };
  expect(`\n${renderReport(report, screen)}`).toMatchInlineSnapshot(`
    "
      No QEMU here.

      help      sudo apt install qemu-system-x86
    "
  `);
});

test('colours are escapes around the same text', () => {
  const coloured = show([result()], { color: true });
  expect(coloured).toContain('\u001b[31m✗\u001b[39m');
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(show([result()]));
});

test('escapes in what the machine said do nothing', () => {
  const message = {
    text: 'a\u001b[2Jb\u0007',
    location: { file: 'x\u001b[31m', line: 1, source: '\u001b]0;t\u0007y' },
    help: '\u202ez',
  };
  const hostile = show([result({ title: '\u001b[1m', checks: [{ ...failed, title: 'q\rw', message }] })], {}, [
    '\u001bc',
  ]);
  expect(hostile).not.toMatch(/[\u001b\u0007\r\u202e]/);
});

test('the caret stands under its column in a long line, and after tabs and letters beyond ASCII', () => {
  const at = (source: string, column: number) => {
    const message = { text: 't', location: { file: 'f', line: 1, column, source } };
    const lines = show([result({ checks: [{ ...failed, message }] })]).split('\n');
    const caret = lines.findIndex((line) => line.trimEnd().endsWith('│ ^') || /│ +\^$/.test(line));
    return lines[caret - 1]![lines[caret]!.indexOf('^')];
  };
  expect(at(`${'.'.repeat(150)}X${'.'.repeat(50)}`, 151)).toBe('X');
  expect(at('\t\ta\tX', 5)).toBe('X');
  expect(at('/* é */ X', 10)).toBe('X');
});

test('what the stream and the locale can', () => {
  const pipe = new PassThrough() as never;
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 200 }) as never;
  const color = false;
  expect(screenOf(pipe, { LANG: 'C' }, { color })).toEqual({ color: false, width: 80, unicode: false, plain: false });
  expect(screenOf(stream, { LC_ALL: 'C', LANG: 'en_US.UTF-8' }, { color })).toMatchObject({
    width: 100,
    unicode: false,
  });
  expect(screenOf(stream, { LANG: 'de_DE.utf8' }, { color }).unicode).toBe(true);
});

test.each([
  ['Windows Terminal under WSL', { WSL_DISTRO_NAME: 'Ubuntu', WT_SESSION: 'x', LANG: 'C.UTF-8' }, true],
  ['Windows Terminal under WSL, without a locale', { WSL_DISTRO_NAME: 'Ubuntu', WT_SESSION: 'x' }, true],
  ['Windows Terminal, where a locale asks for ASCII', { WT_SESSION: 'x', LC_ALL: 'C' }, false],
  ['the old Windows console under WSL', { WSL_DISTRO_NAME: 'Ubuntu', LANG: 'C.UTF-8' }, false],
  ['an editor under WSL', { WSL_DISTRO_NAME: 'Ubuntu', TERM_PROGRAM: 'vscode', LANG: 'C.UTF-8' }, true],
  ['the Linux console', { TERM: 'linux', LANG: 'C.UTF-8' }, false],
] as const)('%s', (_, env, unicode) => {
  expect(screenOf(new PassThrough() as never, env).unicode).toBe(unicode);
});

test.each([
  ['--plain', {}, true, true],
  ['HOOKPOINT_PLAIN=1', { HOOKPOINT_PLAIN: '1' }, false, true],
  ['HOOKPOINT_PLAIN=0', { HOOKPOINT_PLAIN: '0' }, false, false],
  ['TERM=dumb', { TERM: 'dumb' }, false, true],
] as const)('%s', (_, env, option, plain) => {
  const screen = screenOf(new PassThrough() as never, { FORCE_COLOR: '1', ...env }, { plain: option });
  expect(screen.plain).toBe(plain);
  if (plain) expect(screen.color).toBe(false);
});

test('json is the report, checked', () => {
  expect(JSON.parse(renderJson(makeReport([pass])))).toMatchObject({ format: 'hookpoint-report', exitCode: 0 });
  expect(() => renderJson(makeReport([{ ...pass, seed: 5 } as never]))).toThrow();
  expect(makeReport([pass, result({ checks: [passed] })]).exitCode).toBe(1);
});
