/** The zip for Gradescope, and its scripts in a folder that is laid out as Gradescope's containers are. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportResults } from '../../../grader/cli/export.ts';
import { readArchive } from '../../../grader/github/archive.ts';
import { git, makeRepository } from '../course/repositories.ts';
import { smallCourse } from '../course/courses.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

const limits = { entries: 9, entryBytes: 10_000, totalBytes: 30_000, name: /./ };
const format = 'gradescope-autograder';

async function made(): Promise<{ root: string; files: Map<string, string> }> {
  const root = await smallCourse();
  makeRepository(root);
  git(root, 'remote', 'add', 'origin', 'git@github.com:my-school/hookpoint.git');
  const out = join(root, 'autograder.zip');
  expect(await exportResults(listen(root).context, ['hello'], { format, out })).toBe(0);
  const archive = await readArchive(await readFile(out), limits);
  if ('problem' in archive) throw new Error(archive.problem);
  return { root, files: new Map(archive.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])) };
}

/** /autograder with a stand-in for the grader, which says what it was asked for. */
async function container(files: Map<string, string>, submission: Record<string, string>): Promise<string> {
  const home = await temporaryFolder();
  await addFiles(home, Object.fromEntries([...files].map(([name, text]) => [`source/${name}`, text])));
  await addFiles(join(home, 'submission'), submission);
  await mkdir(join(home, 'course/submissions/someone-else'), { recursive: true });
  const standIn =
    '#!/bin/sh\necho "$*" >> calls\ncase "$1" in export) find submissions -type f -o -type l | sort > files; while [ "$1" != --out ]; do shift; done; echo "{}" > "$2";; *) exit 1;; esac\n';
  await writeFile(join(home, 'course/grade'), standIn);
  await chmod(join(home, 'course/grade'), 0o755);
  return home;
}

const run = (home: string, script: string) =>
  execFileSync('sh', [join(home, 'source', script)], { env: { ...process.env, AUTOGRADER: home }, encoding: 'utf8' });

test('the zip has what Gradescope runs, and the commit that grades', async () => {
  const { root, files } = await made();
  expect([...files.keys()]).toEqual(['exercise', 'setup.sh', 'run_autograder']);
  expect(files.get('exercise')).toBe('programs/hello\n');
  expect(files.get('setup.sh')).toContain('git clone --quiet \'https://github.com/my-school/hookpoint.git\' "$course"');
  expect(files.get('setup.sh')).toContain(`checkout --quiet '${git(root, 'rev-parse', 'HEAD').trim()}'`);
  for (const name of ['setup.sh', 'run_autograder']) {
    const file = join(await temporaryFolder(), name);
    await writeFile(file, files.get(name)!);
    expect(() => execFileSync('sh', ['-n', file])).not.toThrow();
  }
});

test('a submission of files is graded, and nothing of the one before it is left', async () => {
  const { files } = await made();
  const home = await container(files, { 'a.bpf.c': 'x' });
  run(home, 'run_autograder');
  expect(await readFile(join(home, 'course/files'), 'utf8')).toBe('submissions/learner/programs/hello/a.bpf.c\n');
  expect((await readFile(join(home, 'course/calls'), 'utf8')).split('\n').slice(0, 2)).toEqual([
    `--yes --json --as learner --report ${home}/report.json programs/hello`,
    `export --as learner --format gradescope --from ${home}/report.json --out ${home}/results/results.json`,
  ]);
  expect(await readFile(join(home, 'results/results.json'), 'utf8')).toBe('{}\n');
});

test('of a repository the folder of the exercise is graded', async () => {
  const { files } = await made();
  const home = await container(files, { 'README.md': 'x', 'submissions/ada/programs/hello/a.bpf.c': 'x' });
  run(home, 'run_autograder');
  expect(await readFile(join(home, 'course/files'), 'utf8')).toBe('submissions/learner/programs/hello/a.bpf.c\n');
});

test('one exercise, a file, and a course that has a repository', async () => {
  const root = await smallCourse();
  const { context } = listen(root);
  const told = (named: string[], out?: string) =>
    failure(exportResults(context, named, { format, ...(out && { out }) }));
  expect(await told([], join(root, 'a.zip'))).toContain('An assignment of Gradescope is one exercise.');
  expect(await told(['hello', 'maps'], join(root, 'a.zip'))).toContain('one exercise');
  expect(await told(['hello'])).toContain('--out autograder.zip');
  expect(await told(['hello'], join(root, 'a.zip'))).toContain('git remote add origin');
});
