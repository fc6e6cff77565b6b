/**
 * `npm run bench`, third part: how much processor time the commands take that only read, beside the Node that they run on. They
 * take turns, so that they see the same machine. Seconds depend on it; only the ratios within one run carry over.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../support/clone.ts';
import { median } from './statistics.ts';

const runs = Number(process.argv[2] ?? 10);
const commands = ['node -e 0', './grade --help', './grade list', './grade status', './grade task', 'npx grade list'];

// What a learner has who has begun: one folder in submissions/. It is nobody's, and goes away again.
const submissions = join(repository, 'submissions');
const borrowed = join(submissions, 'bench');
const isEmpty = (readdirSync(repository).includes('submissions') ? readdirSync(submissions) : []).length === 0;
if (isEmpty) mkdirSync(borrowed, { recursive: true });
try {
  for (const command of commands) cpuSeconds(command); // fills the caches
  const measured = commands.map((): number[] => []);
  for (let i = 0; i < runs; i++) commands.forEach((command, at) => measured[at]!.push(cpuSeconds(command)));
  const medians = measured.map((all) => median(all));
  for (const [at, command] of commands.entries())
    console.log(
      `${command.padEnd(20)} ${medians[at]!.toFixed(3)} s of CPU  (${Math.min(...measured[at]!).toFixed(3)}–${Math.max(...measured[at]!).toFixed(3)})  ${(medians[at]! / medians[0]!).toFixed(1)} × node itself`,
    );
} finally {
  if (isEmpty) rmSync(borrowed, { recursive: true });
}

/** User and system time of a command and all that it waits for. */
function cpuSeconds(command: string): number {
  const script = `TIMEFORMAT='%U %S'; time ${command} >/dev/null 2>/dev/null`;
  const env = { ...process.env, PATH: `${join(repository, 'node_modules/.bin')}:${process.env['PATH']}` };
  const timed = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { cwd: repository, env, encoding: 'utf8' });
  const [user, system] = timed.trim().split(' ').map(Number);
  return user! + system!;
}
