/** `grade submit` in real repositories. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { submit } from '../../../grader/cli/submit.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { startExercise } from '../../../grader/course/workspace.ts';
import { smallCourse, smallCourseFiles } from '../course/courses.ts';
import { git, gitEnvironment, makeRepository } from '../course/repositories.ts';
import { graded } from '../course/results.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

// Some dozens of git processes each, on a machine that may be busy.
// Nobody's configuration decides a test, and a name from there is no name.
beforeEach(() => void Object.entries(gitEnvironment).forEach(([name, value]) => vi.stubEnv(name, value)));

const branch = 'submit/ada';
const fork = 'git@github.com:ada/hookpoint.git';
const upstream = 'https://github.com/course/hookpoint';

let template: string;

/** A clone of the small course with its first two exercises passed by ada; the learner has something half done besides. */
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'hookpoint-test-'));
  await addFiles(template, { ...smallCourseFiles, '.gitignore': '.grade/\n', 'README.md': 'The course\n' });
  makeRepository(template);
  git(template, 'remote', 'add', 'origin', fork);
  git(template, 'remote', 'add', 'upstream', upstream);
  for (const exercise of (await loadCourse(template)).slice(0, 2)) {
    await startExercise(template, 'ada', exercise);
    await graded(template, 'ada', exercise);
  }
  await addFiles(template, { 'README.md': 'half done\n', 'staged.txt': 'staged\n', 'notes.txt': 'untracked\n' });
  git(template, 'add', 'staged.txt');
});
afterAll(() => rm(template, { recursive: true }));

async function prepare() {
  const root = await temporaryFolder();
  await cp(template, root, { recursive: true });
  return { root, course: await loadCourse(root), ...listen(root) };
}

/** Everything that must stay as it is. */
function stateOf(root: string): string {
  return git(root, 'status', '--porcelain=v2', '--branch', '--show-stash') + git(root, 'ls-files', '--stage');
}

function tryGit(root: string, args: string[]): string {
  try {
    return git(root, ...args);
  } catch {
    return 'none';
  }
}

const filesOn = (root: string, from = 'main') => git(root, 'diff', '--name-only', from, branch).trim().split('\n');

test('commits what has passed, and nothing else, and leaves the rest as it was', async () => {
  const { root, context, said } = await prepare();
  const before = stateOf(root);
  expect(await submit(context, [], {})).toBe(0);
  expect(stateOf(root)).toBe(before);
  expect(filesOn(root)).toEqual(['submissions/ada/programs/hello/a.bpf.c', 'submissions/ada/programs/maps/a.bpf.c']);
  expect(git(root, 'log', '-1', '--format=%an %s', branch)).toBe('Ada Submit programs/hello, programs/maps\n');
  expect(git(root, 'rev-parse', `${branch}^`)).toBe(git(root, 'rev-parse', 'main'));
  expect(await readdir(join(root, '.grade/staging'))).toEqual([]);
  expect(`\n${said().replace(/as [0-9a-f]{10}/, 'as COMMIT')}\n`).toMatchInlineSnapshot(`
    "
    Committed on the branch submit/ada, as COMMIT. Nothing was pushed, and your own branch is as it was.
      submissions/ada/programs/hello/ has passed: 3 of 3 points
      submissions/ada/programs/maps/ has passed: 3 of 3 points

      → Push it:
          git push -u origin submit/ada
        Then open the pull request:
          https://github.com/course/hookpoint/compare/main...ada:submit/ada?expand=1
        or:
          gh pr create --repo course/hookpoint --head ada:submit/ada --fill
    "
  `);
});

