import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createContext } from '../../grader/cli/context.ts';
import { post } from '../../grader/cli/post.ts';
import { course, judged } from '../unit/github/results.ts';
import { failing, folder, headSha, number, repository, runEvent, Scenario } from './scenario.ts';
import { temporaryFolder } from '../unit/temporary.ts';
import { fileOf } from './stand-in.ts';

test('a pass: a check run, a comment, a summary', async () => {
  const scenario = await Scenario.make();
  expect(await scenario.report()).toMatchObject({ kind: 'posted', pull: number });
  expect(scenario.state.checkRuns).toMatchObject([{ name: 'grade / programs/hello', head_sha: headSha, conclusion: 'success', output: { title: 'Passed: 6 of 6 points' }, annotations: [] }]);
  expect(scenario.state.comments).toMatchObject([{ issue: number, body: expect.stringMatching(/^<!-- hookpoint:results -->\n### Hookpoint: all passed, 6 of 6 points/) }]);
});

test('a failure: the line is annotated, the comment says why', async () => {
  const scenario = await Scenario.make([await judged(failing)]);
  scenario.payload = runEvent({ conclusion: 'failure' });
  const reported = await scenario.report();
  expect(scenario.state.checkRuns).toMatchObject([{ conclusion: 'failure', output: { title: 'Not yet: 2 of 6 points' } }]);
  expect(scenario.state.checkRuns[0]!.annotations).toEqual([{
    path: `${folder}/hello.bpf.c`, start_line: 17, end_line: 17, start_column: 10, end_column: 10, annotation_level: 'failure', title: 'It does loads',
    message: 'The value is used before it was tested for NULL.\nexpected: a test for NULL\nseen: none', raw_details: '0: (b7) r1 = 0',
  }]);
  expect(scenario.state.comments[0]!.body).toMatchSnapshot('comment');
  expect('summary' in reported && reported.summary).toMatchSnapshot('summary');
});

test('a second run updates the comment in place; one that only looks like ours is left alone', async () => {
  const scenario = await Scenario.make();
  const copied = { issue: number, login: 'eve', type: 'User', body: '<!-- hookpoint:results -->\nmine' };
  scenario.state.comments.push({ id: 1, ...copied }, { id: 2, ...copied, login: 'other[bot]', type: 'Bot' }, { id: 3, ...copied, login: 'github-actions[bot]', type: 'Bot', body: 'of another workflow' });
  await scenario.report();
  await scenario.report();
  expect(scenario.state.comments).toHaveLength(4);
  expect(scenario.state.comments.slice(0, 3).map(({ body }) => body)).toEqual([copied.body, copied.body, 'of another workflow']);
  expect(scenario.standIn.written.map(({ route }) => route.replace('/repos/{owner}/{repo}', ''))).toEqual(['POST /check-runs', 'POST /issues/{issue_number}/comments', 'POST /check-runs', 'PATCH /issues/comments/{comment_id}']);
});

test('two kernels are one check run, which says the worse', async () => {
  const [old, young] = [await judged(failing, 'ada', { kernel: '5.10.0-46-cloud-amd64' }), await judged(course())];
  const scenario = await Scenario.make([young, old]);
  await scenario.report();
  expect(scenario.state.checkRuns).toMatchObject([{ name: 'grade / programs/hello', conclusion: 'failure', output: { title: 'Not yet: 2 of 6 points' } }]);
  expect(scenario.state.comments[0]!.body).toContain('`5.10.0-46-cloud-amd64`');
});

test('an exercise that the course does not have is said to be ungraded', async () => {
  const scenario = await Scenario.make();
  scenario.changed([`${folder}/hello.bpf.c`, 'submissions/ada/programs/helo/hello.bpf.c']);
  await scenario.report();
  expect(scenario.state.comments[0]!.body).toContain('```text\nsubmissions/ada/programs/helo\n```');
});

test('a run that left nothing is the grader’s failure, and says so', async () => {
  const scenario = await Scenario.make();
  scenario.state.artifacts = [];
  expect(await scenario.report()).toMatchObject({ kind: 'refused', why: 'The run left no results.' });
  expect(scenario.state.checkRuns).toMatchObject([{ conclusion: 'neutral' }]);
});

test('of two tries of a run the newer one counts', async () => {
  const scenario = await Scenario.make();
  const [artifact] = scenario.state.artifacts;
  scenario.state.artifacts = [{ ...artifact!, createdAt: '2026-01-02T00:00:00Z' }, { ...artifact!, id: 2, bytes: Buffer.from('no zip'), createdAt: '2026-01-01T00:00:00Z' }, { ...artifact!, id: 3, bytes: Buffer.from('no zip'), createdAt: '2026-01-03T00:00:00Z', expired: true }];
  expect(await scenario.report()).toMatchObject({ kind: 'posted' });
});

describe('nothing is asked or posted for', () => {
  test.each([
    ['a run of another event', { event: 'push' }],
    ['a run of another workflow', { path: '.github/workflows/other.yml' }],
    ['a workflow of that name elsewhere', { path: 'x/.github/workflows/grade.yml' }],
    ['a run that was cancelled', { conclusion: 'cancelled' }],
    ['a run that waits for approval', { conclusion: 'action_required' }],
    ['a run of another repository', { repository: { id: 1, full_name: 'eve/octo-repo' } }],
    ['a fork that is gone', { head_repository: null }],
    ['an event of another shape', { head_sha: 'main' }],
  ])('%s', async (_, changes) => {
    const scenario = await Scenario.make();
    scenario.payload = runEvent(changes);
    expect(await scenario.report()).toMatchObject({ kind: 'stopped' });
    expect(scenario.standIn.seen).toEqual([]);
  });
});

test('a pull request that hands nothing in gets no comment', async () => {
  const scenario = await Scenario.make();
  scenario.changed(['grader/cli/main.ts']);
  expect(await scenario.report()).toMatchObject({ kind: 'needs a maintainer' });
  expect(scenario.state.comments).toEqual([]);
  scenario.state.files[number] = [fileOf(repository, headSha, `${folder}/hello.bpf.c`, { status: 'removed' })];
  expect(await scenario.report()).toEqual({ kind: 'stopped', why: 'The pull request adds nothing to a submission.' });
});

test('a run of an older commit is answered politely, where that run is read', async () => {
  const scenario = await Scenario.make();
  scenario.state.pulls[0]!.head.sha = 'c'.repeat(40);
  const home = await temporaryFolder({ event: JSON.stringify(scenario.payload) });
  const job = { GITHUB_EVENT_PATH: join(home, 'event'), GITHUB_TOKEN: 'ghs_test', GITHUB_REPOSITORY: repository, GITHUB_API_URL: scenario.standIn.url, GITHUB_STEP_SUMMARY: join(home, 'summary') };
  expect(await post(createContext({ json: true }), {}, job)).toBe(0);
  expect(await readFile(job.GITHUB_STEP_SUMMARY, 'utf8')).toBe(`Nothing was posted, and nobody loses anything. No open pull request has the commit ${headSha} any more: a newer one is graded by itself.\n`);
  expect(scenario.standIn.written).toEqual([]);
});
