/** From a branch of a fork to the posted comment, as the workflows do it: real git, the real commands, real kernels, GitHub's API as described. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { LoadedExercise } from '../../grader/course/exercise.ts';
import { loadCourse } from '../../grader/course/load.ts';
import type { Matrix } from '../../grader/github/shards.ts';
import { archiveOf, number, repository, runEvent } from '../github/scenario.ts';
import { fileOf, pullOf, StandIn } from '../github/stand-in.ts';
import { Clone, repository as here } from '../support/clone.ts';
import { temporaryFolder } from '../unit/temporary.ts';

const run = promisify(execFile);
/** The verifier refuses the starter of the first, at a line of it. */
const [handedIn, solved] = ['vm/null-check', 'maps/count-execs'] as const;

async function git(folder: string, ...args: string[]): Promise<string> {
  return (
    await run('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: folder })
  ).stdout.trim();
}

async function grade(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const ended = run(join(here, 'grade'), args, { env: { ...process.env, ...env } });
  return ended.then(
    (output) => ({ code: 0, ...output }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

/** ada forks the course, and hands in one starter and one solution. What a runner would check out is in `head`: GitHub's merge of the two. */
async function handIn(
  course: readonly LoadedExercise[],
): Promise<{ head: string; base: string; sha: string; merge: string }> {
  const home = await temporaryFolder({
    'upstream/README.md': 'The course',
    'upstream/submissions/bob/programs/hello/hello.bpf.c': 'int x;\n',
  });
  const [upstream, fork, head] = ['upstream', 'fork', 'head'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  await git(upstream, 'init', '-qb', 'main');
  await git(upstream, 'add', '-A');
  await git(upstream, 'commit', '-qm', 'The course');
  await git(home, 'clone', '-q', upstream, fork);
  await git(fork, 'switch', '-qc', 'my-work');
  for (const [id, from] of [
    [handedIn, 'starter'],
    [solved, 'solution'],
  ] as const) {
    const to = join(fork, 'submissions/ada', id);
    await mkdir(to, { recursive: true });
    await cp(join(course.find((exercise) => exercise.id === id)!.folder, from), to, { recursive: true });
  }
  await git(fork, 'add', '-A');
  await git(fork, 'commit', '-qm', 'Two exercises');
  await git(fork, 'push', '-q', upstream, `HEAD:refs/pull/${number}/head`);
  // Meanwhile somebody else is merged.
  await writeFile(join(upstream, 'README.md'), 'The course, second edition');
  await git(upstream, 'commit', '-qam', 'Second edition');
  await git(home, 'clone', '-q', upstream, head);
  await git(head, 'fetch', '-q', 'origin', `refs/pull/${number}/head`);
  await git(head, 'merge', '-q', '--no-ff', '-m', 'For a test', 'FETCH_HEAD');
  const [base, sha, merge] = await Promise.all(
    ['HEAD^1', 'HEAD^2', 'HEAD'].map((name) => git(head, 'rev-parse', name)),
  );
  return { head, base: base!, sha: sha!, merge: merge! };
}

test('the whole path of a pull request', async () => {
  const course = await loadCourse(here);
  const { head, base, sha, merge } = await handIn(course);

  // grade.yml, Plan
  const planned = await grade([
    'plan',
    '--json',
    '--repository',
    head,
    '--base',
    base,
    '--head',
    merge,
    '--login',
    'ada',
    '--shards',
    '4',
  ]);
  const { include } = JSON.parse(planned.stdout) as Matrix;
  expect(include.map(({ kernel, folders }) => [kernel, folders]).sort()).toEqual(
    [
      ['6.12', [`submissions/ada/${solved}`]],
      ['6.12', [`submissions/ada/${handedIn}`]],
    ].sort(),
  );

  // grade.yml, Grade
  const reports = await temporaryFolder();
  const clone = await Clone.make();
  try {
    await cp(join(head, 'submissions'), clone.path('submissions'), { recursive: true });
    for (const { name, kernel, folders } of include) {
      const report = join(reports, `report-${name}.jsonl`);
      const graded = await clone.grade(['--yes', '--json', '--kernel', kernel, '--report', report, ...folders]);
      expect([graded.code, graded.stderr.includes('::')]).toEqual([folders[0]!.endsWith(handedIn) ? 1 : 0, false]);
    }
  } finally {
    await clone.remove();
  }

  // grade.yml, Results
  const merged = await grade(['merge', '--json', '--summary', join(reports, 'summary.md'), reports]);
  expect(merged).toMatchObject({ code: 1, stderr: '' });
  expect(await readFile(join(reports, 'summary.md'), 'utf8')).toContain('### Hookpoint: 1 of 2 passed');
  const names = (await readdir(reports)).filter((name) => name.endsWith('.jsonl'));
  const bytes = await archiveOf(
    await Promise.all(names.map(async (name) => ({ name, content: await readFile(join(reports, name)) }))),
  );

  // report.yml
  const event = runEvent({ head_sha: sha, conclusion: 'failure' });
  const fork = { owner: 'ada', branch: 'my-work', sha, repositoryId: event.workflow_run.head_repository.id as number };
  const standIn = await StandIn.start({
    repository,
    pulls: [pullOf({ number, author: 'ada', head: fork, repository, merge })],
    comments: [],
    checkRuns: [],
    permissions: { contents: 'read', pull_requests: 'write', checks: 'write', actions: 'read' },
    commits: { [merge]: [base, sha] },
    comparisons: {
      [`${base}...${merge}`]: (await git(head, 'diff', '--name-only', base, merge))
        .split('\n')
        .map((path) => fileOf(repository, merge, path)),
    },
    tree: (await git(head, 'ls-tree', '-r', '-l', merge))
      .split('\n')
      .map((line) => /^(\d+) (\w+) (\w+) +(\d+)\t(.+)$/.exec(line)!)
      .map(([, mode, type, id, size, path]) => ({
        mode: mode!,
        type: type!,
        sha: id!,
        size: Number(size),
        path: path!,
      })),
    artifacts: [{ id: 1, name: 'results', run: event.workflow_run.id as number, bytes }],
  });
  const files = { event: join(reports, 'event'), summary: join(reports, 'step-summary.md') };
  await writeFile(files.event, JSON.stringify(event));
  const posted = await grade(['post'], {
    GITHUB_EVENT_PATH: files.event,
    GITHUB_TOKEN: 'ghs_test',
    GITHUB_REPOSITORY: repository,
    GITHUB_API_URL: standIn.url,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_RUN_ID: '778',
    GITHUB_SERVER_URL: 'https://github.com',
  });
  expect(posted).toMatchObject({ code: 0, stdout: `Pull request #${number}: posted.\n`, stderr: '' });

  const { comments, checkRuns } = standIn.state;
  const [refused, counted] = [handedIn, solved].map((id) => course.find((exercise) => exercise.id === id)!) as [
    LoadedExercise,
    LoadedExercise,
  ];
  expect(checkRuns.map(({ name, conclusion, head_sha }) => [name, conclusion, head_sha]).sort()).toEqual([
    [`grade / ${solved}`, 'success', sha],
    [`grade / ${handedIn}`, 'failure', sha],
  ]);
  expect(checkRuns.flatMap(({ annotations }) => annotations)).toMatchObject([
    {
      path: `submissions/ada/${handedIn}/${Object.keys(refused.files)[0]}`,
      annotation_level: 'failure',
      message: expect.stringContaining('NULL'),
    },
  ]);
  expect(comments).toHaveLength(1);
  const total = (exercise: LoadedExercise) => exercise.checks.reduce((sum, { points }) => sum + points, 0);
  const earned = refused.checks
    .slice(
      0,
      refused.checks.findIndex(({ id }) => id === refused.starter.fails),
    )
    .reduce((sum, { points }) => sum + points, 0);
  expect(comments[0]!.body).toContain(
    `### Hookpoint: 1 of 2 passed, ${earned + total(counted)} of ${total(refused) + total(counted)} points`,
  );
  expect(await readFile(files.summary, 'utf8')).toContain(counted.checks.at(-1)!.title.slice(0, 10));
});
