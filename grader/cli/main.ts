/** The `grade` command: the only place that reads argv and exits. program.ts says what it understands. */
import type { Command } from 'commander';
import { endAllChildren, killAllChildren } from '../machine/child.ts';
import type { Report } from '../verdict/result.ts';
import { createContext, type GlobalOptions } from './context.ts';
import { createProgram, type Load } from './program.ts';

const given = process.argv.slice(2);
// What follows `grade shell … --` is a command for the guest, and none of our options.
const dashes = given.includes('shell') ? given.indexOf('--') : -1;
const [argv, guestCommand] = dashes < 0 ? [given, []] : [given.slice(0, dashes), given.slice(dashes + 1)];
// Known before the options are parsed, for errors in the options themselves.
let context = createContext({ json: argv.includes('--json'), color: !argv.includes('--no-color'), plain: argv.includes('--plain') });
let exitCode = 0;
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupted) {
      // A supervisor signals a whole group, and the launcher passes it on: only a person means more by saying it twice.
      if (signal !== 'SIGINT') return;
      killAllChildren();
      process.exit(130);
    }
    interrupted = true;
    context.progress.clear();
    context.note('\nStopping, and clearing up … (once more to stop at once)');
    // Whatever is under way now fails and clears up behind itself; should it not, this still ends.
    void endAllChildren();
    setTimeout(() => process.exit(130), 75_000).unref();
  });
}

process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);

const program = createProgram(run, guestCommand);
try {
  await program.parseAsync(argv, { from: 'user' });
} catch (error) {
  if (!interrupted) exitCode = await fail(error);
}
process.exitCode = interrupted ? 130 : exitCode;

/** What is left of the output has no reader, as behind `| head`: that is no trouble of ours, and clearing up goes on. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function run<A extends unknown[]>(load: Load<A>): (...args: [...A, Command]) => Promise<void> {
  return async (...args) => {
    const self = args.pop() as Command;
    context = createContext(self.optsWithGlobals<GlobalOptions>(), () => interrupted);
    // What an exercise's author prints to see what goes on is for people.
    if (context.json) console.log = console.error;
    const command = await load();
    exitCode = await command(context, ...(args as unknown as A));
  };
}

/** Says what went wrong and returns the exit code for it. */
async function fail(error: unknown): Promise<number> {
  const [{ failureOf }, { renderJson }, { renderReport }] = await Promise.all([import('./failure.ts'), import('../report/json.ts'), import('../report/terminal.ts')]);
  const called = program.commands.map((command) => command.name()).find((name) => name === argv[0]);
  const failure = failureOf(error, { command: called, verbose: context.verbose });
  if (failure === null) return 0;
  const { message, exitCode, remedy } = failure;
  context.progress.clear();
  const report: Report = { format: 'hookpoint-report', version: 1, exitCode, results: [], error: { message: message.slice(0, 5000), ...(remedy && { remedy }) } };
  if (context.json) process.stdout.write(renderJson(report));
  else process.stderr.write(renderReport(report, context.screen));
  for (const problem of (await context.reports?.write(context.tell, report)) ?? []) context.tell(problem);
  return exitCode;
}
