/**
 * A term of a class of 40 in three sections, through the real commands. The verdicts are data, as a grading of the small course would give
 * them: no guest is run. What git does to submissions is in submit.test.ts.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { classCommand } from '../../../grader/cli/class.ts';
import type { ClassOptions } from '../../../grader/cli/classroom.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import type { LoadedExercise } from '../../../grader/course/exercise.ts';
import { renderRecord } from '../../../grader/report/record.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import { smallCourseFiles } from '../course/courses.ts';
import { makeRepository } from '../course/repositories.ts';
import { passOf } from '../github/results.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

const [hello, maps, drop] = ['programs/hello', 'programs/maps', 'networking/drop'] as const;
const sections = ['monday', 'tuesday', 'remote'];
const logins = Array.from({ length: 40 }, (_, i) => `l${String(i).padStart(2, '0')}`);
const classOf40 = {
  title: 'eBPF, autumn 2026',
  timezone: 'Europe/Berlin',
  sections: { monday: {}, tuesday: {}, remote: { timezone: 'America/New_York' } },
  learners: logins.map((login, i) => ({
    login,
    name: `Given${i} Family${i}`,
    id: `s${1000 + i}`,
    section: sections[i % 3]!,
    ...([30, 33].includes(i) && { group: 'pair' }),
  })),
  due: [
    { chapter: 'programs', at: '2026-10-12 23:59' },
    { chapter: 'programs', section: 'tuesday', at: '2026-10-13 23:59' },
    { chapter: 'networking', at: '2026-11-09 23:59' },
  ],
  extensions: [{ login: 'l03', exercise: hello, days: 7, because: 'ill' }],
  late: { perDay: 20, atMost: 60, grace: '1 h' },
  counts: { [hello]: 10, [maps]: 5, [drop]: 20 },
};

let root: string;
let course: LoadedExercise[];

async function line(about: {
  login: string;
  exercise?: string;
  at?: string;
  failing?: string;
  version?: string;
  result?: Partial<Result>;
  folder?: string;
}): Promise<string> {
  const { login, exercise = hello, at, failing, version = '1', folder = login } = about;
  const judged = await passOf(
    course.find(({ id }) => id === exercise)!,
    folder,
    failing,
  );
  return renderRecord({
    result: {
      ...judged,
      digest: `sha256:${version.repeat(64)}`,
      startedAt: at ?? '2026-12-01T00:00:00.000Z',
      ...about.result,
    },
    ...(at && { handedIn: at }),
  });
}

const nothing: Partial<Result> = {
  outcome: 'invalid',
  points: 0,
  maxPoints: 0,
  machine: null,
  checks: [],
  message: { text: 'a.bpf.c is missing.' },
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hookpoint-test-'));
  await addFiles(root, smallCourseFiles);
  course = await loadCourse(root);
  await writeFile(join(root, 'class.yaml'), stringify(classOf40));
  const lines = await Promise.all([
    // In time, to the minute, in Berlin and in New York, whose midnight comes six hours later.
    line({ login: 'l00', at: '2026-10-12T21:59:00Z' }),
    line({ login: 'l02', at: '2026-10-13T03:59:00Z' }),
    // Within the grace; two days late; later than the cap; late, with an extension.
    line({ login: 'l06', at: '2026-10-12T22:50:00Z' }),
    line({ login: 'l09', at: '2026-10-14T12:00:00Z' }),
    line({ login: 'l12', at: '2026-11-20T12:00:00Z' }),
    line({ login: 'l03', at: '2026-10-19T12:00:00Z' }),
    // Another section's date.
    line({ login: 'l01', at: '2026-10-13T21:00:00Z' }),
    // Partial credit in time, all of it three days late: the better one counts.
    line({ login: 'l15', at: '2026-10-12T10:00:00Z', failing: 'counts' }),
    line({ login: 'l15', at: '2026-10-15T10:00:00Z', version: '2' }),
    // The same, a day late: now the second.
    line({ login: 'l18', at: '2026-10-12T10:00:00Z', failing: 'counts' }),
    line({ login: 'l18', at: '2026-10-13T10:00:00Z', version: '2' }),
    // A group hands in one folder; a login written otherwise is the same learner.
    line({ login: 'l30', at: '2026-10-12T10:00:00Z' }),
    line({ login: 'l21', folder: 'L21', at: '2026-10-12T10:00:00Z' }),
    // Incomplete; an error of ours after a pass; graded again by a later version, without a time of its own.
    line({ login: 'l24', at: '2026-10-12T10:00:00Z', result: nothing }),
    line({ login: 'l27', at: '2026-10-12T10:00:00Z' }),
    line({ login: 'l27', result: { ...nothing, outcome: 'error' } }),
    line({ login: 'l36', at: '2026-10-14T12:00:00Z', failing: 'counts' }),
    line({ login: 'l36' }),
    // At a time that nobody knows; and somebody who is not in the class.
    line({ login: 'l39' }),
    line({ login: 'stranger', at: '2026-10-12T10:00:00Z' }),
    line({ login: 'l00', exercise: drop, at: '2026-11-09T20:00:00Z', failing: 'counts' }),
  ]);
  await writeFile(join(root, 'term.jsonl'), lines.join(''));
});

afterAll(() => rm(root, { recursive: true }));

async function run(what: string, named: string[], options: Partial<ClassOptions> = {}, yes = false) {
  const { context, said, noted } = listen(root, { yes });
  const code = await classCommand(
    context,
    what,
    named.map((name) => join(root, name)),
    {
      class: join(root, 'class.yaml'),
      ...options,
    },
  );
  return { code, said: said(), noted: noted() };
}

async function gradebook(format: string): Promise<string> {
  const out = join(await temporaryFolder(), 'grades.csv');
  await run('gradebook', ['term.jsonl'], { format, out });
  return readFile(out, 'utf8');
}

test('each figure of the gradebook, and a row for everyone', async () => {
  const rows = parse(await gradebook('csv'), { bom: true, columns: true }) as Record<string, string>[];
  expect(rows.map(({ login }) => login)).toEqual(logins);
  const of = (login: string) => rows.find((row) => row['login'] === login)![hello];
  expect(Object.fromEntries(['l00', 'l02', 'l06', 'l03', 'l01', 'l21', 'l39'].map((one) => [one, of(one)]))).toEqual(
    Object.fromEntries(['l00', 'l02', 'l06', 'l03', 'l01', 'l21', 'l39'].map((one) => [one, '10'])),
  );
  // 10 points, and 20 % less a begun day, at most 60 %.
  expect([of('l09'), of('l12')]).toEqual(['6', '4']);
  // 1 of 3 in time is 3.33; all of it after three begun days 4, after one 8.
  expect([of('l15'), of('l18')]).toEqual(['4', '8']);
  expect([of('l30'), of('l33')]).toEqual(['10', '10']);
  // The new verdict on the same files, with the time at which they were handed in: two days late.
  expect(of('l36')).toBe('6');
  expect(of('l27')).toBe('10');
  // Empty, which is not zero.
  expect([of('l24'), of('l04')]).toEqual(['', '']);
  expect(rows.find(({ login }) => login === 'l24')).toMatchObject({
    points: '0',
    of: '0',
    not_graded: `${hello}: invalid`,
  });
  expect(rows[0]).toMatchObject({ [drop]: '6.67', points: '16.67', of: '30', section: 'monday' });
});

test('every figure is explained', async () => {
  const { said } = await run('explain', ['term.jsonl'], { learner: 'L36' });
  expect(said).toMatchInlineSnapshot(`
    "Given36 Family36 (l36, section monday): 6 of 10 points of what has a grade
      programs/hello               6 of 10      3 of 3 from checks, handed in 2026-10-14 14:00 Europe/Berlin, due 2026-10-12 23:59 Europe/Berlin, 2 days late: 40 % less
      programs/maps                – of 5       nothing handed in, due 2026-10-12 23:59 Europe/Berlin: no grade
      networking/drop              – of 20      nothing handed in, due 2026-11-09 23:59 Europe/Berlin: no grade"
  `);
  const all = (await run('explain', ['term.jsonl'])).said;
  expect(all).toContain('due 2026-10-19 23:59 Europe/Berlin, extended: ill');
  expect(all).toContain('handed in 2026-10-12 23:59 America/New_York, due 2026-10-12 23:59 America/New_York');
  expect(all).toContain('handed in at an unknown time, taken for in time');
  expect(await failure(run('explain', ['term.jsonl'], { learner: 'zoe' }).then(({ code }) => code))).toContain(
    'no learner zoe',
  );
});

test('a second look: its verdict, at the time at which the same files were handed in', async () => {
  const first = await line({ login: 'l36', at: '2026-10-12T12:00:00Z', failing: 'counts' });
  const second = JSON.parse(await line({ login: 'l36', result: { startedAt: '2026-11-20T00:00:00.000Z' } })) as object;
  await addFiles(root, { 'look.jsonl': `${first}${JSON.stringify({ ...second, secondLook: true })}\n` });
  expect((await run('explain', ['look.jsonl'], { learner: 'l36' })).said).toContain(
    '10 of 10     3 of 3 from checks at a second look, handed in 2026-10-12 14:00 Europe/Berlin',
  );
});

test('Canvas, Moodle and Blackboard: the columns that each imports', async () => {
  const canvas = parse(await gradebook('canvas'), { bom: true }) as string[][];
  expect(canvas.slice(0, 3)).toEqual([
    [
      'Student',
      'ID',
      'SIS User ID',
      'SIS Login ID',
      'Section',
      `Say hello [${hello}]`,
      `Say hello [${maps}]`,
      `Say hello [${drop}]`,
    ],
    ['    Points Possible', '', '', '', '', '10', '5', '20'],
    ['Family0, Given0', '', 's1000', 's1000', 'monday', '10', '', '6.67'],
  ]);
  expect(canvas).toHaveLength(42);
  const moodle = parse(await gradebook('moodle'), { bom: true, columns: true }) as object[];
  expect(moodle[0]).toMatchObject({
    idnumber: 's1000',
    firstname: 'Given0',
    lastname: 'Family0',
    [hello]: '10',
    [maps]: '',
  });
  const blackboard = await gradebook('blackboard');
  expect(blackboard.split('\r\n').slice(0, 2)).toEqual([
    `\ufeff"Last Name","First Name","Username","${hello} [Total Pts: 10]","${maps} [Total Pts: 5]","${drop} [Total Pts: 20]"`,
    '"Family0","Given0","s1000","10","","6.67"',
  ]);
});

test('who is unknown, who is missing; what is asked wrongly', async () => {
  const { said } = await run('check', ['term.jsonl']);
  expect(said).toContain('40 learners, 3 sections, 1 group; 3 exercises count, 3 due dates.');
  expect(said).toContain('Not in class.yaml, and they have results: stranger.');
  expect(said).toContain('Without any result: l04, l05, l07,');
  expect(said).not.toContain('l33');
  const told = (what: string, named: string[], options: Partial<ClassOptions> = {}) =>
    failure(run(what, named, options).then(({ code }) => code));
  expect(await told('grades', [])).toContain('npx grade class gradebook');
  expect(await told('gradebook', [])).toContain('Of which results?');
  expect(await told('gradebook', ['term.jsonl'], { format: 'excel' })).toContain('--format canvas');
  expect(await told('check', [], { class: join(root, 'none.yaml') })).toContain('There is no');
  await addFiles(root, {
    'broken.yaml': 'title: x\ntimezone: UTC\nlearners:\n  - { login: ada, name: Ada }\n  - { login: ada, name: Ada }\n',
    'no-id.yaml': 'title: x\ntimezone: UTC\nlearners:\n  - { login: ada, name: Ada }\n',
  });
  expect(await told('check', [], { class: join(root, 'broken.yaml') })).toMatch(
    /1 problem:\n {2}\S+broken\.yaml:5: ada is also learner 1/,
  );
  expect(await told('gradebook', ['term.jsonl'], { format: 'canvas', class: join(root, 'no-id.yaml') })).toContain(
    'class.yaml has none for ada',
  );
  expect(await told('gradebook', ['term.jsonl'], { format: 'moodle', class: join(root, 'no-id.yaml') })).toContain(
    'moodle finds a learner by their id or email',
  );
});

test('graded again: what changed, and why', async () => {
  const before = [
    await line({ login: 'l00' }),
    await line({ login: 'l01', failing: 'counts' }),
    await line({ login: 'l02' }),
    await line({ login: 'l03' }),
    await line({ login: 'l04' }),
  ];
  const machine = { kind: 'vm', accelerator: 'kvm', kernel: '5.10.1-amd64', arch: 'x86_64', image: null } as const;
  const after = [
    await line({ login: 'l00' }),
    await line({ login: 'l01' }),
    await line({ login: 'l02', failing: 'counts', version: '2' }),
    await line({ login: 'l03', failing: 'loads', result: { machine } }),
    await line({ login: 'l05' }),
  ];
  await addFiles(root, { 'before.jsonl': before.join(''), 'after.jsonl': after.join('') });
  const { said } = await run('regrade', ['before.jsonl', 'after.jsonl']);
  expect(said).toMatchInlineSnapshot(`
    "4 verdicts changed, 1 the same, 1 not graded again.
      submissions/l01/programs/hello: not yet, 1 of 3 → passed, 3 of 3; the same files on the same kernel, so the grader, the exercise or the workload (seed 8f3a61aa): counts is now ‘pass’
      submissions/l02/programs/hello: passed, 3 of 3 → not yet, 1 of 3; its files have changed
      submissions/l03/programs/hello: passed, 3 of 3 → not yet, 0 of 3; graded on 5.10.1-amd64 instead of 6.12.117+deb13-cloud-amd64: loads is now ‘fail’, counts is now ‘skipped’
      submissions/l05/programs/hello: passed, 3 of 3; it was not graded before
      submissions/l04/programs/hello: not graded again"
  `);
});

test('the page: everyone, who has gone silent, at which step, over time; no ranking', async () => {
  const out = join(await temporaryFolder(), 'class.html');
  vi.useFakeTimers({ now: Date.UTC(2026, 9, 20), toFake: ['Date'] });
  try {
    await run('page', ['term.jsonl'], { out });
  } finally {
    vi.useRealTimers();
  }
  const html = await readFile(out, 'utf8');
  const rows = [...html.matchAll(/<tr><th scope="row">(l\d\d|L\d\d)<\/th>/g)].map(([, login]) => login!);
  expect(rows).toEqual(logins);
  // What was partial first and whole later has passed; an error of ours after a pass hides nothing.
  for (const login of ['l15', 'l27', 'l36'])
    expect(html).toMatch(new RegExp(`<th scope="row">${login}</th><td class="pass">`));
  expect(html).toMatch(/<th scope="row">l24<\/th><td class="invalid">/);
  expect(html).toContain('<th scope="row">Given4 Family4 (l04)</th><td>tuesday</td><td>none</td>');
  expect(html).not.toContain('(l33)');
  expect(html).toMatch(/<h2>At which step<\/h2>/);
  expect(html).toMatch(/<th scope="row">2026-10-12<\/th>/);
  expect(html).not.toMatch(/rank|<script|https?:/);
});

test('the page of a class that was graded again goes by when things were handed in', async () => {
  const out = join(await temporaryFolder(), 'class.html');
  const again = join(root, 'again.jsonl');
  // Of the same files as in October; and by somebody who is not in the class.
  const lines = [
    line({ login: 'l06', at: '2026-10-12T22:50:00Z' }),
    line({ login: 'l06' }),
    line({ login: 'outsider' }),
  ];
  await writeFile(again, (await Promise.all(lines)).join(''));
  vi.useFakeTimers({ now: Date.UTC(2026, 11, 2), toFake: ['Date'] });
  try {
    await run('page', ['again.jsonl'], { out });
  } finally {
    vi.useRealTimers();
  }
  const html = await readFile(out, 'utf8');
  // Silent since October, although there is a verdict of yesterday.
  expect(html).toContain('<th scope="row">Given6 Family6 (l06)</th><td>monday</td><td>2026-10-12</td>');
  expect(html).toContain('<th scope="row">2026-10-12</th><td>1</td><td>1</td>');
  expect(html).not.toContain('2026-11-30');
});

test('repositories: the commands are shown for all 40; class-private.test.ts runs them', async () => {
  makeRepository(root);
  const options = { organisation: 'my-school', course: 'my-school/hookpoint' };
  const { said, noted } = await run('open', [], options);
  expect(said.split('\n').filter((one) => one.startsWith('gh repo create'))).toHaveLength(40);
  expect(said).toContain(
    'gh repo create my-school/hookpoint-l00 --private --template my-school/hookpoint-template\ngh api --method PUT repos/my-school/hookpoint-l00/collaborators/l00 --field permission=push',
  );
  expect(said.match(/hookpoint-pair\/collaborators\/l3[03]/g)).toHaveLength(2);
  expect(noted).toContain('Nothing was done');
  expect(await failure(run('open', [], {}).then(({ code }) => code))).toContain('--organisation my-school');
});