test('again: nothing to do; then only what is new, on the same branch', async () => {
  const { root, course, context, said } = await prepare();
  await submit(context, [], {});
  const first = git(root, 'rev-parse', branch);
  await submit(context, [], {});
  expect(git(root, 'rev-parse', branch)).toBe(first);
  expect(said()).toContain('has everything that you have passed already; nothing was changed.');
  await writeFile(join(root, 'submissions/ada/programs/maps/a.bpf.c'), 'better\n');
  await graded(root, 'ada', course[1]!);
  const before = stateOf(root);
  await submit(context, [], {});
  expect(stateOf(root)).toBe(before);
  expect(git(root, 'rev-parse', `${branch}^`)).toBe(first);
  expect(filesOn(root, `${branch}^`)).toEqual(['submissions/ada/programs/maps/a.bpf.c']);
  expect(git(root, 'show', `${branch}:submissions/ada/programs/maps/a.bpf.c`)).toBe('better\n');
});

test('one that is named is submitted as it is, and that is said', async () => {
  const { root, course, context, said } = await prepare();
  await startExercise(root, 'ada', course[2]!);
  await submit(context, ['drop'], {});
  expect(filesOn(root)).toEqual(['submissions/ada/networking/drop/a.bpf.c']);
  expect(said()).toContain('submissions/ada/networking/drop/ has not been graded yet: it is submitted as it is');
  await graded(root, 'ada', course[2]!, 'counts');
  await writeFile(join(root, 'submissions/ada/networking/drop/a.bpf.c'), 'other\n');
  await submit(context, ['drop'], {});
  expect(said()).toContain('has changed since it was graded: it is submitted as it is');
  await addFiles(root, { 'submissions/ada/networking/drop/Makefile': 'all:' });
  expect(await failure(submit(context, ['drop'], {}))).toMatch(
    /networking\/drop cannot be submitted: There are files .* that do not belong to the submission\. There is also Makefile\.\nMove them elsewhere/,
  );
});

test('a file that the exercise no longer has goes from the branch', async () => {
  const { root, context } = await prepare();
  await submit(context, [], {});
  const other = await temporaryFolder();
  git(root, 'worktree', 'add', '-q', join(other, 'tree'), branch);
  await addFiles(join(other, 'tree'), { 'submissions/ada/programs/hello/old.c': 'old\n' });
  git(join(other, 'tree'), 'add', '-A');
  git(join(other, 'tree'), 'commit', '-qm', 'more');
  expect(await failure(submit(context, [], {}))).toContain('is checked out in another folder');
  git(join(other, 'tree'), 'switch', '-q', '--detach');
  await submit(context, [], {});
  expect(filesOn(root)).toEqual(['submissions/ada/programs/hello/a.bpf.c', 'submissions/ada/programs/maps/a.bpf.c']);
});

test('on the branch itself, detached, or with own commits on main: it works the same', async () => {
  const { root, course, context } = await prepare();
  git(root, 'update-ref', 'refs/remotes/upstream/main', 'main');
  git(root, 'commit', '-qam', 'Something of the learner’s own');
  git(root, 'switch', '-q', '--detach');
  const before = stateOf(root);
  await submit(context, ['hello'], {});
  expect(stateOf(root)).toBe(before);
  expect(filesOn(root, 'upstream/main')).toEqual(['submissions/ada/programs/hello/a.bpf.c']);

  await rm(join(root, 'submissions/ada/programs/hello'), { recursive: true });
  git(root, 'switch', '-q', branch);
  await startExercise(root, 'ada', course[0]!);
  await submit(context, ['maps'], {});
  expect(git(root, 'status', '--porcelain', '--', 'submissions')).toBe('');
  expect(filesOn(root, 'upstream/main')).toEqual([
    'submissions/ada/programs/hello/a.bpf.c',
    'submissions/ada/programs/maps/a.bpf.c',
  ]);
});

test('what was merged is the beginning of something new', async () => {
  const { root, context } = await prepare();
  await submit(context, ['hello'], {});
  git(root, 'stash', '-q');
  await rename(join(root, 'submissions'), join(root, 'kept'));
  git(root, 'merge', '-q', '--no-ff', '-m', 'Merge', branch);
  await rm(join(root, 'submissions'), { recursive: true });
  await rename(join(root, 'kept'), join(root, 'submissions'));
  await submit(context, [], {});
  expect(git(root, 'rev-parse', `${branch}^`)).toBe(git(root, 'rev-parse', 'main'));
  expect(filesOn(root)).toEqual(['submissions/ada/programs/maps/a.bpf.c']);
});

