/** A fresh copy of the repository in a temporary folder, and its `grade` command. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Report, reportSchema } from '../../grader/verdict/result.ts';
import { until } from './until.ts';

export const repository = join(import.meta.dirname, '../..');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export class Clone {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** As git would clone it, but with the npm packages of this checkout. */
  static async make(): Promise<Clone> {
    const root = await mkdtemp(join(tmpdir(), 'hookpoint-test-'));
    for (const entry of ['package.json', 'package-lock.json', 'grade', 'grader', 'content', 'environment']) {
      await cp(join(repository, entry), join(root, entry), { recursive: true });
    }
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
    return new Clone(root);
  }

  start(
    args: string[],
    env: Record<string, string> = {},
    [command, ...before]: [string, ...string[]] = [join(this.root, 'grade')],
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(command, [...before, ...args], {
      cwd: this.root,
      env: { ...process.env, USER: 'ada', SUDO_USER: 'ada', CI: '', LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout!.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...output }))) };
  }

  grade(args: string[] = [], env?: Record<string, string>): Promise<Ended> {
    return this.start(args, env).ended;
  }

  /** Runs with --json; standard output must be one report that obeys the schema. */
  async report(args: string[], env?: Record<string, string>): Promise<Ended & { report: Report }> {
    const ended = await this.grade([...args, '--json'], env);
    return { ...ended, report: reportSchema.parse(JSON.parse(ended.stdout)) };
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

/** Ids of a process's children, their children, and so on. */
export async function descendantsOf(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const children = (of: number): number[] =>
    [...parents].filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...children(child)]);
  return children(pid);
}

/** Of these processes, those whose command line holds `text`. */
export async function withCommand(pids: readonly number[], text: string): Promise<number[]> {
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, i) => lines[i]!.includes(text));
}

/** Waits until a `grade` has its guest; all processes below it. */
export async function untilGuest(child: ChildProcess): Promise<number[]> {
  let started: number[] = [];
  await until(
    async () => (await withCommand((started = await descendantsOf(child.pid!)), 'qemu-system')).length > 0,
    60_000,
    'QEMU',
  );
  return started;
}

/** As a terminal does it, and npm, which passes on what it hears: the grader hears it twice. */
export function pressCtrlC(child: ChildProcess): void {
  child.kill('SIGINT');
  child.kill('SIGINT');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
