/** After set-up nothing needs the network: every command a learner uses, in a network namespace with nothing in it, not even loopback. */
import { spawnSync } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Clone } from '../support/clone.ts';

const nowhere = process.getuid!() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net'];
let clone: Clone;

beforeAll(async () => {
  clone = await Clone.make();
});
afterAll(() => clone.remove());

/** The command on its own: what it prints on both streams, and its exit code. */
function offline(argv: string[], input = ''): { code: number | null; text: string } {
  const env = { ...process.env, USER: 'ada', SUDO_USER: 'ada', CI: '', LANG: 'C.UTF-8' };
  const { status, stdout, stderr } = spawnSync('unshare', [...nowhere, ...argv], {
    cwd: clone.root,
    env,
    input,
    encoding: 'utf8',
    timeout: 240_000,
  });
  return { code: status, text: `${stdout}${stderr}` };
}
const grade = (args: string[], input?: string) => offline([clone.path('grade'), ...args], input);

test('the namespace has no network: not even its own loopback is up', () => {
  expect(offline(['cat', '/proc/net/route']).text.trim().split('\n')).toHaveLength(1);
  expect(offline(['sh', '-c', 'cat /sys/class/net/*/operstate; grep -c : /proc/net/dev']).text).toMatch(/1\s*$/);
});

test('a learner starts, fails, asks, passes and hands in without it', async () => {
  expect(grade(['setup'])).toMatchObject({ code: 0, text: expect.stringContaining('Ready: Linux') });
  expect(grade(['doctor']).code).toBe(0);
  expect(grade(['start', 'programs/hello'])).toMatchObject({ code: 0, text: expect.stringContaining('hello.bpf.c') });
  const first = grade(['programs/hello', '--report', 'first.html']);
  expect(first, first.text).toMatchObject({ code: 1, text: expect.stringContaining('✗ attach') });
  expect(grade(['hint'])).toMatchObject({ code: 0, text: expect.stringContaining('2. ') });
  expect(grade(['explain', '-'], "R0 invalid mem access 'map_value_or_null'\n").code).toBe(0);

  await cp(
    clone.path('content/exercises/programs/hello/solution/hello.bpf.c'),
    clone.path('submissions/ada/programs/hello/hello.bpf.c'),
  );
  const second = grade([]);
  expect(second, second.text).toMatchObject({ code: 0, text: expect.stringContaining('Passed: 9 of 9 points') });
  expect(grade(['list']).text).toMatch(/✓ programs\/hello/);
  expect(grade(['solution', '--diff']).code).toBe(0);
  expect(grade(['export', '--format', 'csv'])).toMatchObject({
    code: 0,
    text: expect.stringContaining('programs/hello'),
  });
  const shell = grade(['shell', 'programs/hello', '--', 'ls']);
  expect(shell, shell.text).toMatchObject({ code: 0, text: expect.stringContaining('hello.bpf.c') });

  await writeFile(clone.path('.gitignore'), 'node_modules\n.grade/\n');
  const git = (...args: string[]) =>
    offline(['git', '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args]);
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['config', 'user.name', 'Ada'],
    ['config', 'user.email', 'ada@example.org'],
    ['config', 'github.user', 'ada'],
    ['add', 'package.json'],
    ['commit', '-qm', 'The course'],
  ])
    expect(git(...args).code).toBe(0);
  expect(grade(['submit', 'programs/hello'])).toMatchObject({
    code: 0,
    text: expect.stringContaining('git push'),
  });
});
