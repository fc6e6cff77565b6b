/** `grade shell` as a learner uses it: as a command in a pipe, and in a terminal. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Clone, descendantsOf, isAlive } from '../support/clone.ts';
import { PseudoTerminal } from '../support/pseudo-terminal.ts';
import { until } from '../support/until.ts';

const file = 'submissions/ada/programs/hello/hello.bpf.c';
let clone: Clone;
let solution: string;

beforeAll(async () => {
  clone = await Clone.make();
  solution = await readFile(clone.path('content/exercises/programs/hello/solution/hello.bpf.c'), 'utf8');
});
afterAll(() => clone.remove());
beforeEach(async () => {
  await mkdir(clone.path(file, '..'), { recursive: true });
  await writeFile(clone.path(file), solution);
});

const mine = () => readFile(clone.path(file), 'utf8');

function shell(args: string[], input = '') {
  const env = { ...process.env, USER: 'ada', SUDO_USER: 'ada', CI: '', LANG: 'C.UTF-8' };
  return spawnSync(clone.path('grade'), ['shell', ...args], {
    cwd: clone.root,
    env,
    input,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
}

test('a command: clean output, input passed through, its exit code, the tools and headers of a lesson', () => {
  const lesson = `clang -O2 -g --target=bpf -c hello.bpf.c && bpftool prog loadall hello.bpf.o /sys/fs/bpf/mine autoattach &&
    bpftool link show | grep -c tracepoint; pwd; cat; echo aside >&2; exit 3`;
  const { status, stdout, stderr } = shell(['programs/hello', '--', 'sh', '-c', lesson], 'through\n');
  expect(stdout).toBe('1\n/root/programs/hello\nthrough\n');
  expect(stderr).toContain('aside');
  expect(status).toBe(3);
});

test('a megabyte each way, and a script for bash on standard input', () => {
  const much = 'x'.repeat(1 << 20);
  expect(shell(['--', 'cat'], much).stdout).toBe(much);
  const { status, stdout } = shell(['--kernel', '6.12'], 'uname -r\nexit 7\n');
  expect(stdout).toMatch(/^6\.12\.\S+\n$/);
  expect(status).toBe(7);
});

test('what is changed in the guest stays there, unless it is to be kept; a link is not followed', async () => {
  const change = ['--', 'sh', '-c', 'echo "// in the guest" >>hello.bpf.c'];
  expect(shell(['programs/hello', ...change]).stderr).toContain(
    'hello.bpf.c was changed in the guest and is not kept. With --keep it would be.',
  );
  expect(await mine()).toBe(solution);
  const { stderr } = shell(['programs/hello', '--keep', ...change]);
  expect(await mine()).toBe(`${solution}// in the guest\n`);
  const saved = /What it was before: (\S+)/.exec(stderr)![1]!;
  expect(await readFile(clone.path(saved), 'utf8')).toBe(solution);
  const link = shell(['programs/hello', '--keep', '--', 'ln', '-sf', '/etc/passwd', 'hello.bpf.c']);
  expect(link.stderr).toContain('hello.bpf.c was not brought back');
  expect(await mine()).toBe(`${solution}// in the guest\n`);
});

test('in a terminal: size, Ctrl-C, a flood, a change that is kept; nothing stays behind', async () => {
  const terminal = new PseudoTerminal('./grade shell programs/hello', { cwd: clone.root });
  await terminal.shows(/compile +clang -O2/);
  await terminal.shows(/6\.12\S+\S* ~\/programs\/hello # /);
  const all = await descendantsOf(terminal.child.pid!);
  terminal.press('stty size; tput colors\r');
  await terminal.shows(/30 100\r\n256\r\n/);
  await terminal.resize(11, 44);
  terminal.press('stty size\r');
  await terminal.shows(/11 44\r\n/);
  // It runs when it says so: a Ctrl-C that comes while the shell starts it may reach neither.
  terminal.press("sh -c 'echo run$((1+1)); exec sleep 1000'\r");
  await terminal.shows(/run2\r\n/);
  terminal.press('\u0003');
  await terminal.shows(/# /);
  terminal.press('yes flood\r');
  await terminal.shows(/flood\r\nflood\r\n/);
  terminal.press('\u0003');
  terminal.press('echo "// kept" >>hello.bpf.c; echo of$((1+1))\r');
  await terminal.shows(/of2\r\n/);
  terminal.press('\u0004');
  await terminal.shows(/hello\.bpf\.c was changed in the guest: keep it\? \[y\/N\]/);
  terminal.press('y\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.isRestored()).toBe(true);
  expect(await mine()).toBe(`${solution}// kept\n`);
  await until(async () => !all.some(isAlive), 10_000, 'the end of all processes');
});

test('a panic, and a guest that hangs: the terminal is as it was, and so are the files', async () => {
  const panic = new PseudoTerminal('./grade shell programs/hello', { cwd: clone.root });
  await panic.shows(/# /);
  panic.press('printf "\\033[?1049h"; echo c >/proc/sysrq-trigger\r');
  await panic.shows(/The guest’s kernel panicked\.\s+.*sysrq[^]*Your files here are as they were\./);
  expect(await panic.ended).toBe(255);
  expect(panic.isRestored()).toBe(true);

  const hang = new PseudoTerminal('./grade shell programs/hello', { cwd: clone.root });
  await hang.shows(/# /);
  hang.press('echo "// lost" >>hello.bpf.c; stty raw; sleep 1000\r');
  await hang.shows(/sleep 1000\r\n/);
  hang.press('\u001d\u001d\u001d');
  await hang.shows(/The guest was ended\. Your files here are as they were\./);
  expect(await hang.ended).toBe(255);
  expect(hang.isRestored()).toBe(true);
  expect(await mine()).toBe(solution);
});
