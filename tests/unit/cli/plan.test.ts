import { execFileSync } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { createContext } from '../../../grader/cli/context.ts';
import { merge } from '../../../grader/cli/merge.ts';
import { plan } from '../../../grader/cli/plan.ts';
import { courseFile, exerciseFiles, exerciseYaml } from '../course/courses.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';

const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
beforeEach(() => void written.mockClear());
const usual = { shards: '1', kernel: 'default' };
const output = () => written.mock.calls.map(([text]) => String(text)).join('');
const source = 'int x;\n';

async function classroom(): Promise<string> {
  return temporaryFolder({
    ...courseFile({ programs: ['hello'], maps: ['lru'] }),
    ...exerciseFiles('programs/hello'),
    ...exerciseFiles('maps/lru', exerciseYaml({ needs: { kernel: '6.12' } })),
    'submissions/ada/programs/hello/a.bpf.c': source,
    'submissions/ada/maps/lru/a.bpf.c': source,
    'submissions/bob/programs/hello/a.bpf.c': source,
    'submissions/bob/programs/other/a.bpf.c': source,
    'submissions/no login/programs/hello/a.bpf.c': source,
  });
}

const planned = async (root: string, named: string[], options = {}) => {
  await plan({ ...createContext({ json: true }), root }, named, { ...usual, ...options });
  return JSON.parse(output()) as unknown;
};

test('everybody’s submissions, on the kernels that suit them', async () => {
  const root = await classroom();
  expect(await planned(root, [], { kernel: '5.10,6.12', shards: '2' })).toEqual({
    include: [
      { name: '5.10-1', kernel: '5.10', folders: ['submissions/ada/programs/hello'] },
      { name: '5.10-2', kernel: '5.10', folders: ['submissions/bob/programs/hello'] },
      { name: '6.12-1', kernel: '6.12', folders: ['submissions/ada/maps/lru', 'submissions/bob/programs/hello'] },
      { name: '6.12-2', kernel: '6.12', folders: ['submissions/ada/programs/hello'] },
    ].map((job) => expect.objectContaining(job)),
  });
  expect(output()).toMatch(/^[^\n]+\n$/);
});

test('one learner’s, or one folder', async () => {
  const root = await classroom();
  expect(await planned(root, [join(root, 'submissions/bob')])).toEqual({
    include: [{ name: '6.12-1', kernel: '6.12', folders: ['submissions/bob/programs/hello'] }],
  });
  await expect(plan({ ...createContext({ json: true }), root }, [join(root, 'content')], usual)).rejects.toThrow(
    'no submission to an exercise of this course below content',
  );
});

test('what has changed between two commits, of one learner', async () => {
  const root = await classroom();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  git('init', '-qb', 'main');
  git('add', 'content');
  git('commit', '-qm', 'course');
  const base = git('rev-parse', 'HEAD');
  git('add', '-A');
  git('commit', '-qm', 'work');
  const commits = { base, head: git('rev-parse', 'HEAD'), login: 'ada' };
  written.mockClear();
  expect(await planned(root, [], commits)).toEqual({
    include: [
      { name: '6.12-1', kernel: '6.12', folders: ['submissions/ada/maps/lru', 'submissions/ada/programs/hello'] },
    ],
  });
  const context = { ...createContext({ json: true }), root };
  written.mockClear();
  // For a job's outputs: what is foreign to ada is counted.
  await planned(root, [], { ...commits, output: join(root, 'output') });
  expect(await readFile(join(root, 'output'), 'utf8')).toMatch(/^matrix=\{"include":\[[^\n]*\]\}\nforeign=3\n$/);
  // As the help of the command has it.
  written.mockClear();
  git('update-ref', 'refs/remotes/origin/main', base);
  expect(await planned(root, [], { base: 'origin/main', head: 'HEAD', login: 'ada' })).toMatchObject({
    include: [{ folders: ['submissions/ada/maps/lru', 'submissions/ada/programs/hello'] }],
  });
  await expect(plan(context, [], { ...usual, base, head: 'none' })).rejects.toThrow('--head none is not a commit of');
  await expect(plan(context, [], { ...usual, base, head: '--all' })).rejects.toThrow('--head --all is not a commit of');
  await expect(plan(context, [], { ...usual, base })).rejects.toThrow('--head is missing');
  await expect(plan(context, [], { ...usual, ...commits, login: '../x' })).rejects.toThrow('is not a GitHub login');
});

test('more jobs than GitHub starts are refused', async () => {
  const root = await classroom();
  for (let i = 0; i < 60; i += 1)
    await cp(join(root, 'submissions/ada'), join(root, `submissions/a${i}`), { recursive: true });
  await expect(planned(root, [], { shards: '256', kernel: 'all' })).rejects.toThrow(
    'GitHub starts 256 of a matrix at most',
  );
});

test('merge reads files and folders, follows no link, and says when there is nothing', async () => {
  const root = await classroom();
  const report = JSON.stringify({ format: 'hookpoint-report', version: 1, exitCode: 0, results: [] });
  await addFiles(root, { 'reports/a.json': report, 'reports/b.json': report, 'empty/': '' });
  const context = { ...createContext({ json: true }), root };
  expect(await merge(context, [join(root, 'reports')])).toBe(0);
  expect(JSON.parse(output())).toEqual(JSON.parse(report));
  await expect(merge(context, [join(root, 'empty')])).rejects.toThrow('There is no report in');
  await expect(merge(context, [join(root, 'none.json')])).rejects.toThrow('There is no file or folder');
  execFileSync('ln', ['-s', '/etc/passwd', join(root, 'reports/c.json')]);
  await expect(merge(context, [join(root, 'reports')])).rejects.toThrow('is a link');
});
