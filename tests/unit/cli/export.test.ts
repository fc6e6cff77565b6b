import { execFileSync } from 'node:child_process';
import { readFile, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { CommandFailure, type Context } from '../../../grader/cli/context.ts';
import { exportResults, type ExportOptions } from '../../../grader/cli/export.ts';
import { readReport } from '../../../grader/cli/read-report.ts';
import { saveResult } from '../../../grader/course/progress.ts';
import { makeReport, renderJson } from '../../../grader/report/json.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import { smallCourse } from '../course/courses.ts';
import { errored, pass, result, unsupported } from '../report/results.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

/** A course in which ada has started two exercises, with these as her last results. */
async function started(...results: Result[]) {
  const root = await smallCourse();
  await addFiles(root, { 'submissions/ada/programs/hello/a.bpf.c': '', 'submissions/ada/programs/maps/a.bpf.c': '' });
  for (const one of results)
    await saveResult(
      root,
      'ada',
      { id: one.exercise, formerly: [] },
      { ...one, submission: `submissions/ada/${one.exercise}` },
    );
  return root;
}

async function run(root: string, named: string[], options: ExportOptions) {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const out = join(root, 'out');
  const code = await exportResults({ root, json: false, note, tell: note } as Partial<Context> as Context, named, {
    out,
    ...options,
  });
  return { code, notes, text: await readFile(out, 'utf8') };
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: CommandFailure) => `${error.exitCode} ${error.message} ${error.remedy}`,
  );
const written = (...results: Result[]) => renderJson(makeReport(results));

test('the last results of what was started; the reader learns what is missing or has changed', async () => {
  const { notes, text } = await run(await started(pass), [], { format: 'csv' });
  expect(parse(text, { bom: true })).toEqual([
    ['login', 'programs/hello', 'points', 'max_points', 'not_graded'],
    ['ada', '6', '6', '6', ''],
  ]);
  expect(notes).toEqual([
    'programs/hello has changed since it was graded; the export says what it was then.',
    'programs/maps has not been graded yet, and is not in the export.',
    expect.stringMatching(/^Exported 1 result: .*\/out$/),
  ]);
});

test('only the exercises that were named, for each format', async () => {
  const root = await started(pass, { ...result(), exercise: 'programs/maps' });
  for (const format of ['gradescope', 'check50', 'exercism', 'prairielearn'] as const) {
    const document = JSON.parse((await run(root, ['maps'], { format })).text);
    // Those of programs/maps; the other exercise has one more.
    expect(document.tests ?? document.results).toHaveLength(3);
  }
});

test('nothing graded, no format, and a place where no file can be', async () => {
  const root = await started();
  expect(await failure(run(root, [], { format: 'csv' }))).toBe('2 ada has no results yet. Grade first: npx grade');
  expect(await failure(run(root, ['hello'], { format: 'csv' }))).toBe(
    '2 ada has no results yet of these exercises. Grade first: npx grade programs/hello',
  );
  expect(await failure(run(root, [], {}))).toContain('2 Export to what? Say one of: --format gradescope,');
  expect(await failure(run(root, [], { format: 'csv', out: join(root, 'none/x') }))).toContain('there is no folder');
  expect(await failure(run(root, ['nope'], { format: 'csv' }))).toContain('2 There is no exercise or folder');
});

test('report files of several learners are one gradebook, or one learner at a time', async () => {
  const root = await started();
  const of = (login: string) => ({ ...pass, submission: `submissions/${login}/programs/hello` });
  await addFiles(root, { 'a.json': written(of('ada'), of('bob')), 'b.json': written(of('cyd')) });
  const from = [join(root, 'a.json'), join(root, 'b.json')];
  expect(
    (parse((await run(root, [], { format: 'csv', from })).text, { bom: true }) as string[][]).map(([login]) => login),
  ).toEqual(['login', 'ada', 'bob', 'cyd']);
  expect(await failure(run(root, [], { format: 'exercism', from }))).toBe(
    '2 exercism is about one learner, and these results are of ada, bob, cyd. Choose one with --as <login>, or take --format csv for all of them.',
  );
  expect(JSON.parse((await run(root, [], { format: 'exercism', from, as: 'bob' })).text)).toMatchObject({
    status: 'pass',
    tests: [{}],
  });
  expect(await failure(run(root, [], { format: 'csv', from, as: 'eve' }))).toContain(
    '3 results, and none is what you ask for',
  );
});

