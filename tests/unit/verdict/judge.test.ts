import { describe, expect, test } from 'vitest';
import { CheckFailure, Unsupported } from '../../../grader/verdict/failure.ts';
import type { Kit } from '../../../grader/kit/kit.ts';
import { type MachineInfo, MachineLost } from '../../../grader/machine/machine.ts';
import { judge, type Judging, unjudged } from '../../../grader/verdict/judge.ts';
import { check, exercise, runsOf, type TestCheck } from './exercises.ts';

const machine: MachineInfo = { kind: 'vm', accelerator: 'tcg', kernel: '6.12.1', arch: 'x86_64', image: null };
const fail =
  (detail = {}) =>
  async () => {
    throw new CheckFailure({ text: 'It is wrong.', ...detail });
  };
const raise = (error: unknown) => async () => {
  throw error;
};

async function run(checks: TestCheck[], more: Partial<Judging<Kit>> = {}) {
  const logs = new Map<string, string>();
  const seen: string[] = [];
  let clock = Date.UTC(2026, 0, 1);
  const result = await judge({
    exercise: exercise(...checks),
    runs: runsOf(exercise(...checks)),
    kit: {} as Kit,
    seed: 'abc',
    submission: { folder: 'submissions/me/programs/hello', digest: 'sha256:0' },
    machine,
    now: () => (clock += 5),
    saveLog: (name, text) => {
      logs.set(name, text);
      return `.grade/logs/${name}`;
    },
    onCheck: (c, r) => seen.push(`${c.id} ${r?.outcome ?? 'starts'}`),
    ...more,
  });
  return { result, logs, seen, outcomes: result.checks.map((c) => c.outcome) };
}

