import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createContext } from '../../grader/cli/context.ts';
import { post } from '../../grader/cli/post.ts';
import { readRecords } from '../../grader/cli/results-file.ts';
import { loadCourse } from '../../grader/course/load.ts';
import { makeReport } from '../../grader/report/json.ts';
import { renderRecord } from '../../grader/report/record.ts';
import { repository as here } from '../support/clone.ts';
import { course, incomplete, judged, passOf } from '../unit/github/results.ts';
import { failing, folder, headSha, hello, mergeSha, number, repository, runEvent, Scenario } from './scenario.ts';
import { temporaryFolder } from '../unit/temporary.ts';
import { fileOf } from './stand-in.ts';

test('a pass: a check run, a comment, a summary', async () => {
  const scenario = await Scenario.make();
  expect(await scenario.report()).toMatchObject({ kind: 'posted', pull: number });
  expect(scenario.state.checkRuns).toMatchObject([
    {
      name: 'grade / programs/hello',
      head_sha: headSha,
      conclusion: 'success',
      output: { title: 'Passed: 6 of 6 points' },
      annotations: [],
    },
  ]);
  expect(scenario.state.comments).toMatchObject([
    {
      issue: number,
      body: expect.stringMatching(/^<!-- hookpoint:results -->\n### Hookpoint: all passed, 6 of 6 points/),
    },
  ]);
});

test('a failure: the line is annotated, the comment says why', async () => {
  const scenario = await Scenario.make([await judged(failing)]);
  scenario.payload = runEvent({ conclusion: 'failure' });
  const reported = await scenario.report();
  expect(scenario.state.checkRuns).toMatchObject([
    { conclusion: 'failure', output: { title: 'Not yet: 2 of 6 points' } },
  ]);
  expect(scenario.state.checkRuns[0]!.annotations).toEqual([
    {
      path: `${folder}/hello.bpf.c`,
      start_line: 17,
      end_line: 17,
      start_column: 10,
      end_column: 10,
      annotation_level: 'failure',
      title: 'It does loads',
      message: 'The value is used before it was tested for NULL.\nexpected: a test for NULL\nseen: none',
      raw_details: '0: (b7) r1 = 0',
    },
  ]);
  expect(scenario.state.comments[0]!.body).toMatchSnapshot('comment');
  expect('summary' in reported && reported.summary).toMatchSnapshot('summary');
});

test('a second run updates the comment in place; one that only looks like ours is left alone', async () => {
  const scenario = await Scenario.make();
  const copied = { issue: number, login: 'eve', type: 'User', body: '<!-- hookpoint:results -->\nmine' };
  scenario.state.comments.push(
    { id: 1, ...copied },
    { id: 2, ...copied, login: 'other[bot]', type: 'Bot' },
    { id: 3, ...copied, login: 'github-actions[bot]', type: 'Bot', body: 'of another workflow' },
  );
  await scenario.report();
  await scenario.report();
  expect(scenario.state.comments).toHaveLength(4);
  expect(scenario.state.comments.slice(0, 3).map(({ body }) => body)).toEqual([
    copied.body,
    copied.body,
    'of another workflow',
  ]);
  expect(scenario.standIn.written.map(({ route }) => route.replace('/repos/{owner}/{repo}', ''))).toEqual([
    'POST /check-runs',
    'POST /issues/{issue_number}/comments',
    'POST /check-runs',
    'PATCH /issues/comments/{comment_id}',
  ]);
});

test('two kernels are one check run, which says the worse', async () => {
  const [old, young] = [await judged(failing, 'ada', { kernel: '5.10.0-46-cloud-amd64' }), await judged(course())];
  const scenario = await Scenario.make([young, old]);
  await scenario.report();
  expect(scenario.state.checkRuns).toMatchObject([
    { name: 'grade / programs/hello', conclusion: 'failure', output: { title: 'Not yet: 2 of 6 points' } },
  ]);
  expect(scenario.state.comments[0]!.body).toContain('`5.10.0-46-cloud-amd64`');
});

test('an exercise that the course does not have is said to be ungraded', async () => {
  const scenario = await Scenario.make();
  scenario.changed([`${folder}/hello.bpf.c`, 'submissions/ada/programs/helo/hello.bpf.c']);
  await scenario.report();
  expect(scenario.state.comments[0]!.body).toContain('```text\nsubmissions/ada/programs/helo\n```');
});

test('what the author keeps beside the exercises is passed over with a word', async () => {
  const scenario = await Scenario.make();
  scenario.changed([`${folder}/hello.bpf.c`, 'submissions/ada/.DS_Store', `${folder}/README.md`]);
  expect(await scenario.report()).toMatchObject({ kind: 'posted' });
  expect(scenario.state.comments[0]!.body).toContain(
    `It costs nothing:\n\n\`\`\`text\nsubmissions/ada/.DS_Store\n${folder}/README.md\n\`\`\``,
  );
});

test('what is incomplete is no part of the points, and no less of the maximum', async () => {
  const whole = await judged(course());
  const other = { ...course(), id: 'programs/other' };
  const scenario = await Scenario.make([whole, incomplete(other)]);
  scenario.course = [hello, other];
  scenario.changed([`${folder}/hello.bpf.c`, 'submissions/ada/programs/other/x.c']);
  await scenario.report();
  const { body } = scenario.state.comments[0]!;
  expect(body).toContain('### Hookpoint: 1 of 2 passed, 6 of 12 points');
  expect(body).toContain('| ⚠️ | **programs/other** Hello, BPF World! | – |');
});

test('a merge that GitHub makes a moment later is waited for', async () => {
  const scenario = await Scenario.make();
  scenario.state.pulls[0]!.merge_commit_sha = null;
  scenario.standIn.onRequest = (id) => {
    if (id === 'pulls/get') scenario.state.pulls[0]!.merge_commit_sha = mergeSha;
  };
  expect(await scenario.report()).toMatchObject({ kind: 'posted' });
});

test('a conflict, which GitHub does not merge, says what helps', async () => {
  const scenario = await Scenario.make();
  Object.assign(scenario.state.pulls[0]!, { merge_commit_sha: null, mergeable: false });
  expect(await scenario.report()).toMatchObject({
    kind: 'needs a maintainer',
    why: expect.stringMatching(/conflicts with main.*fetch the course, then: npx grade submit$/),
  });
});

test('22 exercises are one check run, so that 40 learners in an hour stay within GitHub’s limits', async () => {
  const exercises = Array.from({ length: 22 }, (_, i) => ({ ...course(), id: `programs/hello${i}` }));
  const results = await Promise.all(exercises.map((exercise) => judged(exercise)));
  const scenario = await Scenario.make([
    { ...(await judged({ ...failing, id: 'programs/hello0' })), submission: 'submissions/ada/programs/hello0' },
    ...results.slice(1),
  ]);
  scenario.course = exercises;
  scenario.changed(exercises.map(({ id }) => `submissions/ada/${id}/hello.bpf.c`));
  expect(await scenario.report()).toMatchObject({ kind: 'posted' });
  expect(scenario.state.checkRuns).toMatchObject([
    { name: 'grade / exercises', conclusion: 'failure', output: { title: '21 of 22 passed, 128 of 132 points' } },
  ]);
  // 1,000 requests an hour and repository, 500 of them that make something.
  expect(scenario.standIn.seen.length * 40).toBeLessThan(1000);
  expect(scenario.standIn.written.length * 40).toBeLessThan(500);
});

test('a run that ran out of time is reported, because somebody waits for it', async () => {
  const scenario = await Scenario.make();
  scenario.payload = runEvent({ conclusion: 'timed_out' });
  expect(await scenario.report()).toMatchObject({ kind: 'posted' });
});

test('what a run had written before it ran out of time is reported; the rest is named', async () => {
  const scenario = await Scenario.make();
  const line = renderRecord({ result: await judged(hello) });
  await scenario.archive([{ name: 'report-6.12-1.jsonl', content: `${line}${line.slice(0, 300)}` }]);
  scenario.course = [hello, { ...hello, id: 'programs/other' }];
  scenario.changed([`${folder}/hello.bpf.c`, 'submissions/ada/programs/other/x.c']);
  expect(await scenario.report()).toMatchObject({ kind: 'posted', report: { results: [{ outcome: 'pass' }] } });
  expect(scenario.state.comments[0]!.body).toContain('no job came to it:\n\n```text\nsubmissions/ada/programs/other');
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
  scenario.state.artifacts = [
    { ...artifact!, createdAt: '2026-01-02T00:00:00Z' },
    { ...artifact!, id: 2, bytes: Buffer.from('no zip'), createdAt: '2026-01-01T00:00:00Z' },
    { ...artifact!, id: 3, bytes: Buffer.from('no zip'), createdAt: '2026-01-03T00:00:00Z', expired: true },
  ];
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
  scenario.merged([fileOf(repository, mergeSha, `${folder}/hello.bpf.c`, { status: 'removed' })]);
  expect(await scenario.report()).toEqual({ kind: 'stopped', why: 'The pull request adds nothing to a submission.' });
});

test('what was posted is kept for the class, with GitHub’s time of the push', async () => {
  const exercise = (await loadCourse(here)).find(({ id }) => id === 'programs/hello')!;
  const scenario = await Scenario.make([await passOf(exercise)]);
  scenario.payload = runEvent({ created_at: '2026-10-12T21:59:00Z', run_started_at: '2026-11-01T00:00:00Z' });
  const home = await temporaryFolder({ event: JSON.stringify(scenario.payload) });
  const kept = join(home, 'results.jsonl');
  const job = {
    GITHUB_EVENT_PATH: join(home, 'event'),
    GITHUB_TOKEN: 'ghs_test',
    GITHUB_REPOSITORY: repository,
    GITHUB_API_URL: scenario.standIn.url,
  };
  expect(await post(createContext({ json: true }), { keep: kept }, job)).toBe(0);
  const records = [];
  for await (const { record } of readRecords([kept])) records.push(record);
  expect(records).toMatchObject([
    { result: { exercise: 'programs/hello', outcome: 'pass' }, commit: headSha, handedIn: '2026-10-12T21:59:00Z' },
  ]);
});

test('a run of an older commit is answered politely, where that run is read', async () => {
  const scenario = await Scenario.make();
  scenario.state.pulls[0]!.head.sha = 'c'.repeat(40);
  const home = await temporaryFolder({ event: JSON.stringify(scenario.payload) });
  const job = {
    GITHUB_EVENT_PATH: join(home, 'event'),
    GITHUB_TOKEN: 'ghs_test',
    GITHUB_REPOSITORY: repository,
    GITHUB_API_URL: scenario.standIn.url,
    GITHUB_STEP_SUMMARY: join(home, 'summary'),
  };
  expect(await post(createContext({ json: true }), {}, job)).toBe(0);
  expect(await readFile(job.GITHUB_STEP_SUMMARY, 'utf8')).toBe(
    `Nothing was posted, and nobody loses anything. No open pull request has the commit ${headSha} any more: a newer one is graded by itself.\n`,
  );
  expect(scenario.standIn.written).toEqual([]);
});

describe('a second look, asked for by a label', () => {
  const labelled = (changes: object = {}) =>
    runEvent({
      path: '.github/workflows/second-look.yml',
      created_at: '2026-11-20T10:00:00Z',
      actor: { ...runEvent().workflow_run.actor, login: 'teacher' },
      ...changes,
    });

  test('has a comment and check runs of its own, and leaves the first verdict as it is', async () => {
    const scenario = await Scenario.make([await judged(failing)]);
    await scenario.report();
    const first = structuredClone(scenario.state.comments);
    await scenario.results({ ...makeReport([await judged(hello)]) });
    scenario.payload = labelled();
    expect(await scenario.report()).toMatchObject({ kind: 'posted', secondLook: true });
    expect(scenario.state.comments.slice(0, 1)).toEqual(first);
    expect(scenario.state.comments[1]!.body).toMatch(
      /^<!-- hookpoint:second-look -->\n### Hookpoint, second look: all passed, 6 of 6 points\n\nThe same commit was graded once more.*set by `teacher`/,
    );
    expect(scenario.state.checkRuns.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['grade / programs/hello', 'failure'],
      ['second look / programs/hello', 'success'],
    ]);
    // A third look updates the second one's comment.
    await scenario.report();
    expect(scenario.state.comments).toHaveLength(2);
  });

  test('is kept without a time: the label came later than what was handed in', async () => {
    const exercise = (await loadCourse(here)).find(({ id }) => id === 'programs/hello')!;
    const scenario = await Scenario.make([await passOf(exercise)]);
    scenario.payload = labelled();
    const home = await temporaryFolder({ event: JSON.stringify(scenario.payload) });
    const kept = join(home, 'results.jsonl');
    const job = {
      GITHUB_EVENT_PATH: join(home, 'event'),
      GITHUB_TOKEN: 'ghs_test',
      GITHUB_REPOSITORY: repository,
      GITHUB_API_URL: scenario.standIn.url,
    };
    expect(await post(createContext({ json: true }), { keep: kept }, job)).toBe(0);
    const records = [];
    for await (const { record } of readRecords([kept])) records.push(record);
    expect(records).toMatchObject([{ commit: headSha, secondLook: true }]);
    expect(records[0]).not.toHaveProperty('handedIn');
  });

  test('of a pull request that changes how it is graded is not believed either', async () => {
    const scenario = await Scenario.make();
    scenario.payload = labelled();
    scenario.changed([`${folder}/hello.bpf.c`, '.github/workflows/second-look.yml']);
    expect(await scenario.report()).toMatchObject({
      kind: 'needs a maintainer',
      why: 'It changes the workflows that grade it.',
    });
    expect(scenario.state.checkRuns).toMatchObject([{ name: 'second look / submissions', conclusion: 'neutral' }]);
    expect(scenario.standIn.seen.some(({ route }) => route.includes('artifacts'))).toBe(false);
  });

  test('another label starts a run in which nothing is graded: nothing is posted', async () => {
    const scenario = await Scenario.make();
    scenario.payload = labelled({ conclusion: 'skipped' });
    expect(await scenario.report()).toMatchObject({ kind: 'stopped' });
    expect(scenario.standIn.seen).toEqual([]);
  });

  test('a login that is not what GitHub has is not shown as anything but text', async () => {
    const scenario = await Scenario.make();
    scenario.payload = labelled({
      actor: { ...runEvent().workflow_run.actor, login: '`](https://evil.example) @ada' },
    });
    await scenario.report();
    expect(scenario.state.comments[0]!.body).not.toMatch(/\]\(https:\/\/evil\.example\) @ada(?!.*`)/);
  });
});
