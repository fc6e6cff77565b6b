/**
 * `node tests/bench/under-load.ts 30 ./grade verify programs/hello`: the command beside so many processes that do nothing but compute. Its
 * outcomes must be those of a quiet machine, however long it takes. Ends with the command's exit code.
 */
import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';

const [count, ...command] = process.argv.slice(2);
if (!/^\d{1,3}$/.test(count ?? '') || command.length === 0) {
  process.stderr.write('usage: node tests/bench/under-load.ts <processes> <command> [argument…]\n');
  process.exit(2);
}

// They end with us, however we end.
const busy = Array.from({ length: Number(count) }, () =>
  spawn('setpriv', ['--pdeathsig', 'KILL', 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore' }),
);
const since = performance.now();
const child = spawn(command[0]!, command.slice(1), { stdio: 'inherit' });
const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
for (const one of busy) one.kill('SIGKILL');
process.stderr.write(
  `Beside ${count} busy processes: ${Math.round((performance.now() - since) / 1000)} s, load ${loadavg()[0]!.toFixed(0)} at the end.\n`,
);
process.exitCode = code;
