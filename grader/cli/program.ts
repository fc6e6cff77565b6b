/** What `grade` understands: its commands, their options, and an example of each. What they do is loaded when it is wanted. */
import { Command, Option } from 'commander';
import { exportNames } from '../report/export-names.ts';
import type { Context } from './context.ts';
import type { GradeOptions } from './grade.ts';
import type { ShellOptions } from './shell.ts';

/** Loads what a command does. It returns the exit code. */
export type Load<A extends unknown[]> = () => Promise<(context: Context, ...args: A) => Promise<number>>;
/** Makes of it what commander calls, with arguments, options and the command itself. */
export type Run = <A extends unknown[]>(load: Load<A>) => (...args: [...A, Command]) => Promise<void>;

interface Entry {
  about: string;
  options?: Option[];
  /** Commands as they are typed, and what each does. */
  examples: [command: string, does: string][];
  /** What is said below the options, above the examples. */
  more?: string;
  run: (...args: never[]) => Promise<void>;
}

const as = () => new Option('--as <login>', 'work in submissions/<login>/ instead of your own');
const machine = () => [
  new Option('--machine <kind>', 'vm: a throw-away guest (the default); host: this Linux, as root').default('auto', 'vm'),
  new Option('--kernel <id>', 'the kernel to grade on, such as 6.12 (see grade doctor)'),
];
const several = (flags: string, about: string) => new Option(flags, about).argParser<string[]>((value, earlier = []) => [...earlier, value]);
const everywhere = () => [
  new Option('--json', 'one JSON document on standard output, and nothing else there'),
  new Option('-y, --yes', 'do not ask: install missing system packages, and the like'),
  new Option('--plain', 'words instead of signs, colours and columns, for screen readers (as does HOOKPOINT_PLAIN=1)'),
  new Option('--no-color', 'no colours (as does NO_COLOR)'),
  new Option('-v, --verbose', 'errors with their stack'),
];

