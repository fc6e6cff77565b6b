import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ReportFiles } from '../../../grader/cli/report-files.ts';
import { reportSchema } from '../../../grader/verdict/result.ts';
import { Clone } from '../../support/clone.ts';
import { pass } from '../report/results.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

const refusal = (file: string) =>
  ReportFiles.check([file]).then(
    () => null,
    ({ message, remedy, exitCode }) => ({ message, remedy, exitCode }),
  );

test('an ending that names no format is refused, with those that do', async () => {
  for (const file of ['out.pdf', 'out', '.html', 'out.html.gz']) {
    expect(await refusal(file)).toEqual({
      message: `--report ${file}: its ending names no format.`,
      remedy: 'The endings are .json, .md, .xml, .sarif, .html, .jsonl.',
      exitCode: 2,
    });
  }
});

test('a place where no file can be is refused', async () => {
  const root = await temporaryFolder({ file: '', 'folder.md/': '' });
  expect(await refusal(join(root, 'none/out.md'))).toMatchObject({
    message: expect.stringContaining(`there is no folder ${root}/none.`),
    exitCode: 2,
  });
  expect(await refusal(join(root, 'file/out.md'))).toMatchObject({
    message: expect.stringMatching(/is not a folder|there is no folder/),
    exitCode: 2,
  });
  expect(await refusal(join(root, 'folder.md'))).toMatchObject({
    message: expect.stringContaining('something else than a file is there'),
    exitCode: 2,
  });
});

test('all of them are written, each said, an older one replaced; the ending may be written large', async () => {
  const root = await temporaryFolder({ 'a.JSON': 'old' });
  const files = ['a.JSON', 'b.md', 'c.xml', 'd.sarif', 'e.html'].map((name) => join(root, name));
  const reports = await ReportFiles.check(files);
  await reports.add(pass);
  const told: string[] = [];
  expect(await reports.write((text) => told.push(text))).toEqual([]);
  expect(told).toEqual(files.map((file) => `Report: ${file}`));
  expect(JSON.parse(await readFile(files[0]!, 'utf8'))).toMatchObject({
    exitCode: 0,
    results: [{ exercise: 'programs/hello' }],
  });
  const starts = ['### ✓ 1 exercise: 1 passed', '<?xml', '{', '<!DOCTYPE html>'];
  for (const [i, start] of starts.entries())
    expect((await readFile(files[i + 1]!, 'utf8')).startsWith(start)).toBe(true);
});

test('if the command fails on the way, what it had until then stands there with the reason', async () => {
  const file = join(await temporaryFolder(), 'out.json');
  const reports = await ReportFiles.check([file]);
  await reports.add(pass);
  await reports.write(() => {}, {
    format: 'hookpoint-report',
    version: 1,
    exitCode: 70,
    results: [],
    error: { message: 'A bug of ours.' },
  });
  expect(reportSchema.parse(JSON.parse(await readFile(file, 'utf8')))).toMatchObject({
    exitCode: 70,
    error: { message: 'A bug of ours.' },
    results: [{ outcome: 'pass' }],
  });
});

test('one that cannot be written any more keeps none of the others away', async () => {
  const root = await temporaryFolder({ 'gone/': '' });
  const reports = await ReportFiles.check([join(root, 'gone/a.md'), join(root, 'b.md')]);
  await rm(join(root, 'gone'), { recursive: true });
  const told: string[] = [];
  expect(await reports.write((text) => told.push(text))).toEqual([
    expect.stringContaining(`The report ${root}/gone/a.md could not be written: ENOENT`),
  ]);
  expect(told).toEqual([`Report: ${root}/b.md`]);
});

test(
  'the command: refused before anything starts, written beside --json, written also if it fails',
  { timeout: 120_000 },
  async () => {
    const clone = await Clone.make();
    onTestFinished(() => clone.remove());
    const refused = await clone.grade(['programs/hello', '--report', 'out.pdf']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('its ending names no format');
    expect(refused.stderr).not.toContain('Started');

    // Nothing needs to run for a submission that is not complete.
    await addFiles(clone.root, { 'submissions/ada/programs/hello/extra.c': '' });
    const graded = await clone.report(['programs/hello', '--report', 'out.html', '--report', 'out.json']);
    expect(graded).toMatchObject({ code: 2, stderr: 'Report: out.html\nReport: out.json\n' });
    expect(JSON.parse(await readFile(clone.path('out.json'), 'utf8'))).toEqual(graded.report);
    expect(await readFile(clone.path('out.html'), 'utf8')).toContain('Not graded: the submission is not complete');

    const failed = await clone.grade(['no/such', '--report', 'failed.json']);
    expect(failed.code).toBe(2);
    expect(JSON.parse(await readFile(clone.path('failed.json'), 'utf8'))).toMatchObject({
      exitCode: 2,
      results: [],
      error: { message: expect.stringContaining('no/such') },
    });

    const exported = await clone.grade(['export', '--format', 'csv', '--from', 'out.json']);
    expect(exported).toMatchObject({
      code: 0,
      stdout: '\ufefflogin,programs/hello,points,max_points,not_graded\r\nada,,0,9,programs/hello: invalid\r\n',
    });
  },
);
