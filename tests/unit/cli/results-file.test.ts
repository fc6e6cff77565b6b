/** Files of many results, on a real disk. */
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecords, ResultsFile } from '../../../grader/cli/results-file.ts';
import { merge } from '../../../grader/cli/merge.ts';
import { ReportFiles } from '../../../grader/cli/report-files.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { makeReport, renderJson } from '../../../grader/report/json.ts';
import { cohort } from '../../../grader/cli/cohort.ts';
import { renderPush, renderRecord } from '../../../grader/report/record.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import { smallCourse } from '../course/courses.ts';
import { passOf } from '../github/results.ts';
import { failed, pass, result } from '../report/results.ts';
import { temporaryFolder } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

async function read(...files: string[]) {
  const found = [];
  for await (const { record } of readRecords(files)) found.push(record);
  return found;
}

test('a line as each result comes, its log beside it; a second run adds to it', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'all.jsonl');
  const first = await ReportFiles.check([file]);
  await first.add(result());
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(2);
  const second = await ReportFiles.check([file]);
  await second.add(pass);
  await second.add(result({ outcome: 'error', checks: [], message: { text: 'It broke.', log: 'a long story' } }));
  const records = await read(file);
  expect(records).toMatchObject([
    { result: { outcome: 'fail' } },
    { result: { outcome: 'pass' } },
    { result: { message: { logFile: expect.stringContaining('/WHOLE-') } } },
  ]);
  expect(JSON.stringify(records)).not.toContain('a long story');
  expect(JSON.stringify(records)).not.toContain(failed.message!.log!);
  const { logFile } = (records[0] as { result: Result }).result.checks[1]!.message!;
  expect(logFile).toMatch(/^all\.jsonl\.logs\/submissions-me-programs-hello\/loads-\d+\.log$/);
  expect(await readFile(join(folder, logFile!), 'utf8')).toBe(failed.message!.log);
});

test('a line that was cut off is passed over when it is read, and taken away before the next is added', async () => {
  const file = join(await temporaryFolder(), 'all.jsonl');
  await writeFile(file, renderRecord({ result: pass }));
  await appendFile(file, renderRecord({ result: pass }).slice(0, 200));
  expect(await read(file)).toHaveLength(1);
  await (await ResultsFile.open(file)).add(pass);
  expect(await read(file)).toHaveLength(2);
  // A whole line that is none is no accident.
  await appendFile(file, '{"result":{}}\n');
  expect(await failure(read(file).then(() => 0))).toContain('line 3 is not a result of this grader');
});

test('a file that is none of ours is not touched', async () => {
  const file = join(await temporaryFolder(), 'notes.jsonl');
  await writeFile(file, '{"mine":1}\nand a line without an end');
  expect(await failure(ReportFiles.check([file]).then(() => 0))).toContain('is not a results file of this grader');
  expect(await readFile(file, 'utf8')).toBe('{"mine":1}\nand a line without an end');
});

test('a command that fails says so in the file, after the results that it had', async () => {
  const file = join(await temporaryFolder(), 'all.jsonl');
  const reports = await ReportFiles.check([file]);
  await reports.add(pass);
  await reports.write(() => {}, { ...makeReport([]), exitCode: 3, error: { message: 'No QEMU.' } });
  expect(await read(file)).toMatchObject([{ result: { outcome: 'pass' } }, { error: { message: 'No QEMU.' } }]);
});

