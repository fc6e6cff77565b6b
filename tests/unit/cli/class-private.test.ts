/**
 * A term of 40 learners in three sections, with a private repository each, through the real commands: open, submit, push, collect, gradebook.
 * git is real, and what it pushes to are bare repositories on this disk; gh is a stand-in that does to them what GitHub would, and tells when something was pushed. The verdicts are data.
 */
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parse as parseYaml, stringify } from 'yaml';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { classCommand } from '../../../grader/cli/class.ts';
import { callerWorkflow } from '../../../grader/cli/class-open.ts';
import type { ClassOptions } from '../../../grader/cli/classroom.ts';
import { submit } from '../../../grader/cli/submit.ts';
import { loadCourse } from '../../../grader/course/load.ts';
import { readSubmission } from '../../../grader/course/submission.ts';
import { parsePush, renderRecord } from '../../../grader/report/record.ts';
import { smallCourseFiles } from '../course/courses.ts';
import { git, makeRepository } from '../course/repositories.ts';
import { passOf } from '../github/results.ts';
import { addFiles } from '../temporary.ts';
import { failure, listen } from './contexts.ts';

/** Their stories are told one by one below; they are in the section monday. */
const seven = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus'];
/** The last minute of each section's due date, as GitHub's clock has it. */
const lastMinute = { monday: '2026-10-12T21:59Z', tuesday: '2026-10-13T21:59Z', remote: '2026-10-13T03:59Z' };
const sections = Object.keys(lastMinute) as (keyof typeof lastMinute)[];

/** What the other 33 do, in turn: the pushes, in hours after the last minute of their section, and the points of it. */
const habits = [
  { pushes: [{ text: 'whole', hours: 0 }], points: '10' },
  { pushes: [{ text: 'whole', hours: 20 }], points: '8' },
  {
    pushes: [
      { text: 'half', hours: -1 },
      { text: 'whole', hours: 20 },
    ],
    points: '8',
  },
  { pushes: [], points: '' },
];
const others = Array.from({ length: 33 }, (_, i) => ({
  login: `l${String(i).padStart(2, '0')}`,
  section: sections[i % sections.length]!,
  ...habits[i % habits.length]!,
}));
/** A day late, but for the extension. */
const extended = others[1]!.login;

const classOf = (...learners: { login: string; name: string; section: string; group?: string }[]) =>
  stringify({
    title: 'Private',
    timezone: 'Europe/Berlin',
    sections: { monday: {}, tuesday: {}, remote: { timezone: 'America/New_York' } },
    learners,
    due: [
      { chapter: 'programs', at: '2026-10-12 23:59' },
      { chapter: 'programs', section: 'tuesday', at: '2026-10-13 23:59' },
    ],
    ...(learners.length === 40 && { extensions: [{ login: extended, chapter: 'programs', days: 7, because: 'ill' }] }),
    late: { perDay: 20, grace: '1 h' },
    counts: { 'programs/hello': 10 },
  });
const classOf7 = seven.map((login) => ({
  login,
  name: login.toUpperCase(),
  section: 'monday',
  ...(['cyd', 'dan'].includes(login) && { group: 'twins' }),
}));
const classOf40 = [...classOf7, ...others.map(({ login, section }) => ({ login, name: login, section }))];

const gh = `#!/bin/sh
echo "$*" >> "$HUB/calls"
case "$1 $2" in
  "repo create")
    to="$HUB/$3.git"
    if [ -e "$to" ]; then echo "GraphQL: Name already exists on this account (createRepository)" >&2; exit 1; fi
    git init -q --bare -b main "$to"
    if [ "$5" = --template ]; then
      git -C "$to" fetch -q "$HUB/$6.git" main
      git -C "$to" update-ref refs/heads/main "$(git -C "$to" commit-tree 'FETCH_HEAD^{tree}' -m 'Initial commit')"
    fi ;;
  "api orgs/"*) cat "$HUB/permission" ;;
  "api --paginate") name=\${3#repos/}; cat "$HUB/\${name%%/activity*}.activity" 2> /dev/null || true ;;
esac
`;

let home: string;
let root: string;
const hub = () => join(home, 'hub');
const organisation = 'my-school';
const repositoryOf = (team: string) => join(hub(), organisation, `hookpoint-${team}.git`);

function stubEnvironment(): void {
  for (const [name, value] of Object.entries({
    HUB: hub(),
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${hub()}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'Somebody'],
        [`GIT_${who}_EMAIL`, 'x@example.org'],
      ]),
    ),
  }))
    vi.stubEnv(name, value);
}

async function run(what: string, named: string[] = [], options: Partial<ClassOptions> = {}, yes = false) {
  const { context, said, noted } = listen(root, { yes });
  const all = { class: join(root, 'class.yaml'), organisation, course: `${organisation}/hookpoint`, ...options };
  const code = await classCommand(context, what, named, all);
  return { code, said: said(), noted: noted() };
}

