/** The zip for Gradescope, and its scripts in a folder that is laid out as Gradescope's containers are. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { fromBuffer, type Options, type ZipFile } from 'yauzl';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exportResults } from '../../../grader/cli/export.ts';
import { readArchive } from '../../../grader/github/archive.ts';
import { renderClassroom50 } from '../../../grader/report/classroom50.ts';
import { makeReport } from '../../../grader/report/json.ts';
import { git, makeRepository } from '../course/repositories.ts';
import { smallCourse } from '../course/courses.ts';
import { everyOutcome, hostile, invalid, pass, result } from '../report/results.ts';
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
  return { root, files: await unpacked(out) };
}

async function unpacked(zip: string): Promise<Map<string, string>> {
  const archive = await readArchive(await readFile(zip), limits);
  if ('problem' in archive) throw new Error(archive.problem);
  return new Map(archive.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]));
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
  expect(files.get('setup.sh')).toContain(
    'git clone --quiet \'https://github.com/my-school/hookpoint.git\' "$home/course"',
  );
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

test.each([
  ['the exercise', 'submissions/ada/programs/hello'],
  ['the chapter', 'submissions/ada/programs'],
  ['the login', 'submissions/ada'],
  ['submissions/', 'submissions'],
])('a link in place of %s leads nowhere, for instance not to the solution', async (_, link) => {
  const { files } = await made();
  const home = await container(files, { 'a.bpf.c': 'mine' });
  const below = 'submissions/ada/programs/hello'.slice(link.length);
  await addFiles(join(home, 'solution'), { [join('.', below, 'a.bpf.c')]: 'the solution' });
  await mkdir(join(home, 'submission', dirname(link)), { recursive: true });
  await symlink(join(home, 'solution'), join(home, 'submission', link));
  run(home, 'run_autograder');
  const found = (await readFile(join(home, 'course/files'), 'utf8')).trim().split('\n');
  expect(found).toContain('submissions/learner/programs/hello/a.bpf.c');
  expect(await readFile(join(home, 'course/submissions/learner/programs/hello/a.bpf.c'), 'utf8')).toBe('mine');
});

test.each([
  ['git@github.com:my-school/hookpoint.git', 'https://github.com/my-school/hookpoint.git'],
  ['ssh://git@git.my-school.edu/bpf/course.git', 'https://git.my-school.edu/bpf/course.git'],
  ['https://ada:ghp_secret@github.com/my-school/hookpoint.git', 'https://github.com/my-school/hookpoint.git'],
  ['https://ghp_secret@github.com/my-school/hookpoint', 'https://github.com/my-school/hookpoint'],
])('%s is fetched without a key or a password: %s', async (url, expected) => {
  const { root } = await made();
  git(root, 'remote', 'set-url', 'origin', url);
  for (const name of [format, 'classroom50-autograder'] as const) {
    const out = join(root, name === format ? 'a.zip' : 'a.py');
    expect(await exportResults(listen(root).context, ['hello'], { format: name, out })).toBe(0);
    const texts = name === format ? [...(await unpacked(out)).values()] : [await readFile(out, 'utf8')];
    expect(texts.join('\n')).toContain(expected);
    expect(texts.join('\n')).not.toMatch(/secret|git@/);
  }
});

test('a commit that nobody can fetch is said before it is uploaded', async () => {
  const { root } = await made();
  const out = join(root, 'a.zip');
  const { context, noted } = listen(root);
  await exportResults(context, ['hello'], { format, out });
  expect(noted()).toContain('push it before you upload');
  expect(noted()).toContain('has not published its guest');
  git(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  const other = listen(root);
  await exportResults(other.context, ['hello'], { format, out });
  expect(other.noted()).not.toContain('push it');
});

test('the zip is what Gradescope’s specification asks for: both scripts at its root, executable, with a line that says what runs them', async () => {
  const { root, files } = await made();
  for (const name of ['setup.sh', 'run_autograder']) expect(files.get(name)).toMatch(/^#!\/bin\/sh\n/);
  const modes = new Map<string, string>();
  const zip = await promisify<Buffer, Options, ZipFile>(fromBuffer)(await readFile(join(root, 'autograder.zip')), {
    lazyEntries: false,
  });
  zip.on('entry', ({ fileName, externalFileAttributes }) =>
    modes.set(fileName, (externalFileAttributes >>> 16).toString(8)),
  );
  await once(zip, 'end');
  expect(Object.fromEntries(modes)).toEqual({ exercise: '100644', 'setup.sh': '100755', run_autograder: '100755' });
  // Where it says that things are.
  expect(files.get('run_autograder')).toContain('home=${AUTOGRADER:-/autograder}');
  for (const place of ['$home/source/exercise', '$home/submission', '$home/results/results.json'])
    expect(files.get('run_autograder')).toContain(place);
});

/** Not every machine that runs these tests has it; GitHub's runners have. */
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('Classroom 50', () => {
  const classroom50 = 'classroom50-autograder';
  // The contract of its wiki, “Advanced Autograding”: scores are whole numbers, and what the runner stamps itself may be left out.
  const schema = z.looseObject({
    schema: z.literal('classroom50/result/v1'),
    classroom: z.string().min(1),
    assignment: z.string().min(1),
    submission: z.string().min(1),
    commit: z.url(),
    release: z.url(),
    review: z.url(),
    datetime: z.iso.datetime(),
    score: z.int(),
    'max-score': z.int(),
    tests: z.array(
      z.looseObject({ 'test-name': z.string().min(1), passed: z.boolean(), score: z.int(), 'max-score': z.int() }),
    ),
  });
  const told = {
    CLASSROOM: 'ebpf',
    ASSIGNMENT: 'hello',
    SUBMISSION_TAG: 'submit/2026-06-01T14-32-05Z-a1b2c3d',
    COMMIT_URL: 'https://github.com/my-school/ebpf-hello-ada/commit/a1b2c3d',
    RELEASE_URL: 'https://github.com/my-school/ebpf-hello-ada/releases/tag/submit',
  };
  const graded = {
    score: 2,
    'max-score': 3,
    tests: [{ 'test-name': 'It loads', passed: true, score: 2, 'max-score': 3 }],
  };

  /** Runs the autograder in a student's checkout; the course that it clones has a stand-in for the grader. `ends`: export's exit code. */
  async function grade(checkout: Record<string, string>, ends = 0, links: Record<string, string> = {}) {
    const standIn = `#!/bin/sh
echo "$*" >> "$HERE/calls"
case "$1" in
  setup) exit 0 ;;
  export) find submissions -type f -o -type l | sort > "$HERE/files"; cp submissions/learner/programs/hello/a.bpf.c "$HERE/graded.bpf.c"; while [ "$1" != --out ]; do shift; done; echo '${JSON.stringify(graded)}' > "$2"; exit ${ends} ;;
  *) exit 1 ;;
esac
`;
    const root = await smallCourse();
    await addFiles(root, { grade: standIn, 'submissions/someone/programs/hello/a.bpf.c': 'not theirs' });
    await chmod(join(root, 'grade'), 0o755);
    makeRepository(root);
    git(root, 'remote', 'add', 'origin', root);
    const home = await temporaryFolder();
    await addFiles(join(home, 'checkout'), checkout);
    for (const [name, target] of Object.entries(links)) {
      await mkdir(join(home, 'checkout', dirname(name)), { recursive: true });
      await symlink(target, join(home, 'checkout', name));
    }
    const out = join(home, 'autograder.py');
    expect(await exportResults(listen(root).context, ['hello'], { format: classroom50, out })).toBe(0);
    const env = { ...process.env, ...told, HERE: home, GITHUB_ACTIONS: '' };
    const { status, stderr } = spawnSync('python3', [out], { cwd: join(home, 'checkout'), env, encoding: 'utf8' });
    return { home, status, stderr, result: join(home, 'checkout/result.json') };
  }

  test.skipIf(!hasPython)('the result is as its documentation asks', async () => {
    const { home, status, stderr, result } = await grade({
      'a.bpf.c': 'mine',
      'README.md': 'x',
      '.github/workflows/a.yml': 'x',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const document = schema.parse(JSON.parse(await readFile(result, 'utf8')));
    expect(document).toMatchObject({ classroom: 'ebpf', assignment: 'hello', review: told.COMMIT_URL, ...graded });
    // Of the repository only what the exercise asks for is graded, and nothing of anybody else.
    expect(await readFile(join(home, 'files'), 'utf8')).toBe('submissions/learner/programs/hello/a.bpf.c\n');
    expect(await readFile(join(home, 'calls'), 'utf8')).toMatch(
      /^setup --yes\n--yes --json --as learner --report \S+report\.json/,
    );
  });

  test.skipIf(!hasPython)('of a repository that is a course the folder of the exercise is graded', async () => {
    const { home, status } = await grade({ 'submissions/ada/programs/hello/a.bpf.c': 'x', 'a.bpf.c': 'no' });
    expect(status).toBe(0);
    expect(await readFile(join(home, 'files'), 'utf8')).toBe('submissions/learner/programs/hello/a.bpf.c\n');
  });

  test.skipIf(!hasPython)('a folder that is a link leads nowhere', async () => {
    const elsewhere = await temporaryFolder();
    await addFiles(elsewhere, { 'hello/a.bpf.c': 'the solution' });
    const { home, status } = await grade({ 'a.bpf.c': 'mine' }, 0, { 'submissions/ada/programs': elsewhere });
    expect(status).toBe(0);
    expect(await readFile(join(home, 'graded.bpf.c'), 'utf8')).toBe('mine');
  });

  test.skipIf(!hasPython)(
    'without a verdict it fails, which is an error of the infrastructure and no score',
    async () => {
      const { status, stderr, result } = await grade({ 'a.bpf.c': 'x' }, 3);
      expect(status).toBe(1);
      expect(stderr).toContain('no verdict, which is not the submission');
      await expect(readFile(result)).rejects.toThrow('ENOENT');
    },
  );

  test('results that it gets: whole numbers, what waits for a failure, what is incomplete', () => {
    const render = (...results: Parameters<typeof makeReport>[0]) =>
      JSON.parse(renderClassroom50(makeReport(results))) as z.infer<typeof schema>;
    const part = schema.pick({ score: true, 'max-score': true, tests: true });
    for (const results of [everyOutcome, hostile]) expect(part.safeParse(render(...results)).error).toBeUndefined();
    expect(render(pass, result())).toMatchObject({ score: 2, 'max-score': 7 });
    const { tests } = render({ ...invalid, maxPoints: 6 });
    expect(tests).toMatchObject([{ passed: false, score: 0, 'max-score': 6 }]);
  });
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
