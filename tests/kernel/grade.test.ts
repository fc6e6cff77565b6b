/** The `grade` command as a learner uses it, in a fresh copy of the repository, on a real kernel. */
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Clone, descendantsOf, isAlive, pressCtrlC, untilGuest, withCommand } from '../support/clone.ts';
import { until } from '../support/until.ts';

const file = 'submissions/ada/programs/hello/hello.bpf.c';
let clone: Clone;
let solution: string;

beforeAll(async () => {
  clone = await Clone.make();
  solution = await readFile(clone.path('content/exercises/programs/hello/solution/hello.bpf.c'), 'utf8');
});
afterAll(() => clone.remove());

async function submit(source: string): Promise<void> {
  await mkdir(clone.path(file, '..'), { recursive: true });
  await writeFile(clone.path(file), source);
}

test('the first run copies the starter, grades it, and says what to do', async () => {
  const first = await clone.grade(['programs/hello']);
  expect(first.code).toBe(1);
  expect(first.stderr).toContain(
    'Started programs/hello: the starter is now yours, in submissions/ada/programs/hello/',
  );
  expect(first.stdout).toContain('✗ attach');
  expect(first.stdout).toContain('No program of hello.bpf.c is attached to the tracepoint sys_enter_execve.');
  expect(first.stdout).toContain(`Edit ${file}, then: npx grade`);
  expect(first.stdout).toContain('Stuck? npx grade hint');

  const hints = [
    await clone.grade(['hint', 'programs/hello']),
    await clone.grade(['hint', 'programs/hello']),
    await clone.grade(['hint', 'programs/hello']),
  ];
  expect(hints.map(({ stdout }) => stdout.split('\n').filter((line) => /^\d\. /.test(line)).length)).toEqual([2, 3, 3]);
});

test("after the learner's fix it passes, keeps the file as it is, and names what is next", async () => {
  await submit(solution);
  const { code, stdout } = await clone.grade(['programs/hello']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/✓ Passed: 9 of 9 points/);
  expect(stdout).toMatch(/→ (Next: |You have passed every exercise)/);
  expect(await readFile(clone.path(file), 'utf8')).toBe(solution);
  const { stdout: listed } = await clone.grade(['list']);
  expect(listed).toMatch(/✓ programs\/hello +9\/9/);
});

