/** Grades a hostile submission as anybody would, with the command, and says what became of it and what it cost. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { reportSchema } from '../../../grader/verdict/result.ts';
import { type Clone, repository } from '../../support/clone.ts';

export interface Hostile {
  /** What it does, in a few words: the test's name. */
  what: string;
  exercise: string;
  /** File by name; what is left out is as in the solution. */
  files: Record<string, string>;
  /** How the verdict must come out, 'fail' if nothing is said; 'any' is any but 'error', which no submission can cause. */
  outcome?: 'fail' | 'pass' | 'invalid' | 'any';
  /** The check that must fail first. */
  at?: string | undefined;
  /** In what the learner reads. */
  says?: RegExp;
}

/** No more of any of these, whatever a submission does. */
const bounds = {
  /** Of the grader and all that it starts, guests included; up to three gradings of some 40 seconds with two busy processors. */
  cpuSeconds: 240,
  graderMemory: 250 * 2 ** 20,
  /** Below .grade, for all that is kept of it. */
  disk: 8 * 2 ** 20,
};

const exitCodes = { fail: 1, pass: 0, invalid: 2 };

let count = 0;

/** Fails unless the outcome, its words, time, memory, disk and processes are as they must be. */
export async function gradeHostile(clone: Clone, hostile: Hostile): Promise<void> {
  const { exercise, files, outcome = 'fail', at, says } = hostile;
  const login = `hostile-${process.pid}-${(count += 1)}`;
  const folder = clone.path('submissions', login, exercise);
  const solution = join(repository, 'content/exercises', exercise, 'solution');
  for (const name of await readdir(solution))
    await write(join(folder, name), files[name] ?? (await readFile(join(solution, name), 'utf8')));

  const since = performance.now();
  const mark = `HOOKPOINT_TEST_MARK=${login}`;
  const command = `exec 3>&1; ./grade ${exercise} --as ${login} --json >&3; code=$?; times >&2; exit $code`;
  const { child, ended } = clone.start([], { HOOKPOINT_TEST_MARK: login }, ['sh', '-c', command]);
  let memory = 0;
  const watch = setInterval(() => void peakOf(child.pid!).then((bytes) => (memory = Math.max(memory, bytes))), 250);
  const { stdout, stderr, code } = await ended.finally(() => clearInterval(watch));
  const seconds = (performance.now() - since) / 1000;

  const [result] = reportSchema.parse(JSON.parse(stdout)).results;
  const first = result!.checks.find((check) => check.outcome !== 'pass');
  const message = first?.message ?? result!.message;
  const seen = `${result!.outcome}${first ? ` at ${first.id}` : ''}`;
  const cpuSeconds = cpuOf(stderr);
  const disk = await sizeOf(clone.path('.grade/logs', exercise));
  process.stdout.write(
    `  ${hostile.what.slice(0, 62).padEnd(62)} ${seen.padEnd(24)} ${seconds.toFixed(0).padStart(4)} s ${cpuSeconds.toFixed(0).padStart(4)} s of CPU ${(memory / 2 ** 20).toFixed(0).padStart(4)} MB\n`,
  );
  const words = [message?.text, message?.actual, message?.help].join('\n');
  if (outcome === 'any') expect(result!.outcome, words).not.toBe('error');
  else expect({ outcome: result!.outcome, code }, words).toEqual({ outcome, code: exitCodes[outcome] });
  if (at !== undefined) expect(first?.id, words).toBe(at);
  if (says !== undefined) expect(words).toMatch(says);
  expect(words).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  expect(cpuSeconds).toBeLessThan(bounds.cpuSeconds);
  expect(memory).toBeLessThan(bounds.graderMemory);
  expect(disk).toBeLessThan(bounds.disk);
  expect(await withMark(mark)).toEqual([]);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, 'latin1');
}

/** The most memory that the grader below the shell has had so far. */
async function peakOf(shell: number): Promise<number> {
  const children = await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8').catch(() => '');
  const peaks = await Promise.all(
    children
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(async (pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')),
  );
  return Math.max(0, ...peaks.map((status) => Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024));
}

/** The last line of the shell's `times`: minutes and seconds, user and system, of all that it waited for. */
function cpuOf(stderr: string): number {
  const all = [...stderr.matchAll(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/gm)].at(-1);
  if (!all) throw new Error(`The shell did not say how long it took: ${stderr.slice(-500)}`);
  const [userMinutes, user, systemMinutes, system] = all.slice(1).map(Number) as [number, number, number, number];
  return (userMinutes + systemMinutes) * 60 + user + system;
}

async function sizeOf(path: string): Promise<number> {
  const about = await stat(path).catch(() => undefined);
  if (!about) return 0;
  if (!about.isDirectory()) return about.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Processes that have this in their environment: what the grader has started, and left. */
export async function withMark(mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    pids.map(async (pid) => (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).includes(mark)),
  );
  return pids.filter((_, i) => marked[i]);
}
