import { expect, test } from 'vitest';
import { mergeReports, mostReportBytes } from '../../../grader/github/reports.ts';
import { makeReport } from '../../../grader/report/json.ts';
import type { Report, Result } from '../../../grader/verdict/result.ts';
import { course, fails, judged } from './results.ts';

const hello = course();
const file = (content: unknown, name = 'report-1.json') => ({
  name,
  bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
});
const merged = (...files: { name: string; bytes: Uint8Array }[]) => mergeReports(files, [hello]);
const report = (...results: Result[]): Report => makeReport(results);

test('shards and kernels are put together in order, with the exit code of all', async () => {
  const failing = await judged(course({ counts: fails({ text: 'x' }) }), 'eve');
  const [ada, adaOld] = [await judged(hello), await judged(hello, 'ada', { kernel: '5.10.0-46-cloud-amd64' })];
  const said = merged(file(report(failing)), file(report(ada)), file(report(adaOld)));
  expect(said).toMatchObject({
    report: {
      exitCode: 1,
      results: [
        { submission: 'submissions/ada/programs/hello', machine: { kernel: '5.10.0-46-cloud-amd64' } },
        { submission: 'submissions/ada/programs/hello' },
        { submission: 'submissions/eve/programs/hello', outcome: 'fail' },
      ],
    },
  });
});

test('what kept a shard from grading is kept, once', async () => {
  const broken = { ...report(), exitCode: 3, error: { message: 'No QEMU.' } };
  expect(merged(file(broken), file(report(await judged(hello))), file(broken))).toMatchObject({
    report: { exitCode: 70, error: { message: 'No QEMU.' }, results: [{ outcome: 'pass' }] },
  });
});

test('the same submission twice on one kernel is refused', async () => {
  const one = file(report(await judged(hello)));
  expect(merged(one, { ...one, name: 'report-2.json' })).toEqual({
    problem: 'report-2.json: there is another result of submissions/ada/programs/hello on 6.12.117+deb13-cloud-amd64.',
  });
});

test.each([
  ['no JSON', '{', 'report-1.json is not JSON.'],
  ['nested without end', '['.repeat(200_000), 'report-1.json is not JSON.'],
  ['of another shape', { format: 'hookpoint-report', version: 1, exitCode: 0, results: [{}] }, 'out of shape'],
  [
    'of another version',
    { format: 'hookpoint-report', version: 2, exitCode: 0, results: [] },
    'version is out of shape',
  ],
  [
    'with something more in it',
    { format: 'hookpoint-report', version: 1, exitCode: 0, results: [], pull_request: 99 },
    'it has something else in it',
  ],
  [
    'with a prototype',
    '{"format":"hookpoint-report","version":1,"exitCode":0,"results":[],"__proto__":{"x":1}}',
    'something else in it',
  ],
])('a file that is %s is refused, without a word of it', (_, content, why) => {
  const said = merged(file(content));
  expect('problem' in said && said.problem).toContain(why);
});

test('nor are its keys and values repeated', () => {
  const said = merged(
    file({ format: '::error::', version: 1, exitCode: 0, results: [{ '@everyone <b>': 1, exercise: 7 }] }),
  );
  expect('problem' in said && said.problem).not.toMatch(/everyone|<b>|::/);
});

test('a file that is no UTF-8, or too large, is refused', () => {
  expect(merged({ name: 'a.json', bytes: Uint8Array.of(0x7b, 0xff, 0x7d) })).toEqual({
    problem: 'a.json is not JSON.',
  });
  expect(merged({ name: 'a.json', bytes: Buffer.alloc(mostReportBytes + 1, ' ') })).toMatchObject({
    problem: expect.stringContaining('too large'),
  });
});