async function cloneOf(team: string): Promise<string> {
  const folder = join(home, 'clones', team);
  git(home, 'clone', '-q', repositoryOf(team), folder);
  git(folder, 'config', 'user.name', team);
  git(folder, 'config', 'user.email', 'x@example.org');
  return folder;
}

/** What GitHub will say of it, whatever the commit says. */
async function pushed(team: string, clone: string, branch: string, at: string): Promise<void> {
  git(clone, 'push', '-q', '--force', 'origin', `HEAD:refs/heads/${branch}`);
  await tell(team, git(clone, 'rev-parse', 'HEAD').trim(), branch, at);
}

async function tell(team: string, commit: string, branch: string, at: string): Promise<void> {
  await writeFile(join(hub(), organisation, `hookpoint-${team}.activity`), `${at}\t${commit}\trefs/heads/${branch}\n`, {
    flag: 'a',
  });
}

async function handIn(clone: string, login: string, text: string): Promise<void> {
  await addFiles(clone, { [`submissions/${login}/programs/hello/a.bpf.c`]: text });
  git(clone, 'add', '-A');
  git(clone, 'commit', '-q', '--date', '2001-01-01T00:00:00Z', '-m', text);
}

// git runs more than a thousand times here, and a busy machine takes minutes for that.
vi.setConfig({ testTimeout: 1_200_000, hookTimeout: 600_000 });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hookpoint-test-'));
  root = join(home, 'course');
  await addFiles(root, {
    ...smallCourseFiles,
    'class.yaml': classOf(...classOf40),
    'seven.yaml': classOf(...classOf7),
    '.github/workflows/verify.yml': 'on: schedule',
    '.github/CODEOWNERS': '* @my-school/teachers',
    'submissions/README.md': 'Hand in here.',
    'submissions/zoe/programs/hello/a.bpf.c': 'merged last year',
  });
  await addFiles(home, { 'bin/gh': gh, 'hub/calls': '', 'hub/permission': '' });
  await chmod(join(home, 'bin/gh'), 0o755);
  await mkdir(join(hub(), organisation));
  stubEnvironment();
  makeRepository(root);
  await run('open', [], {}, true);
});
beforeEach(stubEnvironment);
afterAll(() => rm(home, { recursive: true }));

test('each has a repository with the course and one workflow, which calls the course’s', async () => {
  const clone = await cloneOf('fay');
  expect(git(clone, 'ls-files', '.github').trim()).toBe('.github/workflows/grade.yml');
  // Nothing of others, even if somebody has committed it.
  expect(git(clone, 'ls-files', 'submissions', 'class.yaml').trim()).toBe('submissions/README.md');
  expect(git(clone, 'ls-files', 'content').split('\n').length).toBeGreaterThan(20);
  const text = await readFile(join(clone, '.github/workflows/grade.yml'), 'utf8');
  expect(text).toBe(callerWorkflow('my-school/hookpoint'));
  expect(parseYaml(text)).toMatchObject({
    permissions: { contents: 'read' },
    jobs: { grade: { uses: 'my-school/hookpoint/.github/workflows/grade-private.yml@main' } },
  });
  const calls = await readFile(join(hub(), 'calls'), 'utf8');
  expect(calls.match(/^repo create my-school\/hookpoint-\w+ --private --template/gm)).toHaveLength(39);
  expect(calls).toContain('api --method PUT repos/my-school/hookpoint-twins/collaborators/dan --field permission=push');
  expect(calls).toContain('repo edit my-school/hookpoint-template --template');
  // The course's own clone is as it was.
  expect(git(root, 'status', '--porcelain')).toBe('');
});

test('once more: what is there stays', async () => {
  expect(await run('open', [], {}, true)).toMatchObject({
    code: 0,
    noted: expect.stringContaining('It is there already.'),
  });
});

test('a class in which members of the organisation would see each other’s work is not opened', async () => {
  await writeFile(join(hub(), 'permission'), 'read\n');
  const told = await failure(run('open', [], {}, true).then(({ code }) => code));
  await writeFile(join(hub(), 'permission'), '');
  expect(told).toContain('would see everybody’s work');
  expect(told).toContain('default_repository_permission=none');
});

test('two teams never share a repository', async () => {
  const shared = (learners: string) => `title: x\ntimezone: UTC\nlearners:\n${learners}`;
  await addFiles(home, {
    'group.yaml': shared('  - { login: ada, name: A }\n  - { login: bob, name: B, group: ADA }\n'),
    'slug.yaml': shared('  - { login: ada, name: A, group: Tëam 1 }\n  - { login: bob, name: B, group: team-1 }\n'),
    'template.yaml': shared('  - { login: template, name: A }\n'),
  });
  for (const file of ['group.yaml', 'slug.yaml', 'template.yaml'])
    expect(await failure(run('open', [], { class: join(home, file) }).then(({ code }) => code))).toContain(
      'would share the repository my-school/hookpoint-',
    );
});

