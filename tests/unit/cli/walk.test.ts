/** `grade explain --walk`: text where no terminal is, keys on one, and the terminal as it was afterwards. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { explanationSchema } from '../../../grader/report/explanation.ts';
import { repository } from '../../support/clone.ts';
import { PseudoTerminal } from '../../support/pseudo-terminal.ts';

const log = join(repository, 'tests/fixtures/verifier/6.18.15/71_stale_pkt.log');
const program = join(repository, 'tests/fixtures/verifier/src/71_stale_pkt.bpf.c');
const env = { ...process.env, LANG: 'C.UTF-8', LC_ALL: '', NO_COLOR: '1' };

const run = (args: string[]) =>
  promisify(execFile)(join(repository, 'grade'), ['explain', ...args], { cwd: repository, env }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );

test('off a terminal the path that failed is printed, and --plain prints no sign', async () => {
  const { code, stdout } = await run(['--walk', log]);
  expect(code).toBe(0);
  expect(stdout).toContain('Where the verifier stopped, r6 is a number that may be anything. How it came to');
  expect(stdout).toContain('    9  r0 = *(u8 *)(r6 +0)  ✗ the verifier stopped here');
  const plain = await run(['--walk', '--plain', log]);
  expect(plain.stdout).toContain('    9  r0 = *(u8 *)(r6 +0)  failed: the verifier stopped here');
});

test('--json has the path that failed in it, with what each step changed and where the value comes from', async () => {
  const { code, stdout } = await run(['--json', '--walk', log]);
  const document = explanationSchema.parse(JSON.parse(stdout));
  expect([code, document.rule, document.walk?.path.map(({ insn }) => insn)]).toEqual([
    0,
    'stale-packet',
    [0, 1, 2, 3, 4, 5, 6, 8, 9],
  ]);
  const { walk } = document;
  expect(walk?.causes[0]).toMatchObject({ name: 'r6', is: expect.stringContaining('a number that may be anything') });
  expect(walk?.causes[0]?.chain.at(-1)?.words).toContain('bpf_xdp_adjust_head changes r6');
  expect(walk?.path.find(({ insn }) => insn === 8)?.changed.map(({ name }) => name)).toContain('r6');
  expect([walk?.messages, walk?.leftOut]).toEqual([["R6 invalid mem access 'scalar'"], 0]);
  expect(JSON.parse((await run(['--json', log])).stdout)).not.toHaveProperty('walk');
});

test('with --source the program is shown around the line at which the verifier stopped', async () => {
  const { stdout } = await run(['--walk', '--source', program, log]);
  expect(stdout).toMatch(/^Where that is in 71_stale_pkt\.bpf\.c\n(?: {2,}\d+ .*\n| {2,}\d+\n)*> +\d+ .*\n/m);
});

test('what has no instruction in it is nothing to walk through', async () => {
  const { code, stderr } = await run(['--walk', join(repository, 'package.json')]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('nothing to walk through')]);
});

test('on a terminal: keys step, go to the cause, find and quit; without colours if NO_COLOR says so', async () => {
  const terminal = new PseudoTerminal(`./grade explain --walk ${log}`, {
    cwd: repository,
    env: { NO_COLOR: '1' },
    rows: 24,
    columns: 80,
  });
  await terminal.shows(/step 9 of 9/);
  terminal.press('c');
  await terminal.shows(/step 8 of 9[^]*bpf_xdp_adjust_head changes r6/);
  terminal.press('k');
  await terminal.shows(/step 7 of 9/);
  terminal.press('/r3 >\r');
  await terminal.shows(/step 6 of 9[^]*takes the jump|step 6 of 9[^]*without the jump/);
  await terminal.resize(12, 40);
  terminal.press('j');
  await terminal.shows(/step 7 of 9/);
  terminal.press('q');
  expect(await terminal.ended).toBe(0);
  expect(terminal.isRestored()).toBe(true);
  expect(terminal.output).not.toMatch(/\u001b\[3[0-7]m/);
  // Clearing behind a line of full width would take its last sign.
  expect(terminal.output).not.toMatch(/[─…](?:\u001b\[\d*m)?\u001b\[K/);
}, 60_000);

test('a log that is piped in is stepped through all the same: keys come from the terminal', async () => {
  const terminal = new PseudoTerminal(`cat ${log} | ./grade explain --walk --source ${program}`, {
    cwd: repository,
    env: { NO_COLOR: '1' },
    rows: 30,
    columns: 80,
  });
  await terminal.shows(/step 9 of 9/);
  terminal.press('s');
  await terminal.shows(/71_stale_pkt\.bpf\.c[^]*>\s*\d+ /);
  terminal.press('c');
  await terminal.shows(/step 8 of 9/);
  terminal.press('q');
  expect(await terminal.ended).toBe(0);
  expect(terminal.isRestored()).toBe(true);
}, 60_000);

test('without any terminal to press keys on, a log that is piped in is printed', async () => {
  const shell = promisify(execFile)('sh', ['-c', `setsid ./grade explain --walk < ${log}`], { cwd: repository, env });
  expect((await shell).stdout).toContain('The path that failed: 9 steps');
});
