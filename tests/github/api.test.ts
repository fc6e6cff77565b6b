import { describe, expect, test } from 'vitest';
import { GitHub, GitHubFailure } from '../../grader/github/api.ts';
import { isLimit, waitFor } from '../../grader/github/patience.ts';
import { type Annotation, postCheckRun } from '../../grader/github/post.ts';
import { folder, headSha, hello, number, repository, Scenario } from './scenario.ts';
import { type Answer, error } from './stand-in.ts';
import { judged } from '../unit/github/results.ts';

const annotation = (line: number): Annotation => ({
  path: `${folder}/hello.bpf.c`,
  start_line: line,
  end_line: line,
  annotation_level: 'failure',
  title: 't',
  message: 'm',
});
const secondary = (headers: Record<string, string> = {}): Answer => ({
  status: 403,
  headers,
  body: error('You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
});
const broken: Answer = { status: 502, body: error('Server Error') };

function connect(scenario: Scenario): GitHub {
  return new GitHub({
    token: 'ghs_test',
    repository,
    url: scenario.standIn.url,
    now: () => 0,
    sleep: async (ms) => void scenario.waited.push(ms),
  });
}

/** Of a report that fails for good. */
async function failureOf(scenario: Scenario): Promise<GitHubFailure> {
  const failure: unknown = await scenario.report().catch((caught: unknown) => caught);
  expect(failure).toBeInstanceOf(GitHubFailure);
  return failure as GitHubFailure;
}

describe('pages', () => {
  test('a comment on the third page is found', async () => {
    const scenario = await Scenario.make();
    scenario.state.comments = Array.from({ length: 250 }, (_, i) => ({
      id: i + 1,
      issue: number,
      login: 'octocat',
      type: 'User',
      body: 'hello',
    }));
    Object.assign(scenario.state.comments[220]!, {
      login: 'github-actions[bot]',
      type: 'Bot',
      body: '<!-- hookpoint:results -->\nold',
    });
    await scenario.report();
    expect(scenario.state.comments).toHaveLength(250);
    expect(scenario.state.comments[220]!.body).toContain('all passed');
  });

  test('the next page is never of another host', async () => {
    const scenario = await Scenario.make();
    const elsewhere = {
      headers: { link: '<https://evil.example/repos/x?page=2>; rel="next"' },
      body: [],
    };
    scenario.standIn.instead.push({ id: 'issues/list-comments', answer: elsewhere });
    expect(await scenario.report()).toMatchObject({ kind: 'posted' });
  });
});

describe('annotations', () => {
  test('are sent 50 at a time, in order', async () => {
    const scenario = await Scenario.make();
    const lines = Array.from({ length: 120 }, (_, i) => i + 1);
    await postCheckRun(connect(scenario), {
      name: 'grade / x',
      headSha,
      conclusion: 'failure',
      title: 't',
      summary: 's',
      annotations: lines.map(annotation),
      url: 'https://github.com/x',
    });
    expect(scenario.state.checkRuns).toMatchObject([{ annotations: lines.map((start_line) => ({ start_line })) }]);
    expect(scenario.standIn.written.map(({ body }) => body.output.annotations.length)).toEqual([50, 50, 20]);
  });
});

describe('when GitHub asks for patience', () => {
  test('a secondary limit says how long', async () => {
    const scenario = await Scenario.make();
    scenario.standIn.instead.push({ id: 'checks/create', answer: secondary({ 'retry-after': '17' }) });
    expect(await scenario.report()).toMatchObject({ kind: 'posted' });
    expect(scenario.waited).toEqual([17_000]);
    expect(scenario.notes).toEqual(['GitHub answered 403; asking again in 17 s.']);
  });

  test('one that does not is given a minute, then two', async () => {
    const scenario = await Scenario.make();
    scenario.standIn.instead.push(
      { id: 'issues/create-comment', answer: secondary() },
      { id: 'issues/create-comment', answer: secondary() },
    );
    expect(await scenario.report()).toMatchObject({ kind: 'posted' });
    expect(scenario.waited).toEqual([60_000, 120_000]);
    expect(scenario.state.comments).toHaveLength(1);
  });

  test('a spent quota is waited for until it is full', async () => {
    const scenario = await Scenario.make();
    const reset = String(Date.UTC(2026, 10, 24) / 1000 + 90);
    scenario.standIn.instead.push({
      id: 'pulls/list',
      answer: {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
        body: error('API rate limit exceeded'),
      },
    });
    expect(await scenario.report()).toMatchObject({ kind: 'posted' });
    expect(scenario.waited).toEqual([91_000]);
  });

  test('but not for an hour', async () => {
    const scenario = await Scenario.make();
    scenario.standIn.instead.push({ id: 'pulls/list', answer: secondary({ 'retry-after': '3600' }) });
    expect(await failureOf(scenario)).toMatchObject({
      message: expect.stringContaining('too many requests'),
      remedy: 'Run this job again in an hour.',
    });
    expect(scenario.waited).toEqual([]);
  });
});

describe('when GitHub fails', () => {
  test('it is asked again, later each time', async () => {
    const scenario = await Scenario.make();
    for (const _ of [1, 2, 3])
      scenario.standIn.instead.push({ id: 'repos/compare-commits-with-basehead', answer: broken });
    expect(await scenario.report()).toMatchObject({ kind: 'posted' });
    expect(scenario.waited).toEqual([1000, 2000, 4000]);
  });

  test('for good, it says so', async () => {
    const scenario = await Scenario.make();
    for (const _ of [1, 2, 3, 4, 5])
      scenario.standIn.instead.push({ id: 'repos/compare-commits-with-basehead', answer: broken });
    expect(await failureOf(scenario)).toMatchObject({
      status: 502,
      message: expect.stringContaining('failed on GitHub’s side'),
    });
    expect(scenario.standIn.written).toEqual([]);
  });

  test('after it made the comment, there is still only one', async () => {
    const scenario = await Scenario.make();
    scenario.standIn.instead.push({ id: 'issues/create-comment', answer: broken, late: true });
    expect(await scenario.report()).toMatchObject({ kind: 'posted' });
    expect(scenario.state.comments).toHaveLength(1);
    expect(scenario.standIn.written.at(-1)!.route).toContain('PATCH');
  });

  test('and cannot be reached at all', async () => {
    const scenario = await Scenario.make();
    const github = new GitHub({
      token: 'x',
      repository,
      url: 'http://127.0.0.1:1',
      sleep: async (ms) => void scenario.waited.push(ms),
    });
    await expect(github.ask('GET', '/pulls/1', undefined as never)).rejects.toThrow('GitHub cannot be reached');
    expect(scenario.waited).toEqual([1000, 2000, 4000, 8000]);
  });

  test('to hand over the file, its place is asked for again', async () => {
    const scenario = await Scenario.make();
    const gone = { status: 302, headers: { location: `${scenario.standIn.url}/storage/none` } };
    scenario.standIn.instead.push(
      { id: 'actions/download-artifact', answer: gone },
      { id: 'actions/download-artifact', answer: gone },
    );
    expect(await scenario.report()).toMatchObject({ kind: 'posted' });
    expect(scenario.waited).toEqual([1000, 2000]);
  });
});

describe('a token', () => {
  test.each([
    ['checks', 'check-runs', 'permissions: checks: write'],
    ['pull_requests', 'pulls', 'permissions: pull_requests: read'],
    ['actions', 'actions/runs/777/artifacts', 'permissions: actions: read'],
  ])('without the permission %s: which one is missing is said', async (permission, where, remedy) => {
    const scenario = await Scenario.make();
    delete scenario.state.permissions[permission];
    const failure = await failureOf(scenario);
    expect(failure.message).toContain(
      `/repos/${repository}/${where} was refused: the token has not the permission. GitHub says: Resource not accessible by integration`,
    );
    expect(failure.remedy).toContain(remedy);
    expect(scenario.waited).toEqual([]);
  });

  test('that is not valid', async () => {
    const scenario = await Scenario.make();
    scenario.standIn.instead.push({ id: 'pulls/list', answer: { status: 401, body: error('Bad credentials') } });
    expect(await failureOf(scenario)).toMatchObject({
      message: expect.stringContaining('the token is not valid'),
      remedy: expect.stringContaining('GITHUB_TOKEN'),
    });
  });
});

test('an answer of another shape is noticed, not believed', async () => {
  const scenario = await Scenario.make();
  scenario.standIn.instead.push({ id: 'pulls/get', answer: { body: { number: 'seven' } } });
  expect((await failureOf(scenario)).message).toContain('answered out of shape');
  // And the stand-in noticed its own.
  expect(
    scenario.standIn.violations
      .splice(0)
      .some((text) => text.startsWith('answer to GET /repos/{owner}/{repo}/pulls/{pull_number}: ')),
  ).toBe(true);
});

test('the stand-in notices what GitHub would not take', async () => {
  const scenario = await Scenario.make([await judged(hello)]);
  const github = connect(scenario);
  const body = {
    name: 'x',
    head_sha: headSha,
    status: 'finished',
    output: { title: 't', summary: 's', annotations: Array.from({ length: 51 }, (_, i) => annotation(i)) },
    surprise: 1,
  };
  await github.ask('POST', '/check-runs', { safeParse: () => ({ success: true }) } as never, { body });
  const found = scenario.standIn.violations.splice(0).join('\n');
  for (const problem of [
    'there is no surprise in its body',
    '/status must be equal to one of the allowed values',
    '/output/annotations must NOT have more than 50 items',
  ])
    expect(found).toContain(problem);
  expect(scenario.standIn.violations).toEqual([]);
});

describe('how long to wait', () => {
  const answer = (status: number, headers: Record<string, string> = {}, message = '') => ({
    status,
    headers: new Headers(headers),
    message,
  });

  test.each<[string, ReturnType<typeof answer>, number, number | null]>([
    ['forbidden is no limit', answer(403, {}, 'Resource not accessible by integration'), 1, null],
    ['429', answer(429, { 'retry-after': '5' }), 1, 5000],
    ['a date is no number of seconds', answer(429, { 'retry-after': 'Tue, 24 Nov 2026 00:00:00 GMT' }), 1, 60_000],
    ['a reset in the past', answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }), 1, 1000],
    ['a server that says when', answer(503, { 'retry-after': '3' }), 1, 3000],
    ['the fifth try was the last', answer(502), 5, null],
    ['not found stays so', answer(404), 1, null],
  ])('%s', (_, said, tries, expected) => {
    expect(waitFor(said, tries, 10_000)).toBe(expected);
  });

  test('only a limit is one', () => {
    expect(isLimit(answer(403, {}, 'Resource not accessible'))).toBe(false);
    expect(isLimit(answer(500, { 'retry-after': '1' }))).toBe(false);
  });
});