test('an exercise that stands in two reports counts once: the last that was judged', async () => {
  const root = await started();
  const [old, newer] = [
    { ...result(), startedAt: '2026-01-01T00:00:00.000Z' },
    { ...pass, startedAt: '2026-01-02T00:00:00.000Z' },
  ];
  await addFiles(root, {
    'a.json': written(newer),
    'b.json': written(old),
    'c.json': written({ ...errored, exercise: 'programs/hello', startedAt: '2026-01-03T00:00:00.000Z' }),
  });
  const { text } = await run(root, [], {
    format: 'gradescope',
    from: ['a.json', 'b.json', 'c.json'].map((name) => join(root, name)),
  });
  expect(JSON.parse(text)).toMatchObject({ score: 6, tests: [{ status: 'passed' }] });
});

test('what was not graded is said; a Gradescope document without any score is not written', async () => {
  const { notes } = await run(await started(pass, { ...errored, exercise: 'programs/maps' }), [], {
    format: 'gradescope',
  });
  expect(notes).toContain('Not graded, and without points in the export: programs/maps (error).');
  const root = await started({ ...unsupported, exercise: 'programs/maps' });
  expect(await failure(run(root, [], { format: 'gradescope' }))).toBe(
    '3 None of these exercises could be graded, and gradescope would read a document without a score as zero points. Grade again first: npx grade programs/maps',
  );
});

test('a report of a command that failed says so where the format can', async () => {
  const root = await started();
  await addFiles(root, { 'a.json': renderJson({ ...makeReport([]), exitCode: 3, error: { message: 'No QEMU.' } }) });
  expect(JSON.parse((await run(root, [], { format: 'exercism', from: [join(root, 'a.json')] })).text)).toMatchObject({
    status: 'error',
    message: expect.stringContaining('No QEMU.'),
  });
});

test('a file that is no report is refused, with the field', async () => {
  const good = JSON.parse(written(result()));
  const root = await temporaryFolder({
    'text.json': 'x',
    'bytes.json': new Uint8Array([0xff]),
    'other.json': '{}',
    'folder.json/': '',
    'large.json': '',
    'field.json': JSON.stringify({ ...good, results: [{ ...good.results[0], points: -1, extra: 1 }] }),
    'long.json': JSON.stringify({ ...good, results: [{ ...good.results[0], title: 'x'.repeat(201) }] }),
  });
  await truncate(join(root, 'large.json'), 64 * 1024 * 1024 + 1);
  await symlink('/dev/zero', join(root, 'device.json'));
  execFileSync('mkfifo', [join(root, 'pipe.json')]);
  const about = (name: string) => failure(readReport(join(root, name)));
  expect(await about('text.json')).toMatch(/^2 \S+text\.json: is not JSON/);
  expect(await about('bytes.json')).toContain('is not JSON');
  expect(await about('other.json')).toContain('is not a report of this grader.\n  format:');
  expect(await about('field.json')).toMatch(/\n {2}results\[0\]\.points: .*\n {2}results\[0\]: .*"extra"/);
  expect(await about('long.json')).toContain('results[0].title: ');
  expect(await about('folder.json')).toContain('is not a file');
  expect(await about('device.json')).toContain('is a link');
  expect(await about('pipe.json')).toContain('is not a file');
  expect(await about('large.json')).toContain('has 67108865 bytes, and at most 67108864 are read');
  expect(await about('none.json')).toContain('there is no such file');
});

test('the maximum of what is incomplete comes from the course, for a report file as well', async () => {
  const root = await smallCourse();
  const invalid = { outcome: 'invalid' as const, points: 0, maxPoints: 0, checks: [], message: { text: 'Missing.' } };
  const submission = 'submissions/ada/programs/maps';
  await addFiles(root, {
    'a.json': written(pass, result({ ...invalid, exercise: 'programs/maps', submission })),
  });
  const { text } = await run(root, [], { format: 'csv', from: [join(root, 'a.json')] });
  expect(parse(text, { bom: true, columns: true })).toMatchObject([
    { login: 'ada', 'programs/maps': '', points: '0', max_points: '3' },
    { login: 'me', points: '6', max_points: '6' },
  ]);
});