/** Puts what the branch has onto main in one commit of its own, as GitHub's “Squash and merge” does. */
function squash(root: string): void {
  const tree = git(root, 'rev-parse', `${branch}^{tree}`).trim();
  git(root, 'update-ref', 'refs/heads/main', git(root, 'commit-tree', tree, '-p', 'main', '-m', 'Squashed').trim());
}

/** As if it had been pushed, or fetched from the learner's own repository. */
const push = (root: string, from = branch) => git(root, 'update-ref', `refs/remotes/origin/${branch}`, from);

test('what was merged by squash is the beginning of something new, and GitHub’s old branch is replaced', async () => {
  const { root, context, said } = await prepare();
  await submit(context, ['hello'], {});
  push(root);
  git(root, 'switch', '-q', '--detach');
  squash(root);
  git(root, 'update-ref', 'refs/remotes/upstream/main', 'main');
  await submit(context, [], {});
  expect(git(root, 'rev-parse', `${branch}^`)).toBe(git(root, 'rev-parse', 'main'));
  expect(filesOn(root)).toEqual(['submissions/ada/programs/maps/a.bpf.c']);
  expect(said()).toContain('git push -u --force-with-lease origin submit/ada');
});

test('what was merged and is as it was needs no pull request', async () => {
  const { root, context, said } = await prepare();
  await submit(context, [], {});
  push(root);
  const before = git(root, 'rev-parse', branch);
  git(root, 'switch', '-q', '--detach');
  squash(root);
  git(root, 'update-ref', 'refs/remotes/upstream/main', 'main');
  const told = said().length;
  expect(await submit(context, [], {})).toBe(0);
  expect(said().slice(told).trim()).toBe(
    'The course has everything that you have passed already: it is merged, and there is nothing to hand in.',
  );
  expect(git(root, 'rev-parse', branch)).toBe(before);
});

test('on a second machine: built on what GitHub has of the branch', async () => {
  const { root, context, said } = await prepare();
  await submit(context, ['hello'], {});
  push(root);
  const first = git(root, 'rev-parse', branch);
  git(root, 'update-ref', '-d', `refs/heads/${branch}`);
  await submit(context, ['maps'], {});
  expect(git(root, 'rev-parse', `${branch}^`)).toBe(first);
  expect(said()).not.toContain('--force');

  // The other machine has pushed more than this one knows.
  const second = git(root, 'rev-parse', branch);
  push(root);
  git(root, 'update-ref', `refs/heads/${branch}`, first.trim());
  await writeFile(join(root, 'submissions/ada/programs/hello/a.bpf.c'), 'better\n');
  await submit(context, ['hello'], {});
  expect(git(root, 'rev-parse', `${branch}^`)).toBe(second);

  push(root, 'main');
  git(
    root,
    'update-ref',
    `refs/remotes/origin/${branch}`,
    git(root, 'commit-tree', `${branch}^{tree}`, '-p', 'main', '-m', 'Elsewhere').trim(),
  );
  expect(await failure(submit(context, ['maps'], {}))).toMatch(
    /here and the one on GitHub have each got something[^]*git branch -m submit\/ada submit\/ada-old/,
  );
});

test('what GitHub could not merge is put together with the course, so that it is graded', async () => {
  const { root, context } = await prepare();
  await submit(context, [], {});
  // The course has the same file in another version, and something new.
  git(root, 'stash', '-q');
  await addFiles(root, { 'submissions/ada/programs/hello/a.bpf.c': 'merged elsewhere\n', 'news.txt': 'news\n' });
  git(root, 'add', '-f', 'submissions/ada/programs/hello', 'news.txt');
  git(root, 'commit', '-qm', 'The course goes on');
  await writeFile(join(root, 'submissions/ada/programs/hello/a.bpf.c'), 'mine\n');
  await submit(context, ['hello'], {});
  expect(() => git(root, 'merge-tree', '--write-tree', 'main', branch)).not.toThrow();
  expect(git(root, 'show', `${branch}:submissions/ada/programs/hello/a.bpf.c`)).toBe('mine\n');
  expect(git(root, 'show', `${branch}:news.txt`)).toBe('news\n');
  expect(filesOn(root)).toEqual(['submissions/ada/programs/hello/a.bpf.c', 'submissions/ada/programs/maps/a.bpf.c']);
});