test('a term: on time by a branch that was squashed, late, a group, better later, a cheat, nothing; and its gradebook', async () => {
  // Ada: the real submit; pushed in time, squashed into main five days later.
  const ada = await cloneOf('ada');
  await addFiles(ada, { 'submissions/ada/programs/hello/a.bpf.c': 'ada' });
  const { context } = listen(ada);
  expect(await submit(context, ['programs/hello'], { as: 'ada' })).toBe(0);
  git(ada, 'push', '-q', 'origin', 'submit/ada');
  await tell('ada', git(ada, 'rev-parse', 'submit/ada').trim(), 'submit/ada', '2026-10-12T20:00:00Z');
  const bare = repositoryOf('ada');
  const squashed = git(
    bare,
    '-c',
    'user.name=G',
    '-c',
    'user.email=g@example.org',
    'commit-tree',
    '-p',
    'main',
    '-m',
    'Squash',
    'submit/ada^{tree}',
  ).trim();
  git(bare, 'update-ref', 'refs/heads/main', squashed);
  await tell('ada', squashed, 'main', '2026-10-17T20:00:00Z');
  // Bob: two begun days late, with a commit that says 2001.
  const bob = await cloneOf('bob');
  await handIn(bob, 'bob', 'bob');
  await pushed('bob', bob, 'main', '2026-10-14T12:00:00Z');
  const twins = await cloneOf('twins');
  await handIn(twins, 'cyd', 'twins');
  await pushed('twins', twins, 'main', '2026-10-12T22:30:00Z');
  // A note that is added a week later makes nothing late.
  await addFiles(twins, { 'submissions/cyd/programs/hello/README.md': 'how it works' });
  git(twins, 'add', '-A');
  git(twins, 'commit', '-q', '-m', 'note');
  await pushed('twins', twins, 'main', '2026-10-19T22:30:00Z');
  // Eve: half of it in time, all of it four days late.
  const eve = await cloneOf('eve');
  await handIn(eve, 'eve', 'eve, half');
  await pushed('eve', eve, 'main', '2026-10-12T10:00:00Z');
  await handIn(eve, 'eve', 'eve, whole');
  await pushed('eve', eve, 'main', '2026-10-16T10:00:00Z');
  // Gus: another workflow, another's folder, and a link to a file of the teacher's.
  const gus = await cloneOf('gus');
  await addFiles(gus, {
    'submissions/ADA/programs/hello/a.bpf.c': 'not ada',
    '.github/workflows/grade.yml': 'on: push',
  });
  await mkdir(join(gus, 'submissions/gus/programs/hello'), { recursive: true });
  await symlink('/etc/passwd', join(gus, 'submissions/gus/programs/hello/a.bpf.c'));
  git(gus, 'add', '-A');
  git(gus, 'commit', '-q', '-m', 'gus');
  await pushed('gus', gus, 'main', '2026-10-12T10:00:00Z');

  for (const { login, section, pushes } of others) {
    if (pushes.length === 0) continue;
    const clone = await cloneOf(login);
    for (const { text, hours } of pushes) {
      await handIn(clone, login, `${login}, ${text}`);
      const at = new Date(Date.parse(lastMinute[section]) + hours * 3_600_000);
      await pushed(login, clone, 'main', at.toISOString());
    }
  }

  const out = join(root, 'pushes.jsonl');
  const course = await loadCourse(root);
  const hello = course.find(({ id }) => id === 'programs/hello')!;
  /** Grades what is in submissions/ now, as `npx grade submissions/*` would. */
  const graded = async (...logins: string[]) => {
    const lines = logins.map(async (login) => {
      const folder = join(root, `submissions/${login}/programs/hello`);
      const read = await readSubmission(root, folder, hello.files);
      if (!('submission' in read)) throw new Error(read.problem.text);
      const half = (await readFile(join(folder, 'a.bpf.c'), 'utf8')).includes('half');
      const result = await passOf(hello, login, half ? 'counts' : undefined);
      return renderRecord({ result: { ...result, digest: read.submission.digest } });
    });
    await writeFile(join(root, 'results.jsonl'), (await Promise.all(lines)).join(''), { flag: 'a' });
  };

  const due = await run('collect', [], { due: true, out });
  // Cyd's, Eve's and Gus's, the one with an extension, and what others had pushed by the last minute.
  const inTime = others.filter(({ pushes }) => pushes.some(({ hours }) => hours <= 0)).map(({ login }) => login);
  expect(due.said).toContain(`${3 + inTime.length + 1} submissions of`);
  expect(await readFile(join(root, 'submissions/eve/programs/hello/a.bpf.c'), 'utf8')).toBe('eve, half');
  await graded('cyd', 'eve', extended, ...inTime);
  const now = await run('collect', [], { out });
  const atAll = others.filter(({ pushes }) => pushes.length > 0).map(({ login }) => login);
  const all = 5 + atAll.length;
  expect(now.said).toContain(
    `${all} submissions of ${all} repositories are in submissions/, ${39 - all} more have none`,
  );
  expect(now.noted).toContain(
    'my-school/hookpoint-gus: passed over, because it is in a folder of somebody who is not of this repository: submissions/ADA/programs/hello.',
  );
  expect(await readFile(join(root, 'submissions/eve/programs/hello/a.bpf.c'), 'utf8')).toBe('eve, whole');
  expect(await readFile(join(root, 'submissions/ada/programs/hello/a.bpf.c'), 'utf8')).toBe('ada');
  // A link stays one, and is refused where it is graded.
  expect((await lstat(join(root, 'submissions/gus/programs/hello/a.bpf.c'))).isSymbolicLink()).toBe(true);
  expect(await readSubmission(root, join(root, 'submissions/gus/programs/hello'), hello.files)).toMatchObject({
    problem: expect.anything(),
  });
  await graded('ada', 'bob', 'cyd', 'eve', ...atAll);

  const times = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => parsePush(line));
  expect(times.filter((push) => push?.submission.startsWith('submissions/ada/')).map((push) => push?.at)).toEqual([
    '2026-10-12T20:00:00.000Z',
  ]);
  // What is private is in no commit of a course that may be public.
  expect(git(root, 'status', '--porcelain', '--', 'submissions')).toBe('');

  await run('gradebook', [join(root, 'results.jsonl'), out], { format: 'csv', out: join(root, 'grades.csv') });
  const rows = parse(await readFile(join(root, 'grades.csv'), 'utf8'), { bom: true, columns: true }) as Record<
    string,
    string
  >[];
  expect(Object.fromEntries(rows.map((row) => [row['login'], row['programs/hello']]))).toEqual({
    ada: '10',
    // Two days at 20 %.
    bob: '6',
    // Half an hour late, within the grace.
    cyd: '10',
    dan: '10',
    // 1 of 3 in time is 3.33; all of it four days late 2.
    eve: '3.33',
    fay: '',
    gus: '',
    ...Object.fromEntries(others.map(({ login, points }) => [login, login === extended ? '10' : points])),
  });
  expect(rows).toHaveLength(40);
  const { said } = await run('explain', [join(root, 'results.jsonl'), out], { learner: 'bob' });
  expect(said).toContain(
    'handed in 2026-10-14 14:00 Europe/Berlin, due 2026-10-12 23:59 Europe/Berlin, 2 days late: 40 % less',
  );
});

