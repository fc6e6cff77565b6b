/** The `grade` command: the only place that reads argv and exits. */
import { Command, CommanderError, Option } from 'commander';
import { CourseError } from '../course/load.ts';
import { endAllChildren, killAllChildren } from '../machine/child.ts';
import { MachineLost, MachineUnavailable } from '../machine/machine.ts';
import { renderJson } from '../report/json.ts';
import { renderReport } from '../report/terminal.ts';
import type { Report } from '../verdict/result.ts';
import { CommandFailure, type Context, createContext, type GlobalOptions } from './context.ts';
import { doctor } from './doctor.ts';
import { grade } from './grade.ts';
import { hint } from './hint.ts';
import { list } from './list.ts';
import { newExercise } from './new.ts';
import { setup } from './setup.ts';
import { shell, type ShellOptions } from './shell.ts';
import { start } from './start.ts';
import { verify } from './verify.ts';
import { watch } from './watch.ts';

const given = process.argv.slice(2);
// What follows `grade shell … --` is a command for the guest, and none of our options.
const dashes = given.includes('shell') ? given.indexOf('--') : -1;
const [argv, guestCommand] = dashes < 0 ? [given, []] : [given.slice(0, dashes), given.slice(dashes + 1)];
// Known before the options are parsed, for errors in the options themselves.
let context = createContext({ json: argv.includes('--json'), color: !argv.includes('--no-color') });
let exitCode = 0;
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupted) {
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

const commands = program();
const subcommands = commands.commands.map((command) => command.name());
try {
  await commands.parseAsync(argv, { from: 'user' });
} catch (error) {
  exitCode = fail(error);
}
process.exitCode = interrupted ? 130 : exitCode;

function program(): Command {
  const run = <A extends unknown[]>(command: (context: Context, ...args: A) => Promise<number>) => {
    return async (...args: [...A, Command]) => {
      const self = args.pop() as Command;
      context = createContext(self.optsWithGlobals<GlobalOptions>(), () => interrupted);
      // What an exercise's author prints to see what goes on is for people.
      if (context.json) console.log = console.error;
      exitCode = await command(context, ...(args as unknown as A));
    };
  };
  const as = () => new Option('--as <login>', 'work in submissions/<login>/ instead of your own');
  const machine = () => [
    new Option('--machine <kind>', 'vm: a throw-away guest (the default); host: this Linux, as root').default('auto', 'vm'),
    new Option('--kernel <id>', 'the kernel to grade on, such as 6.12 (see grade doctor)'),
  ];
  const everywhere = () => [
    new Option('--json', 'one JSON document on standard output, and nothing else there'),
    new Option('-y, --yes', 'install missing system packages without asking'),
    new Option('--no-color', 'no colours (as does NO_COLOR)'),
    new Option('-v, --verbose', 'errors with their stack'),
  ];
  const add = (command: Command, ...options: Option[]) => {
    for (const option of [...options, ...everywhere()]) command.addOption(option);
    return command.exitOverride().configureOutput({ writeErr: () => {} });
  };

  const root = add(new Command('grade'), ...machine(), as(), new Option('--all', 'everything that you have started'), new Option('--seed <hex>', 'replay the workload of an earlier result'))
    .description('Grades your solutions to the exercises of the Hookpoint course on a real Linux kernel.\nWithout a command: sets up on first use, grades what you work on, says what is next.')
    .usage('[options] [exercise|folder ...]')
    .argument('[exercise...]', 'exercises such as programs/hello, or folders')
    .showSuggestionAfterError(true)
    .enablePositionalOptions()
    .addHelpText('after', '\nExit codes: 0 all passed, 1 something failed, 2 used wrongly or an invalid submission,\n3 this machine can’t, 70 a bug of ours.')
    .action(run(grade));
  add(root.command('start [exercise]'), as()).description('copy the starter of an exercise (default: the next one)').action(run(start));
  add(root.command('list'), as()).description('the course, your progress, points').action(run(list));
  add(root.command('hint [exercise]'), as()).description('the next hint for the check that fails').action(run(hint));
  add(root.command('watch [exercise]'), ...machine(), as()).description('grade on every save; keys for a hint, the next exercise and more').action(run(watch));
  add(root.command('shell [exercise]'), machine()[1]!, as(), new Option('--keep', 'keep what you change in the guest, without asking'))
    .description('a terminal in a fresh guest, with your files and the tools; after --, a command instead')
    .usage('[options] [exercise] [-- command ...]')
    .action(run((context, exercise: string | undefined, options: ShellOptions) => shell(context, exercise, guestCommand, options)));
  add(root.command('setup'), new Option('--kernel <ids...>', 'which kernels, such as 6.1,6.12, or all')).description('the guest image and kernels, ahead of time').action(run(setup));
  add(root.command('doctor'), ...machine()).description('what works here, what does not, and the remedy').action(run(doctor));
  add(
    root.command('verify [exercise...]'), new Option('--machine <kind>', 'vm or host').default('auto', 'vm'),
    new Option('--kernel <ids>', 'such as 5.10,6.12, or default, oldest, newest, all').default('default'),
    new Option('--seeds <n>', 'how many workloads each case is run with').default('2'), new Option('--jobs <n>', 'how many exercises at once').default('1'),
    new Option('--record', 'keep what was seen in content/verification.json'),
  )
    .description('for authors: the solution passes, the starter fails, every mistake is caught where it must be')
    .action(run(verify));
  add(root.command('new <chapter/name>'), new Option('--kind <kind>', 'what it is about: xdp, tracepoint, bpftrace, bcc'), new Option('--title <title>', 'what learners read'))
    .description('for authors: a new exercise that works, to be changed')
    .action(run(newExercise));
  return root;
}

/** Says what went wrong and returns the exit code for it. */
function fail(error: unknown): number {
  if (interrupted) return 130;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0; // --help
    const command = subcommands.includes(argv[0] ?? '') ? `${argv[0]} ` : '';
    return say(error.message.replace(/^error: /, ''), 2, `See how it is used: npx grade ${command}--help`);
  }
  if (error instanceof CommandFailure) return say(error.message, error.exitCode, error.remedy);
  if (error instanceof MachineUnavailable) return say(error.message, 3, error.remedy);
  const full = `${error instanceof Error && context.verbose ? error.stack : String(error)}`;
  if (error instanceof CourseError) return say(full, 70, 'If you wrote it, mend it and run the same command again. If not, it is its author’s to mend: please report it.');
  if (error instanceof MachineLost) return say(`The guest was lost: ${error.message}\n${error.console}`, 70, 'Run the same command again. If it happens again: npx grade doctor');
  if ((error as NodeJS.ErrnoException)?.code === 'ENOSPC') return say(`The disk is full: ${full}`, 3, 'Free some space, then run the same command again. Nothing half written is kept.');
  return say(`A bug of ours: ${full}`, 70, 'Please report it, with the command and, if you can, the output of the same with --verbose.');
}

function say(message: string, code: number, remedy?: string): number {
  context.progress.clear();
  const report: Report = { format: 'hookpoint-report', version: 1, exitCode: code, results: [], error: { message: message.slice(0, 5000), ...(remedy && { remedy }) } };
  if (context.json) process.stdout.write(renderJson(report));
  else process.stderr.write(renderReport(report, context.screen));
  return code;
}