test('also where nothing of the learner’s is new: the course alone has changed since', async () => {
  const { root, context, said } = await prepare();
  const path = 'submissions/ada/programs/hello/a.bpf.c';
  await submit(context, [], {});
  const mine = git(root, 'show', `${branch}:${path}`);
  const [first, state] = [git(root, 'rev-parse', branch), stateOf(root)];
  const other = await temporaryFolder();
  git(root, 'worktree', 'add', '-q', '--detach', join(other, 'tree'), 'main');
  await addFiles(join(other, 'tree'), { [path]: 'merged elsewhere\n', 'news.txt': 'news\n' });
  git(join(other, 'tree'), 'add', '-A');
  git(join(other, 'tree'), 'commit', '-qm', 'The course goes on');
  git(root, 'update-ref', 'refs/remotes/upstream/main', git(join(other, 'tree'), 'rev-parse', 'HEAD').trim());
  await submit(context, [], {});
  expect(said()).toContain('The course has changed the same files as the branch submit/ada');
  expect(() => git(root, 'merge-tree', '--write-tree', 'upstream/main', branch)).not.toThrow();
  expect(git(root, 'show', `${branch}:${path}`)).toBe(mine);
  expect(git(root, 'show', `${branch}:news.txt`)).toBe('news\n');
  // On top of both, so that it is pushed without force; nothing before the learner has changed.
  expect(git(root, 'rev-parse', `${branch}^1`)).toBe(first);
  expect(stateOf(root)).toBe(state);
  const told = said().length;
  await submit(context, [], {});
  expect(said().slice(told)).toContain('nothing was changed');
});

test('a course on trunk, whose remote was added by hand', async () => {
  const { root, context, said } = await prepare();
  git(root, 'branch', '-qm', 'main', 'mine');
  git(root, 'update-ref', 'refs/remotes/upstream/trunk', 'HEAD');
  git(root, 'update-ref', 'refs/remotes/upstream/old', 'HEAD');
  const course = git(root, 'rev-parse', 'HEAD');
  git(root, 'commit', '-qam', 'Something of the learner’s own');
  await submit(context, ['hello'], {});
  expect(git(root, 'rev-parse', `${branch}^`)).toBe(course);
  expect(said()).toContain('https://github.com/course/hookpoint/compare/trunk...ada:submit/ada');
});