test('a report of more than a thousand results is printed, read and merged', async () => {
  const root = await smallCourse();
  const exercise = (await loadCourse(root)).find(({ id }) => id === 'programs/hello')!;
  const one = await passOf(exercise);
  const many = Array.from({ length: 1500 }, (_, i) => ({ ...one, submission: `submissions/l${i}/programs/hello` }));
  const [from, out] = [join(root, 'many.json'), join(root, 'all.jsonl')];
  await writeFile(from, renderJson(makeReport(many)));
  const { context, said } = listen(root);
  expect(await merge(context, [from], { out })).toBe(0);
  expect(said()).toContain('1500 results in');
  expect(await read(out)).toHaveLength(1500);
  expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('every attempt of a class is kept when files are merged: its time, its second look, when it was pushed', async () => {
  const root = await smallCourse();
  const exercise = (await loadCourse(root)).find(({ id }) => id === 'programs/hello')!;
  const digest = (sign: string) => `sha256:${sign.repeat(64)}`;
  const [first, second] = [await passOf(exercise, 'ada', 'loads'), await passOf(exercise)];
  const line = (result: Result, at: string, sign: string) =>
    renderRecord({ result: { ...result, startedAt: at, digest: digest(sign) }, handedIn: at, commit: sign.repeat(40) });
  const push = {
    submission: first.submission,
    digest: digest('2'),
    commit: '2'.repeat(40),
    at: '2026-10-12T10:00:00Z',
  };
  const early = line(first, '2026-10-10T10:00:00Z', '1');
  await writeFile(join(root, 'one.jsonl'), early);
  await writeFile(
    join(root, 'two.jsonl'),
    `${renderPush(push)}${line(second, '2026-10-20T10:00:00Z', '2')}${renderRecord({ result: { ...second, startedAt: '2026-10-21T10:00:00Z' }, secondLook: true })}${early}`,
  );
  const [files, out] = [['one.jsonl', 'two.jsonl'].map((name) => join(root, name)), join(root, 'all.jsonl')];
  const { context, said } = listen(root);
  expect(await merge(context, files, { out })).toBe(0);
  expect(said()).toContain('3 results in ');
  expect(said()).toContain(', of 1 submission; the newest of each: 1 passed.');
  expect(await read(out)).toMatchObject([
    { handedIn: '2026-10-10T10:00:00Z', commit: '1'.repeat(40) },
    { handedIn: '2026-10-20T10:00:00Z' },
    { secondLook: true },
  ]);
  expect((await readFile(out, 'utf8')).split('\n')).toContain(renderPush(push).trimEnd());
  // Merged once more with one of its parts, nothing is there twice; a file that begins with a push is one of ours, too.
  await merge(listen(root).context, [out, files[0]!], { out });
  expect(await read(out)).toHaveLength(3);
  await ResultsFile.open(files[1]!);
  // The page of a class takes the newest of them, and a run of CI has one of each.
  const page = join(root, 'class.html');
  expect(await cohort(listen(root).context, files, { out: page, title: 'x' })).toBe(0);
  expect(await readFile(page, 'utf8')).toContain('1 of 3 exercises');
  expect(await failure(merge(listen(root).context, files))).toMatch(
    /another result of .*grade merge --out all\.jsonl/s,
  );
});

test('logs of what is merged are beside the file that they are merged into', async () => {
  const root = await smallCourse();
  const exercise = (await loadCourse(root)).find(({ id }) => id === 'programs/hello')!;
  const failing = await passOf(exercise, 'ada', 'loads');
  const checks = failing.checks.map((check) =>
    check.message ? { ...check, message: { ...check.message, log: 'a long story' } } : check,
  );
  await writeFile(join(root, 'one.json'), renderJson(makeReport([{ ...failing, checks }])));
  await merge(listen(root).context, [join(root, 'one.json')], { out: join(root, 'all.jsonl') });
  expect((await readdir(root)).filter((name) => name.startsWith('all'))).toEqual(['all.jsonl', 'all.jsonl.logs']);
  const [record] = (await read(join(root, 'all.jsonl'))) as { result: Result }[];
  const { logFile } = record!.result.checks.find(({ id }) => id === 'loads')!.message!;
  expect(await readFile(join(root, logFile!), 'utf8')).toBe('a long story');
});

test('of nothing the merged file is empty', async () => {
  const root = await smallCourse();
  const [from, out] = [join(root, 'nothing.jsonl'), join(root, 'all.jsonl')];
  await writeFile(from, '');
  expect(await merge(listen(root).context, [from], { out })).toBe(0);
  expect(await readFile(out, 'utf8')).toBe('');
});
