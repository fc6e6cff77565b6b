/** `grade watch` as a learner uses it: in a terminal, and in a pipe. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportSchema } from '../../grader/verdict/result.ts';
import { Clone, descendantsOf, isAlive, pressCtrlC, withCommand } from '../support/clone.ts';
import { PseudoTerminal } from '../support/pseudo-terminal.ts';
import { until } from '../support/until.ts';

const exercise = 'content/exercises/programs/hello';
const file = 'submissions/ada/programs/hello/hello.bpf.c';
let clone: Clone;
let solution: string;
let starter: string;

beforeAll(async () => {
  clone = await Clone.make();
  solution = await readFile(clone.path(exercise, 'solution/hello.bpf.c'), 'utf8');
  starter = await readFile(clone.path(exercise, 'starter/hello.bpf.c'), 'utf8');
});
afterAll(() => clone.remove());

async function save(source: string): Promise<void> {
  await mkdir(clone.path(file, '..'), { recursive: true });
  await writeFile(clone.path(file), source);
}

test('in a terminal: a save is graded, h hints, n goes on, q leaves nothing behind', async () => {
  await save(starter);
  const terminal = new PseudoTerminal('./grade watch programs/hello', { cwd: clone.root });
  await terminal.shows(/✗ Not yet: 2 of 9 points/);
  await terminal.shows(/h.* hint/);
  terminal.press('h');
  await terminal.shows(/Is it the one that the task names\?/);
  await terminal.resize(40, 120);
  await terminal.shows(/Not yet/);
  const started = await descendantsOf(terminal.child.pid!);
  expect(await withCommand(started, 'qemu-system')).not.toEqual([]);

  await save(solution);
  await terminal.shows(/✓ Passed: 9 of 9 points/);
  const [, next] = await terminal.shows(/Next: ([\w/-]+)/);
  expect(next).not.toBe('programs/hello');
  terminal.press('n');
  await terminal.shows(new RegExp(next!));
  // In the middle of the next exercise's grading.
  const all = [...started, ...(await descendantsOf(terminal.child.pid!))];
  terminal.press('q');
  expect(await terminal.ended).toBe(0);
  expect(terminal.isRestored()).toBe(true);
  await until(async () => !all.some(isAlive), 10_000, 'the end of all processes');
  const { stdout: listed } = await clone.grade(['list']);
  expect(listed).toMatch(/✓ programs\/hello +9\/9/);
});

test('Ctrl-C in the terminal: as q, and told by the exit code', async () => {
  await save(starter);
  const terminal = new PseudoTerminal('./grade watch programs/hello', { cwd: clone.root });
  await terminal.shows(/Grading|compiles/);
  const all = await descendantsOf(terminal.child.pid!);
  terminal.press('\u0003');
  expect(await terminal.ended).toBe(130);
  expect(terminal.isRestored()).toBe(true);
  await until(async () => !all.some(isAlive), 10_000, 'the end of all processes');
});

test('--json: a report a line, of each version that was saved, until it is interrupted', async () => {
  await save(starter);
  const { child, ended } = clone.start(['watch', 'programs/hello', '--json']);
  let lines = 0;
  child.stdout!.on('data', (chunk: Buffer) => (lines += chunk.toString().split('\n').length - 1));
  await until(async () => lines === 1, 60_000, 'the first report');
  await save(starter); // the same bytes are nothing new
  await save(solution);
  await until(async () => lines === 2, 60_000, 'the second report');
  const all = await descendantsOf(child.pid!);
  pressCtrlC(child);
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toBe('');
  const reports = stdout
    .trimEnd()
    .split('\n')
    .map((line) => reportSchema.parse(JSON.parse(line)));
  expect(reports.map(({ exitCode, results }) => [exitCode, results[0]!.points])).toEqual([
    [1, 2],
    [0, 9],
  ]);
  await until(async () => !all.some(isAlive), 10_000, 'the end of all processes');
});