test('--json is one report; it names machine, kernel, image and seed, and --seed replays it', async () => {
  const path = 'content/exercises/programs/hello/wrong/once-per-name';
  const once = await clone.report([path]);
  expect(once.code).toBe(1);
  const [result] = once.report.results;
  expect(result!.machine).toMatchObject({
    kind: 'vm',
    kernel: expect.stringMatching(/^6\.12\./),
    image: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  const again = await clone.report([path, '--seed', result!.seed]);
  const story = (report: typeof once.report) =>
    report.results[0]!.checks.map(({ id, outcome, message }) => ({ id, outcome, message }));
  expect(story(again.report)).toEqual(story(once.report));
  const other = await clone.report([path]);
  expect(other.report.results[0]!.seed).not.toBe(result!.seed);
});

const refused: [name: string, change: (source: string) => string, check: string, words: RegExp][] = [
  ['C that does not compile', (c) => c.replace(/(bpf_printk\(.*\));/, '$1'), 'compiles', /semicolon is missing/],
  [
    'a program that the verifier rejects',
    (c) => c.replace('bpf_printk(', 'char *p = (char *)bpf_get_current_task(); if (*p) bpf_printk('),
    'loads',
    /only a number to\s+the verifier/,
  ],
  [
    'a section that libbpf does not know',
    (c) => c.replace('tracepoint/syscalls', 'trcepoint/syscalls'),
    'loads',
    /libbpf does not know the section/,
  ],
  [
    'an event that does not exist',
    (c) => c.replace('sys_enter_execve', 'sys_enter_exec'),
    'attaches',
    /cannot be attached/,
  ],
  ['a helper that does not exist', (c) => c.replace('bpf_printk(', 'bpf_print('), 'compiles', /bpf_print/],
  [
    'an endless compile',
    () => '#define A(x) x x x x x x x x x x\n#define B(x) A(A(A(A(x))))\nint z = 0 B(B(+ 1));\n',
    'compiles',
    /needed more memory than|took more than/,
  ],
];

test.each(refused)('%s', async (_, change, check, words) => {
  const before = change(solution);
  await submit(before);
  const { code, report } = await clone.report(['programs/hello']);
  expect(code).toBe(1);
  const failed = report.results[0]!.checks.find(({ outcome }) => outcome !== 'pass')!;
  expect([failed.id, failed.outcome]).toEqual([check, 'fail']);
  expect(failed.message!.text).toMatch(words);
  if (failed.message!.location) {
    const { line, source } = failed.message!.location;
    expect(source).toBe(before.split('\n')[line - 1]);
  }
  if (failed.message!.logFile)
    expect((await readFile(clone.path(failed.message!.logFile), 'utf8')).length).toBeGreaterThan(0);
  expect(await readFile(clone.path(file), 'utf8')).toBe(before);
});

test('hostile text in a submission does not reach the terminal as an escape', async () => {
  await submit(`${solution}\n#error "\u001b[2J::set-output name=x::y\u202e"\n`);
  const { stdout } = await clone.grade(['programs/hello', '--no-color']);
  expect(stdout).toContain('set-output');
  // eslint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/);
});

test.each(['Ctrl-C', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL'] as const)(
  '%s ends it at once, and no process stays behind',
  async (signal) => {
    await submit(solution);
    const { child, ended } = clone.start(['programs/hello']);
    const started = await untilGuest(child);
    if (signal === 'Ctrl-C') pressCtrlC(child);
    else child.kill(signal);
    expect((await ended).code).toBe(signal === 'SIGKILL' ? null : 130);
    await until(async () => !started.some(isAlive), 10_000, 'the end of all processes');
  },
);

// A supervisor signals the whole group, and npm passes it on: the grader hears it twice.
test.each(['SIGINT', 'SIGTERM'] as const)('set-up that %s interrupts leaves nothing half made', async (signal) => {
  const cache = await mkdtemp(join(tmpdir(), 'hookpoint-cache-'));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
  const { child, ended } = clone.start(['setup', '--yes'], { HOOKPOINT_CACHE: cache });
  const staged = async () => readdir(join(cache, 'staging')).catch(() => []);
  await until(
    async () => (await withCommand(await descendantsOf(child.pid!), 'mmdebstrap')).length > 0,
    60_000,
    'the building of the image',
  );
  // Other tests may have kernels unpacked beside it: apt's environment says which root is ours.
  let root: string | undefined;
  await until(
    async () => (root = await rootOfApt(await descendantsOf(child.pid!))) !== undefined,
    60_000,
    'the first of its files',
  );
  const started = await descendantsOf(child.pid!);
  expect(await staged()).toHaveLength(1);
  if (signal === 'SIGINT') pressCtrlC(child);
  else {
    const heard = new Promise<void>((resolve) =>
      child.stderr!.on('data', (chunk: Buffer) => chunk.includes('clearing up') && resolve()),
    );
    child.kill(signal);
    await heard;
    child.kill(signal);
  }
  expect((await ended).code).toBe(130);
  expect(await staged()).toEqual([]);
  await expect(access(root!)).rejects.toThrow('ENOENT');
  expect(await readdir(join(cache, 'images')).catch(() => [])).toEqual([]);
  await until(async () => !started.some(isAlive), 10_000, 'the end of all processes');
});

async function rootOfApt(pids: readonly number[]): Promise<string | undefined> {
  for (const pid of await withCommand(pids, 'apt-get')) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const [, root] = /(?:^|\0)APT_CONFIG=(\/var\/tmp\/mmdebstrap\.\w+)\//.exec(environment) ?? [];
    if (root) return root;
  }
  return undefined;
}

test('--machine host: root grades on this kernel; others hear what to do', async () => {
  await submit(solution);
  if (process.getuid!() !== 0) {
    const refusal = await clone.grade(['programs/hello', '--machine', 'host']);
    expect(refusal.code).toBe(3);
    expect(refusal.stderr).toContain('needs root');
    return;
  }
  // This machine may not have tracefs mounted: in a mount namespace of its own, that stays the test's business.
  const script = 'mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing || true; exec "$@"';
  const { spawnSync } = await import('node:child_process');
  const run = (folder: string) =>
    spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', script, 'sh', clone.path('grade'), folder, '--machine', 'host', '--yes'],
      { cwd: clone.root, encoding: 'utf8' },
    );
  const good = run('content/exercises/programs/hello/solution');
  expect(good.stderr).toContain('With --machine host the grader');
  if (good.status === 3) {
    // A root that may not load programs or mount tracefs, as in a container, gets the remedy and no verdict.
    expect(good.stderr).toMatch(/help|→/);
    return;
  }
  expect(good.stdout).toContain('this host');
  expect(good.status).toBe(0);
  expect(run('content/exercises/programs/hello/wrong/forks-too').status).toBe(1);
  await rm(clone.path('.grade'), { recursive: true });
});