test('a repository that cannot be read keeps nobody else from being graded', async () => {
  await rm(repositoryOf('bob'), { recursive: true });
  const out = join(root, 'again.jsonl');
  const told = await failure(run('collect', [], { out, class: join(root, 'seven.yaml') }).then(({ code }) => code));
  expect(told).toContain('1 repository could not be read: my-school/hookpoint-bob.');
  expect((await readFile(out, 'utf8')).trim().split('\n')).toHaveLength(3);
});

test('a repository that would fill the disk, and a link in the way, cost nobody else anything', async () => {
  const gus = join(home, 'clones/gus');
  await rm(join(gus, 'submissions'), { recursive: true });
  await addFiles(
    gus,
    Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`submissions/gus/programs/hello/f${i}.c`, 'x'])),
  );
  git(gus, 'add', '-A');
  git(gus, 'commit', '-q', '-m', 'many');
  await pushed('gus', gus, 'main', '2026-10-20T10:00:00Z');
  await rm(join(root, 'submissions/eve'), { recursive: true });
  await addFiles(home, { 'elsewhere/programs/hello/keep': 'me' });
  await symlink(join(home, 'elsewhere'), join(root, 'submissions/eve'));
  const { context, noted } = listen(root);
  const options = { class: join(root, 'seven.yaml'), organisation, course: `${organisation}/hookpoint` };
  const told = await failure(classCommand(context, 'collect', [], { ...options, out: join(root, 'last.jsonl') }));
  expect(told).toContain('my-school/hookpoint-eve, my-school/hookpoint-gus.');
  expect(noted()).toContain('submissions/gus/programs/hello of my-school/hookpoint-gus has 201 files');
  expect(noted()).toContain('submissions/eve is a link, and nothing is put where it leads.');
  expect(await readFile(join(home, 'elsewhere/programs/hello/keep'), 'utf8')).toBe('me');
});