test('a learner who signs commits signs this one', async () => {
  const { root, context } = await prepare();
  const key = join(await temporaryFolder(), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  for (const [name, value] of [
    ['gpg.format', 'ssh'],
    ['user.signingKey', key],
    ['commit.gpgSign', 'true'],
  ])
    git(root, 'config', name!, value!);
  await submit(context, ['hello'], {});
  expect(git(root, 'cat-file', 'commit', branch)).toContain('-----BEGIN SSH SIGNATURE-----');
  git(root, 'config', 'user.signingKey', '/nonexistent');
  expect(await failure(submit(context, ['maps'], {}))).toContain('git commit-tree failed');
});

test('a folder Ada for the login ada is the same learner', async () => {
  const { root, course, context, said } = await prepare();
  await submit(context, ['hello'], {});
  await rename(join(root, 'submissions/ada'), join(root, 'submissions/Ada'));
  await addFiles(root, { 'submissions/eve/programs/hello/a.bpf.c': '' });
  git(root, 'config', 'github.user', 'ada');
  await graded(root, 'Ada', course[1]!);
  push(root);
  await submit(context, ['maps'], {});
  // On the branch that GitHub has: another spelling would be a second one there, and a second pull request.
  expect(filesOn(root)).toContain('submissions/Ada/programs/maps/a.bpf.c');
  expect(tryGit(root, ['rev-parse', '--verify', '-q', 'submit/Ada'])).toBe('none');
  expect(said()).toContain('git push -u origin submit/ada');
});

test('a branch with something else on it is left alone', async () => {
  const { root, context } = await prepare();
  git(root, 'stash', '-q');
  git(root, 'switch', '-q', '-c', branch);
  await addFiles(root, { 'grader.txt': 'mine' });
  git(root, 'add', 'grader.txt');
  git(root, 'commit', '-qm', 'other');
  git(root, 'switch', '-q', 'main');
  const tip = git(root, 'rev-parse', branch);
  expect(await failure(submit(context, [], {}))).toMatch(
    /has changes outside of submissions\/ada\/: grader\.txt\.[^]*git branch -m submit\/ada submit\/ada-old/,
  );
  expect(git(root, 'rev-parse', branch)).toBe(tip);
});

test('if the last step fails, nothing is changed and nothing left behind', async () => {
  const { root, context } = await prepare();
  await addFiles(root, { '.git/refs/heads/submit/ada.lock': '' });
  const before = stateOf(root);
  expect(await failure(submit(context, [], {}))).toContain('git update-ref failed: ');
  expect(stateOf(root)).toBe(before);
  expect(await readdir(join(root, '.grade/staging'))).toEqual([]);
  expect(tryGit(root, ['rev-parse', '--verify', '-q', branch])).toBe('none');
});

const refusals: [name: string, change: (root: string) => unknown, words: RegExp][] = [
  ['no git', () => vi.stubEnv('PATH', '/nonexistent'), /git is not installed/],
  [
    'no repository',
    (root) => rm(join(root, '.git'), { recursive: true }),
    /is not a git repository\.\nClone the course/,
  ],
  ['no commit yet', (root) => git(root, 'update-ref', '-d', 'refs/heads/main'), /has no commit yet/],
  [
    'no name',
    (root) => git(root, 'config', '--unset', 'user.name'),
    /does not know who you are[^]*git config --global user\.name/,
  ],
  ['no address', (root) => git(root, 'config', '--unset', 'user.email'), /git config --global user\.email/],
];

test.each(refusals)('%s: the message says what to do', async (_, change, words) => {
  const { root, context } = await prepare();
  await change(root);
  expect(await failure(submit(context, [], { as: 'ada' }))).toMatch(words);
});

test('the name of the user here is no login on GitHub', async () => {
  const { root, context } = await prepare();
  git(root, 'remote', 'remove', 'origin');
  expect(await failure(submit(context, [], {}))).toMatch(
    /Is ada your login on GitHub\?[^]*git config github\.user ada$/,
  );
  git(root, 'config', 'github.user', 'octo');
  expect(await failure(submit(context, [], {}))).toMatch(
    /On GitHub you are octo, but[^]*mv submissions\/ada submissions\/octo\nnpx grade --all$/,
  );
  git(root, 'config', 'github.user', 'Ada');
  expect(await submit(context, [], {})).toBe(0);
});

test('a course inside of another repository; a course without anything passed', async () => {
  const { root, context } = await prepare();
  const outer = await temporaryFolder();
  await rm(join(root, '.git'), { recursive: true });
  await mkdir(join(outer, 'course'));
  await cp(root, join(outer, 'course'), { recursive: true });
  makeRepository(outer);
  expect(await failure(submit(listen(join(outer, 'course')).context, [], { as: 'ada' }))).toContain(
    'The course is a folder inside another repository',
  );
  const fresh = await smallCourse();
  makeRepository(fresh);
  expect(await failure(submit({ ...context, root: fresh }, [], { as: 'ada' }))).toContain(
    'You have not passed any exercise yet.\nNext: npx grade',
  );
  expect(await readFile(join(fresh, '.git/HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
});
