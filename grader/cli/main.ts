/** The `grade` command: the only place that reads argv and exits. program.ts says what it understands. */
import { type Command, CommanderError } from 'commander';
import { endAllChildren, killAllChildren } from '../machine/child.ts';
import type { Report } from '../verdict/result.ts';
import { asTyped, CommandFailure, createContext, type GlobalOptions } from './context.ts';
import { createProgram, type Load, ofEveryCommand } from './program.ts';

const given = process.argv.slice(2);
// What follows `grade shell … --` is a command for the guest, and none of our options.
const dashes = given.includes('shell') ? given.indexOf('--') : -1;
const [argv, guestCommand] = dashes < 0 ? [given, []] : [given.slice(0, dashes), given.slice(dashes + 1)];
// Known before the options are parsed, for errors in the options themselves.
let context = createContext({
  json: argv.includes('--json'),
  color: !argv.includes('--no-color'),
  plain: argv.includes('--plain'),
});
let exitCode = 0;
let interruptedAt = 0;
const isInterrupted = () => interruptedAt > 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
  process.on(signal, () => {
    if (isInterrupted()) {
      // The terminal signals the whole group, and npm and the launcher pass on what they heard: only a person's second
      // Ctrl-C comes later, and means more.
      if (signal !== 'SIGINT' || performance.now() - interruptedAt < 500) return;
      killAllChildren();
      process.exit(130);
    }
    interruptedAt = performance.now();
    context.progress.clear();
    context.note('\nStopping, and clearing up … (once more to stop at once)');
    // Whatever is under way now fails and clears up behind itself; should it not, this still ends.
    void endAllChildren();
    setTimeout(() => process.exit(130), 75_000).unref();
  });
}

let lastOutputError: Error | undefined;
process.stdout.on('error', endQuietly);
process.stderr.on('error', endQuietly);

const program = createProgram(run, guestCommand);
try {
  await program.parseAsync(argv, { from: 'user' });
} catch (error) {
  if (!isInterrupted()) exitCode = await fail(error);
}
process.exitCode = isInterrupted() ? 130 : exitCode;

/**
 * What is left of the output has no reader, as behind `| head`: that is no trouble of ours, and clearing up goes on. A file on a full
 * disk is one, and standard error may be there as well.
 */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  if (process.exitCode !== 3 && error !== lastOutputError) {
    lastOutputError = error;
    exitCode = process.exitCode = 3;
    process.stderr.write(`grade: the output cannot be written: ${error.message}\n`);
  }
}

function run<A extends unknown[]>(load: Load<A>): (...args: [...A, Command]) => Promise<void> {
  return async (...args) => {
    const self = args.pop() as Command;
    refuseMisplaced(self);
    context = createContext(self.optsWithGlobals<GlobalOptions>(), isInterrupted);
    // What an exercise's author prints to see what goes on is for people.
    if (context.json) console.log = console.error;
    const command = await load();
    exitCode = await command(context, ...(args as unknown as A));
  };
}

/** What stands in front of a command is the program's own, and nobody would notice that the command knows nothing of it. */
function refuseMisplaced(command: Command): void {
  const misplaced = command.parent?.options.find((option) => {
    const name = option.attributeName();
    const isShared = name === 'json' || name === 'yes';
    const isKnown = command.options.some(({ long }) => long === option.long);
    return (
      command.parent!.getOptionValueSource(name) === 'cli' && !ofEveryCommand.includes(name) && !(isShared && isKnown)
    );
  });
  if (misplaced)
    throw new CommandFailure(
      `In front of ‘${command.name()}’, ${misplaced.long} does nothing.`,
      2,
      command.options.some(({ long }) => long === misplaced.long)
        ? `Put it behind: npx grade ${command.name()} ${misplaced.long}`
        : `See what it takes: npx grade ${command.name()} --help`,
    );
}

/** Says what went wrong and returns the exit code for it. */
async function fail(error: unknown): Promise<number> {
  // --help and --version end a command, too.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const [{ failureOf }, { renderJson }, { renderReport }] = await Promise.all([
    import('./failure.ts'),
    import('../report/json.ts'),
    import('../report/terminal.ts'),
  ]);
  const called = program.commands.map((command) => command.name()).find((name) => name === argv[0]);
  const failure = failureOf(error, { command: called, verbose: context.verbose });
  const { message, exitCode, remedy } = failure;
  context.progress.clear();
  const report: Report = {
    format: 'hookpoint-report',
    version: 1,
    exitCode,
    results: [],
    error: { message: message.slice(0, 5000), ...(remedy && { remedy }) },
  };
  if (context.json) process.stdout.write(renderJson(report));
  else process.stderr.write(asTyped(renderReport(report, context.screen)));
  for (const problem of (await context.reports?.write(context.tell, report)) ?? []) context.tell(problem);
  return exitCode;
}