/** `guestCommand` is what stands behind -- in `grade shell … -- command`. */
export function createProgram(run: Run, guestCommand: readonly string[] = []): Command {
  const root: Command = describe(new Command('grade'), {
    about: 'Grades your solutions to the exercises of the Hookpoint course on a real Linux kernel.\nWithout a command: sets up on first use, grades what you work on, says what is next.',
    options: [...machine(), as(), new Option('--all', 'everything that you have started'), new Option('--seed <hex>', 'replay the workload of an earlier result'), several('--report <file>', 'write a report: .json, .md, .xml (JUnit), .sarif or .html; may be given several times')],
    examples: [
      ['npx grade', 'grades what you work on, and says what is next'],
      ['npx grade maps/count-execs --kernel 5.10', 'grades one exercise on another kernel'],
    ],
    more: 'Exit codes: 0 all passed, 1 something failed, 2 used wrongly or an invalid submission,\n3 this machine can’t, 70 a bug of ours.',
    run: run(async () => {
      const { grade } = await import('./grade.ts');
      const commands = root.commands.map((command) => command.name()).filter((name) => !name.startsWith('__'));
      return (context: Context, exercises: string[], options: GradeOptions) => grade(context, exercises, options, commands);
    }),
  })
    .usage('[options] [exercise|folder ...]')
    .argument('[exercise...]', 'exercises such as programs/hello, or folders')
    .showSuggestionAfterError(true)
    .enablePositionalOptions();
  const add = (usage: string, entry: Entry, hidden = false) => describe(root.command(usage, { hidden }), entry);

  root.commandsGroup('Learning:');
  add('start [exercise]', {
    about: 'copy the starter of an exercise (default: the next one), and show its task',
    options: [as()],
    examples: [['npx grade start maps/count-execs', 'the starter is copied to submissions/<you>/maps/count-execs/']],
    run: run(async () => (await import('./start.ts')).start),
  });
  add('task [exercise]', {
    about: 'the task of an exercise (default: what you work on)',
    options: [as()],
    examples: [['npx grade task | less', 'what to do and why, page by page']],
    run: run(async () => (await import('./start.ts')).task),
  });
  add('list', {
    about: 'the course, your progress, points',
    options: [as()],
    examples: [['npx grade list', 'every exercise, and how far you are']],
    run: run(async () => (await import('./list.ts')).list),
  });
  add('hint [exercise]', {
    about: 'one hint more for the check that fails; hints cost no points',
    options: [as()],
    examples: [['npx grade hint', 'all hints so far for what you work on, and the next']],
    run: run(async () => (await import('./hint.ts')).hint),
  });
  add('solution [exercise]', {
    about: 'a solution, after a pass (default: of what was graded last), and what often goes wrong',
    options: [as(), new Option('--spoil', 'also before you have passed'), new Option('--diff', 'how it differs from your files')],
    examples: [
      ['npx grade solution --diff', 'compares the solution of what you have just passed with yours'],
      ['npx grade solution maps/per-cpu --spoil', 'asks whether you are sure, and shows it'],
    ],
    run: run(async () => (await import('./solution.ts')).solution),
  });
  add('watch [exercise]', {
    about: 'grade on every save; keys for a hint, the next exercise and more',
    options: [...machine(), as()],
    examples: [['npx grade watch', 'watches what you work on; q ends it']],
    run: run(async () => (await import('./watch.ts')).watch),
  });
  add('shell [exercise]', {
    about: 'a terminal in a fresh guest, with your files and the tools; after --, a command instead',
    options: [machine()[1]!, as(), new Option('--keep', 'keep what you change in the guest, without asking')],
    examples: [
      ['npx grade shell --kernel 5.10', 'bash as root on that kernel, in a guest that is thrown away'],
      ['npx grade shell', 'the same on the default kernel, with the files of what you work on'],
    ],
    run: run(async () => {
      const { shell } = await import('./shell.ts');
      return (context: Context, exercise: string | undefined, options: ShellOptions) => shell(context, exercise, guestCommand, options);
    }),
  }).usage('[options] [exercise] [-- command ...]');
  add('explain [file]', {
    about: 'what the verifier, libbpf or clang said, in words: from a file, from standard input (-), or pasted',
    options: [several('--source <file>', 'your program, to show the line that the message is about; may be given several times')],
    examples: [
      ['bpftool prog load x.bpf.o /sys/fs/bpf/x 2>&1 | npx grade explain', 'explains why it was refused'],
      ['npx grade explain', 'explains what you paste, up to Ctrl-D'],
    ],
    more: 'Exit codes: 0 explained, 1 no message that it knows, 2 nothing to read.',
    run: run(async () => (await import('./explain.ts')).explain),
  });
  add('reset [exercise]', {
    about: 'put the starter back (default: of what you work on); your files are kept in .grade/kept/',
    options: [as()],
    examples: [['npx grade reset programs/hello', 'asks first; with --yes it does not']],
    run: run(async () => (await import('./reset.ts')).reset),
  });
  add('submit [exercise...]', {
    about: 'commit what you have passed on a branch, and say how to open the pull request; nothing is pushed',
    options: [as()],
    examples: [
      ['npx grade submit', 'everything that you have passed and not submitted yet'],
      ['npx grade submit programs/hello', 'this one, whether it has passed or not'],
    ],
    run: run(async () => (await import('./submit.ts')).submit),
  });

  add('export [exercise...]', {
    about: 'your last results for Gradescope, check50, Exercism or PrairieLearn, or a CSV gradebook',
    options: [
      as(), new Option('--format <format>', 'which document').choices(exportNames), new Option('--out <file>', 'write it there, not on standard output'),
      several('--from <report.json>', 'export the results of a --report file, not your last ones; may be given several times'),
    ],
    examples: [['npx grade export --format csv > grades.csv', 'a gradebook of what you have done']],
    run: run(async () => (await import('./export.ts')).exportResults),
  });

  add('progress', {
    about: 'what is remembered of you, in a file to take along; the site’s page ‘Your progress’ reads and writes the same',
    options: [as(), new Option('--export <file>', 'write it there; - is standard output'), new Option('--import <file>', 'add what is in a file of another clone, or of the site; nothing is lost')],
    examples: [
      ['npx grade progress --export progress.json', 'for the site, or another computer'],
      ['npx grade progress --import hookpoint-progress.json', 'the lessons that you have read on the site, and what you passed elsewhere'],
    ],
    run: run(async () => (await import('./progress.ts')).progress),
  });

  root.commandsGroup('This machine:');
  add('setup', {
    about: 'the guest image and kernels, ahead of time',
    options: [new Option('--kernel <ids...>', 'which kernels, such as 6.1,6.12, or all')],
    examples: [['npx grade setup --kernel all', 'everything that is needed to work offline']],
    run: run(async () => (await import('./setup.ts')).setup),
  });
  add('doctor', {
    about: 'what works here, what does not, and the remedy',
    options: machine(),
    examples: [['npx grade doctor', 'looks, and changes nothing']],
    run: run(async () => (await import('./doctor.ts')).doctor),
  });

  add('completion <shell>', {
    about: 'a script with which bash, zsh or fish complete commands, exercises and kernels, also behind npx',
    examples: [
      ["npx grade completion bash > ~/.grade.bash && echo '. ~/.grade.bash' >> ~/.bashrc", 'for bash, from the next terminal on'],
      ["npx grade completion zsh > ~/.grade.zsh && echo '. ~/.grade.zsh' >> ~/.zshrc", 'for zsh'],
      ['npx grade completion fish > ~/.config/fish/conf.d/grade.fish', 'for fish'],
    ],
    run: run(async () => (await import('./completion.ts')).completion),
  });

  root.commandsGroup('For teachers and CI:');
  add('plan [folder...]', {
    about: 'which submissions to grade, dealt to jobs',
    options: [
      new Option('--base <commit>', 'plan what has changed since this commit'), new Option('--head <commit>', 'up to this one'),
      new Option('--repository <folder>', 'the git repository that has both (default: this one)'), new Option('--login <login>', 'only submissions/<login>/'),
      new Option('--shards <n>', 'at most so many jobs a kernel').default('1'), new Option('--kernel <ids>', 'such as 5.10,6.12, or default, oldest, newest, all').default('default'),
    ],
    examples: [['npx grade plan --base origin/main --head HEAD --shards 4', 'what a branch has changed, as a matrix of at most four jobs']],
    run: run(async () => (await import('./plan.ts')).plan),
  });
  add('merge <report...>', {
    about: 'reports of many runs as one, points recomputed',
    options: [new Option('--summary <file>', 'add it to this file as Markdown, such as $GITHUB_STEP_SUMMARY')],
    examples: [['npx grade merge results/*.json --json > all.json', 'one report of all']],
    run: run(async () => (await import('./merge.ts')).merge),
  });
  add('cohort <report...>', {
    about: 'a page of your class, from reports',
    options: [
      new Option('--out <file>', 'where the page goes').default('cohort.html'), new Option('--title <title>', 'what it is called').default('Your class'),
      new Option('--similar', 'name pairs of submissions that a human should compare'),
    ],
    examples: [['npx grade cohort results/*.json --title "Autumn"', 'who has passed what, and which checks fail most']],
    run: run(async () => (await import('./cohort.ts')).cohort),
  });

  root.commandsGroup('For authors:');
  add('verify [exercise...]', {
    about: 'the solution passes, the starter fails, every mistake is caught where it must be',
    options: [
      new Option('--machine <kind>', 'vm or host').default('auto', 'vm'),
      new Option('--kernel <ids>', 'such as 5.10,6.12, or default, oldest, newest, all').default('default'),
      new Option('--seeds <n>', 'how many workloads each case is run with').default('2'),
      new Option('--jobs <n>', 'how many exercises at once').default('1'),
      new Option('--record', 'keep what was seen in content/verification.json'),
    ],
    examples: [['npx grade verify programs/hello --kernel oldest,newest', 'every case of one exercise on two kernels']],
    run: run(async () => (await import('./verify.ts')).verify),
  });
  add('new <chapter/name>', {
    about: 'a new exercise that works, to be changed',
    options: [new Option('--kind <kind>', 'what it is about: xdp, tracepoint, bpftrace, bcc'), new Option('--title <title>', 'what learners read')],
    examples: [['npx grade new networking/drop-echo --kind xdp', 'a draft in content/exercises/networking/drop-echo/']],
    run: run(async () => (await import('./new.ts')).newExercise),
  });
  add('post', {
    about: 'for .github/workflows/report.yml: checks the results of a pull request as hostile input, and posts them',
    examples: [['npx grade post', 'in a job of that workflow, where the environment says all that it needs']],
    run: run(async () => (await import('./post.ts')).post),
  }, true);
  // What complete.mjs asks for when it does not know the commands yet.
  root.command('__commands', { hidden: true }).action(run(async () => (await import('./completion.ts')).printCommands(root)));
  return root;
}

function describe(command: Command, { about, options = [], examples, more, run }: Entry): Command {
  for (const option of [...options, ...everywhere()]) command.addOption(option);
  const shown = examples.map(([typed, does]) => `  ${typed}\n      ${does}`).join('\n');
  return command
    .description(about)
    .addHelpText('after', `${more === undefined ? '' : `\n${more}\n`}\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${shown}`)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(run as (...args: unknown[]) => Promise<void>);
}