describe('judge', () => {
  test('help that the failure does not say comes from the exercise’s data, one sentence or the one that is named', async () => {
    const helped = async (help: string | Record<string, string> | undefined, said?: string) => {
      const { result } = await run([check('a', fail(said === undefined ? {} : { help: said }), { help })]);
      const [{ outcome, message } = { outcome: '', message: undefined }] = result.checks;
      return outcome === 'fail' ? message?.help : outcome;
    };
    expect(await helped(undefined)).toBeUndefined();
    expect(await helped(undefined, 'Look.')).toBe('Look.');
    expect(await helped('Add a row.')).toBe('Add a row.');
    expect(await helped('Add a row.', 'Look.')).toBe('Look.');
    expect(await helped({ 'no-row': 'Add a row.', many: 'Take one away.' }, 'many')).toBe('Take one away.');
    expect(await helped({ 'no-row': 'Add a row.' }, 'many'), 'a name that is not there is our mistake').toBe('error');
  });

  test('a check that nobody judges is an error of ours', async () => {
    const { outcomes } = await run([check('a')], { runs: new Map() });
    expect(outcomes).toEqual(['error']);
  });

  test('all checks pass', async () => {
    const { result, seen } = await run([check('a'), check('b')]);
    expect(result).toMatchObject({
      outcome: 'pass',
      points: 4,
      maxPoints: 4,
      seed: 'abc',
      machine: { kernel: '6.12.1' },
    });
    expect(result.checks[0]!.durationMs).toBe(5);
    expect(seen).toEqual(['a starts', 'a pass', 'b starts', 'b pass']);
  });

  test('a failure skips what waits for it, by default the next, and names it', async () => {
    const { result, outcomes } = await run([check('a', fail()), check('b'), check('c', undefined, { after: [] })]);
    expect(outcomes).toEqual(['fail', 'skipped', 'pass']);
    expect(result).toMatchObject({ outcome: 'fail', points: 2, maxPoints: 6 });
    expect(result.checks[1]).toMatchObject({
      waitsFor: 'a',
      message: { text: 'Not run: “It does a” must pass first.' },
    });
    expect(result.checks.map(({ waitsFor }) => waitsFor)).toEqual([undefined, 'a', undefined]);
  });

  test('a failed check gives the hint that is next, and no other check gives one; each says why it is there', async () => {
    const checks = [
      check('a', undefined),
      check('b', fail(), { after: [] }),
      check('c', raise(new Error('ours')), { after: [] }),
    ];
    const hintsAfter = async (given: number) =>
      (await run(checks, { hintsGiven: { b: given, other: 1 } })).result.checks.map(({ hint }) => hint);
    const { nudge, concept, line } = checks[1]!.hints;
    expect(await Promise.all([0, 1, 2, 7].map(hintsAfter))).toEqual(
      [nudge, concept, line, line].map((hint) => [undefined, hint, undefined]),
    );
    expect((await run(checks)).result.checks.map(({ rationale }) => rationale)).toEqual(
      checks.map(({ rationale }) => rationale),
    );
  });

  test('the whole log goes to a file, a short one into the message', async () => {
    const wholeLog = Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n');
    const { result, logs } = await run([check('a', fail({ wholeLog }))]);
    expect(logs.get('a.log')).toBe(wholeLog);
    expect(result.checks[0]!.message).toMatchObject({ logFile: '.grade/logs/a.log' });
    expect(result.checks[0]!.message!.log).toContain('\n… 420 lines left out …\n');
  });

  test('a log that cannot be kept does not cost the verdict', async () => {
    const { outcomes } = await run([check('a', fail({ wholeLog: 'x' }))], {
      saveLog: raise(new Error('ENOSPC')) as never,
    });
    expect(outcomes).toEqual(['fail']);
  });

  test('unsupported costs nothing, nor does what waits for it', async () => {
    const unsupported = check('b', raise(new Unsupported('No BTF here.')), { after: [] });
    const { result, outcomes } = await run([check('a'), unsupported, check('c'), check('d')]);
    expect(outcomes).toEqual(['pass', 'unsupported', 'skipped', 'skipped']);
    expect(result).toMatchObject({ outcome: 'unsupported', points: 0, maxPoints: 0 });
  });

  test('beside an unsupported check, only the failure costs points', async () => {
    const free = check('z', undefined, { points: 0 });
    const checks = [
      check('a', raise(new Unsupported('no'))),
      check('b'),
      check('c', fail(), { after: [] }),
      free,
      check('d'),
    ];
    const { result } = await run(checks);
    expect(result).toMatchObject({ outcome: 'fail', points: 0, maxPoints: 4 });
  });

  test('a lost machine is our fault; nothing runs after it; the stack is only in the log', async () => {
    const lost = new MachineLost('panic', 'guest panicked', 'Kernel panic - not syncing');
    const { result, outcomes, logs } = await run([check('a', raise(lost)), check('b', undefined, { after: [] })]);
    expect(outcomes).toEqual(['error', 'skipped']);
    expect(result.outcome).toBe('error');
    expect(result.checks[0]!.message!.text).toMatch(/panicked.*not your fault/);
    expect(JSON.stringify(result)).not.toContain('judge.test.ts');
    expect(logs.get('a.error.log')).toMatch(/judge\.test\.ts[^]*not syncing/);
  });

  test.each([new TypeError('x is undefined'), 'a string', undefined])(
    'any other throw is an error: %s',
    async (thrown) => {
      const { outcomes } = await run([check('a', raise(thrown))]);
      expect(outcomes).toEqual(['error']);
    },
  );

  test('hostile text is cleaned and cut until it fits', async () => {
    const location = { file: 'f'.repeat(999), line: 0, source: 's' };
    const { result } = await run(
      [
        check(
          'a',
          fail({
            text: `\u001b[2J${'😀'.repeat(5000)}`,
            actual: 'a\u202eb\u0007\r\nc',
            wholeLog: '\u001b]0;x\u0007hi',
            location,
          }),
        ),
      ],
      { machine: { ...machine, kernel: '\u001b[31m6.1'.padEnd(300, 'x') } },
    );
    const message = result.checks[0]!.message!;
    expect(message.text).toMatch(/^😀+…$/u);
    expect(message).toMatchObject({ actual: 'ab\nc', log: 'hi' });
    expect(message.location).toBeUndefined();
    expect(result.machine!.kernel).toMatch(/^6\.1x+…$/);
  });
});

test('unjudged says why nothing was run', () => {
  const about = { exercise: exercise(check('a')), seed: 's', submission: { folder: 'f', digest: null }, now: () => 0 };
  const message = { text: 'There is no hello.bpf.c.' };
  expect(unjudged({ ...about, outcome: 'invalid', message })).toMatchObject({
    points: 0,
    maxPoints: 0,
    machine: null,
    message,
  });
  expect(unjudged({ ...about, outcome: 'unsupported', message })).toMatchObject({
    points: 0,
    maxPoints: 0,
    checks: [],
  });
});