describe('a class', () => {
  const classFile = (learners: string) =>
    `title: x\ntimezone: UTC\ncounts: { programs/hello: 6, programs/maps: 3 }\nlearners:\n${learners}`;
  const learners =
    '  - { login: ada, name: Ada }\n  - { login: bob, name: Bob, group: g }\n  - { login: cyd, name: Cyd, group: g }\n  - { login: dan, name: Dan }\n';
  const of = (login: string, changes: Partial<Result> = {}) => ({
    ...result(),
    exercise: 'programs/hello',
    submission: `submissions/${login}/programs/hello`,
    ...changes,
  });

  async function exported(results: Result[], options: ExportOptions) {
    const root = await started();
    await addFiles(root, { 'r.json': written(...results), 'class.yaml': classFile(learners) });
    return { root, options: { from: [join(root, 'r.json')], class: join(root, 'class.yaml'), ...options } };
  }

  test('everyone has a row, and an empty cell is not a zero', async () => {
    const zero = of('ADA', { points: 0, outcome: 'fail' });
    const { root, options } = await exported([zero, of('cyd'), of('zoe')], { format: 'csv' });
    const { text, notes } = await run(root, [], options);
    expect(parse(text, { bom: true })).toEqual([
      ['login', 'programs/hello', 'programs/maps', 'points', 'max_points', 'not_graded'],
      ['ada', '0', '', '0', '6', ''],
      ['bob', '1', '', '1', '6', ''],
      ['cyd', '1', '', '1', '6', ''],
      ['dan', '', '', '0', '0', ''],
      ['zoe', '1', '', '1', '6', ''],
    ]);
    expect(notes).toContain('Not in class.yaml, and in rows below the class: zoe.');
  });

  test('nobody has handed in anything yet: a row for each all the same', async () => {
    const { root, options } = await exported([], { format: 'csv' });
    expect(parse((await run(root, [], options)).text, { bom: true })).toHaveLength(5);
    const one = parse((await run(root, [], { ...options, as: 'dan' })).text, { bom: true }) as string[][];
    expect(one.map(([login]) => login)).toEqual(['login', 'dan']);
  });

  test('the formats that are about one learner know who is in the class, and with whom they hand in', async () => {
    const { root, options } = await exported([of('ada'), of('cyd'), of('BOB', { points: 6, outcome: 'pass' })], {
      format: 'prairielearn',
    });
    expect(await failure(run(root, [], { ...options, as: 'dan' }))).toContain(
      '2 Dan (dan) is in class.yaml, and has handed in nothing: there is nothing to export, which is not zero points.',
    );
    expect(await failure(run(root, [], { ...options, as: 'zoe' }))).toContain('2 class.yaml has no learner zoe.');
    // Bob's group has two results, of which one counts.
    expect(JSON.parse((await run(root, [], { ...options, as: 'bob' })).text)).toMatchObject({ gradable: true });
    expect(await failure(run(root, [], options))).toContain('these results are of ada, g.');
  });

  test('without a class.yaml it says what is missing', async () => {
    const { root, options } = await exported([of('ada')], { format: 'csv' });
    const { class: _, ...others } = options;
    const { text, notes } = await run(root, [], others);
    expect(parse(text, { bom: true })).toHaveLength(2);
    expect(notes[0]).toContain('There is no class.yaml here, so those who have handed in nothing have no row.');
  });

  test('a class.yaml that is wrong is told, and nothing is exported', async () => {
    const { root, options } = await exported([of('ada')], { format: 'csv' });
    await addFiles(root, { 'class.yaml': new Uint8Array([...Buffer.from('title: '), 0xe9, 0x0a]) });
    expect(await failure(run(root, [], options))).toContain('class.yaml is not UTF-8');
    expect(await failure(run(root, [], { ...options, class: join(root, 'none.yaml') }))).toContain('There is no');
  });
});
