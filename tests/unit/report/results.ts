/** Results for tests of reports. */
import type { CheckResult, Result } from '../../../grader/verdict/result.ts';

export const passed: CheckResult = {
  id: 'compiles',
  title: 'The program compiles',
  stage: 'compile',
  outcome: 'pass',
  points: 1,
  maxPoints: 1,
  durationMs: 300,
  rationale: 'Only what compiles can be loaded.',
};
export const failed: CheckResult = {
  id: 'loads',
  title: 'The verifier accepts it',
  stage: 'load',
  outcome: 'fail',
  points: 0,
  maxPoints: 3,
  durationMs: 40,
  rationale: 'Only the verifier can say what it accepts.',
  hint: 'Which line does the message name?',
  message: {
    text: 'The value is used before the lookup was tested for NULL. bpf_map_lookup_elem returns NULL for a key that is not in the map.',
    expected: 'a program that the verifier accepts',
    actual: "R0 invalid mem access 'map_value_or_null'",
    help: 'Test it before you use it:\n  if (!value)\n      return 0;',
    location: { file: 'hello.bpf.c', line: 17, column: 10, source: '\treturn *value;' },
    logFile: '.grade/logs/programs/hello/loads.log',
    log: '0: (b7) r1 = 0',
  },
};
export const skipped: CheckResult = {
  id: 'fires',
  title: 'One line for each call',
  stage: 'fires',
  outcome: 'skipped',
  points: 0,
  maxPoints: 2,
  durationMs: 0,
  rationale: 'Loaded is not yet run.',
  waitsFor: 'loads',
  message: { text: 'Not run.' },
};

export function result(changes: Partial<Result> = {}): Result {
  return {
    exercise: 'programs/hello',
    title: 'Say hello from the kernel',
    submission: 'submissions/me/programs/hello',
    digest: 'sha256:0',
    outcome: 'fail',
    points: 1,
    maxPoints: 6,
    seed: '8f3a61',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1234,
    machine: { kind: 'vm', accelerator: 'kvm', kernel: '6.12.117', arch: 'x86_64', image: null },
    checks: [passed, failed, skipped],
    ...changes,
  };
}

export const pass = result({ outcome: 'pass', points: 6, checks: [passed] });

// Every other way in which an exercise can end.
const blank = { points: 0, maxPoints: 0, durationMs: 0, rationale: 'Loaded is not yet run.' };
export const unsupportedCheck: CheckResult = {
  ...blank,
  id: 'fires',
  title: 'One line for each call',
  stage: 'fires',
  outcome: 'unsupported',
  message: { text: 'This kernel has no bpf_loop.' },
};
export const erroredCheck: CheckResult = {
  ...blank,
  id: 'loads',
  title: 'The verifier accepts it',
  stage: 'load',
  outcome: 'error',
  durationMs: 90_000,
  message: {
    text: 'The test machine stopped answering during this check. That is not your fault, and costs no points.',
    help: 'Grade it again.',
    logFile: '.grade/logs/x.log',
  },
};
const waiting: CheckResult = { ...skipped, maxPoints: 0, waitsFor: 'loads' };

export const unsupported = result({
  exercise: 'modern/dynptr',
  title: 'Packets of any length',
  submission: 'submissions/me/modern/dynptr',
  outcome: 'unsupported',
  points: 0,
  maxPoints: 0,
  checks: [],
  message: {
    text: 'This machine cannot judge modern/dynptr. It needs Linux 5.19 or newer; this is 5.10.',
    help: 'Choose another kernel with --kernel.',
  },
});
export const unsupportedCheckOnly = result({
  exercise: 'vm/loops',
  title: 'Loops',
  submission: 'submissions/me/vm/loops',
  outcome: 'unsupported',
  points: 0,
  maxPoints: 0,
  checks: [passed, unsupportedCheck],
});
export const invalid = result({
  exercise: 'maps/lru',
  title: 'A bounded table',
  submission: 'submissions/me/maps/lru',
  outcome: 'invalid',
  points: 0,
  maxPoints: 0,
  digest: null,
  machine: null,
  durationMs: 0,
  checks: [],
  message: {
    text: 'flow.bpf.c is missing in submissions/me/maps/lru.',
    expected: 'flow.bpf.c',
    actual: 'an empty folder',
    help: 'Get the starter files back with: grade start',
  },
});
export const errored = result({
  exercise: 'vm/null-check',
  title: 'An unchecked lookup',
  submission: 'submissions/me/vm/null-check',
  outcome: 'error',
  points: 0,
  maxPoints: 0,
  checks: [passed, erroredCheck, waiting],
});
export const unjudged = [unsupported, unsupportedCheckOnly, invalid, errored];

/** Every outcome of a check and of an exercise. */
export const everyOutcome = [
  pass,
  result({ exercise: 'vm/packet-bounds', title: 'A packet access', submission: 'submissions/me/vm/packet-bounds' }),
  ...unjudged,
];

/** What somebody would write who wants a report to do something: markup, commands, mentions, escapes, formulas, bidi, half a character. */
export const attacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</style><style>@import url(//evil.example)</style>',
  '<!-- --> ]]> &amp; &#60;b&#62;',
  '::error file=a.c::owned',
  '##[group]owned',
  '@octocat #1 GH-2 https://evil.example www.evil.example',
  '[x](https://evil.example) ![i](https://evil.example/i.png)',
  '```\n# not a heading\n~~~\n````',
  '| a | b |',
  '=HYPERLINK("https://evil.example")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\u001b[31mred\u001b]8;;https://evil.example\u0007link',
  '\u202egpj.exe',
  '\ud800',
  '\uffff\ufffe\u0000\u000b',
  '${{ secrets.X }}',
  '{{7*7}}',
];
export const hostileText = attacks.join('\n');

/** `text` wherever the schema lets a learner's or a machine's text stand. */
export function hostileResult(text = hostileText): Result {
  const message = {
    text,
    expected: text,
    actual: text,
    state: text,
    help: text,
    location: { file: `../${text}`.slice(0, 255), line: 3, column: 2, source: text },
    lesson: text.slice(0, 128),
    log: text,
    logFile: text,
  };
  const check = (id: string, outcome: CheckResult['outcome']): CheckResult => ({
    ...failed,
    id: `${id}${text}`.slice(0, 64),
    title: text.slice(0, 200),
    rationale: text,
    outcome,
    hint: text,
    waitsFor: text.slice(0, 64),
    message,
  });
  return result({
    exercise: text.slice(0, 128),
    title: text.slice(0, 200),
    submission: `submissions/${text}`.slice(0, 500),
    digest: text.slice(0, 100),
    seed: text.slice(0, 64),
    message,
    machine: {
      kind: 'vm',
      accelerator: text.slice(0, 20),
      kernel: text.slice(0, 100),
      arch: text.slice(0, 20),
      image: text.slice(0, 100),
    },
    checks: [
      check('1', 'fail'),
      check('2', 'pass'),
      check('3', 'skipped'),
      check('4', 'unsupported'),
      check('5', 'error'),
    ],
  });
}

/** One for each attack, so that each is also what a field begins with. */
export const hostile = [hostileResult(), ...attacks.map(hostileResult)];
