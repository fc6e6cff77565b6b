/** What `grade` understands: its commands, their options, and an example of each. What they do is loaded when it is wanted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { autograderNames, exportNames } from '../report/export-names.ts';
import type { Context } from './context.ts';
import type { GradeOptions } from './grade.ts';
import { type Epilogue, helpWith, layOut } from './help.ts';
import type { ShellOptions } from './shell.ts';

/** Loads what a command does. It returns the exit code. */
export type Load<A extends unknown[]> = () => Promise<(context: Context, ...args: A) => Promise<number>>;
/** Makes of it what commander calls, with arguments, options and the command itself. */
export type Run = <A extends unknown[]>(load: Load<A>) => (...args: [...A, Command]) => Promise<void>;

interface Entry extends Epilogue {
  /** What it does, as an order: 'show the course …'. */
  about: string;
  options?: Option[];
  /** What it heeds besides. --plain, --no-color and --verbose every command does. */
  heeds?: readonly ('json' | 'yes')[];
  run: (...args: never) => Promise<void>;
}

const as = () => new Option('--as <login>', 'work in submissions/<login>/ instead of your own');
const machine = () => [
  new Option('--machine <kind>', 'vm: a throw-away guest (the default); host: this Linux, as root').default(
    'auto',
    'vm',
  ),
  new Option('--kernel <id>', 'the kernel to grade on, such as 6.12 (see grade doctor)'),
];
const several = (flags: string, about: string) =>
  new Option(flags, about).argParser<string[]>((value, earlier = []) => [...earlier, value]);
const heeded = {
  json: () => new Option('--json', 'one JSON document on standard output, and nothing else there'),
  yes: () => new Option('-y, --yes', 'do not ask: install missing system packages, and the like'),
};
const everywhere = () => [
  new Option('--plain', 'words instead of signs, colours and columns, for screen readers (as does HOOKPOINT_PLAIN=1)'),
  new Option('--no-color', 'no colours (as does NO_COLOR)'),
  new Option('-v, --verbose', 'errors with their stack'),
];
const grading = () => [
  ...machine(),
  as(),
  new Option('--all', 'everything that you have started'),
  new Option('--jobs <n>', 'how many exercises at once').default('1'),
  new Option('--seed <hex>', 'replay the workload of an earlier result'),
  several(
    '--report <file>',
    'write a report: .json, .jsonl (a line as each result comes), .md, .xml (JUnit), .sarif or .html; may be given several times',
  ),
  new Option('--resume', 'leave out what has a verdict in the .jsonl of --report already'),
];

/** `guestCommand` is what stands behind -- in `grade shell … -- command`. */
export function createProgram(run: Run, guestCommand: readonly string[] = []): Command {
  /** `isNamed`: as `grade run`, behind which no word is a mistyped command. */
  const grade = (isNamed: boolean) =>
    run(async () => {
      const { grade } = await import('./grade.ts');
      const commands = isNamed ? [] : root.commands.map((command) => command.name());
      return (context: Context, exercises: string[], options: GradeOptions) =>
        grade(context, exercises, options, commands);
    });
  const root: Command = describe(new Command('grade'), {
    about:
      'Grade your solutions to the exercises of the Hookpoint course on a real Linux kernel.\nWithout a command: set up on first use, grade what you are working on, and say what is next.',
    options: grading(),
    heeds: ['json', 'yes'],
    examples: [
      ['npx grade', 'grades what you are working on, and says what is next'],
      ['npx grade maps/count-execs --kernel 5.10', 'grades one exercise on another kernel'],
    ],
    more: 'Exit codes: 0 all passed, 1 something failed, 2 used wrongly or an invalid submission, 3 this machine can’t, 70 a bug of ours.',
    run: grade(false),
  })
    .usage('[options] [exercise|folder ...]')
    .argument('[exercise...]', 'exercises such as programs/hello, or folders')
    .version(`hookpoint ${version()}`, '-V, --version', 'which version of the course this is')
    .helpOption('-h, --help', 'how it is used')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .enablePositionalOptions();
  const add = (usage: string, entry: Entry, hidden = false) =>
    describe(root.command(usage, { hidden }).helpOption('-h, --help', 'how it is used'), entry);

  root.commandsGroup('Learning:');
  add('run [exercise...]', {
    about: 'grade exercises (default: what you are working on), as does grade without a command',
    options: grading(),
    heeds: ['json', 'yes'],
    examples: [
      ['npx grade run', 'grades what you are working on'],
      ['npx grade run --all --jobs 2', 'grades all that you have started, two at a time'],
    ],
    run: grade(true),
  });
  add('start [exercise]', {
    about: 'copy the starter of an exercise (default: the next one), and show its task',
    heeds: ['json'],
    options: [as()],
    examples: [['npx grade start maps/count-execs', 'the starter is copied to submissions/<you>/maps/count-execs/']],
    run: run(async () => (await import('./start.ts')).start),
  });
  add('task [exercise]', {
    about: 'show the task of an exercise (default: what you are working on)',
    heeds: ['json'],
    options: [as()],
    examples: [['npx grade task | less', 'what to do and why, page by page']],
    run: run(async () => (await import('./start.ts')).task),
  });
  add('list [word...]', {
    about: 'show the course, your progress and points; with words, only what matches them: a chapter, a name, a title',
    options: [
      as(),
      new Option('--todo', 'what you have not passed'),
      new Option('--passed', 'what you have passed'),
      new Option('--path <name>', 'what a path through the course has (see grade path)'),
    ],
    heeds: ['json'],
    examples: [
      ['npx grade list', 'every exercise, and how far you are'],
      ['npx grade list maps --todo', 'what is left of one chapter'],
    ],
    run: run(async () => (await import('./list.ts')).list),
  });
  add('path [path]', {
    about: 'show the paths through the course; with the name of one, follow it: its exercises come first',
    options: [as(), new Option('--leave', 'follow the whole course again')],
    heeds: ['json'],
    examples: [
      ['npx grade path', 'the paths, and how far you are on each'],
      ['npx grade path networking', 'npx grade and npx grade next go on with what this path requires'],
    ],
    run: run(async () => (await import('./path.ts')).path),
  });
  add('status', {
    about: 'show what you are working on, your points, and what comes next',
    options: [as()],
    heeds: ['json'],
    examples: [['npx grade status', 'where you are, in a few lines']],
    run: run(async () => (await import('./status.ts')).status),
  });
  add('next', {
    about: 'start the next exercise, whether you have passed the one before or not, and show its task',
    options: [as()],
    heeds: ['json'],
    examples: [['npx grade next', 'the first that you have not started; what you leave stays as it is']],
    run: run(async () => (await import('./start.ts')).next),
  });
  add('hint [exercise]', {
    about: 'give one more hint for the check that fails; hints cost no points',
    heeds: ['json'],
    options: [as()],
    examples: [['npx grade hint', 'all hints so far for what you are working on, and the next']],
    run: run(async () => (await import('./hint.ts')).hint),
  });
  add('solution [exercise]', {
    about: 'show a solution and what often goes wrong, once you have passed (default: of what was graded last)',
    heeds: ['json', 'yes'],
    options: [
      as(),
      new Option('--spoil', 'also before you have passed'),
      new Option('--diff', 'how it differs from your files'),
    ],
    examples: [
      ['npx grade solution --diff', 'compares the solution of what you have just passed with yours'],
      ['npx grade solution maps/per-cpu --spoil', 'asks whether you are sure, and shows it'],
    ],
    run: run(async () => (await import('./solution.ts')).solution),
  });
  add('watch [exercise]', {
    about: 'grade on every save; keys for a hint, the next exercise and more',
    heeds: ['json', 'yes'],
    options: [...machine(), as()],
    examples: [['npx grade watch', 'watches what you are working on; q ends it']],
    run: run(async () => (await import('./watch.ts')).watch),
  });
  add('shell [exercise]', {
    about: 'open a terminal in a fresh guest, with your files and the tools; after --, run a command instead',
    heeds: ['yes'],
    options: [machine()[1]!, as(), new Option('--keep', 'keep what you change in the guest, without asking')],
    examples: [
      ['npx grade shell --kernel 5.10', 'bash as root on that kernel, in a guest that is thrown away'],
      ['npx grade shell', 'the same on the default kernel, with the files of what you are working on'],
    ],
    run: run(async () => {
      const { shell } = await import('./shell.ts');
      return (context: Context, exercise: string | undefined, options: ShellOptions) =>
        shell(context, exercise, guestCommand, options);
    }),
  }).usage('[options] [exercise] [-- command ...]');
  add('explain [file]', {
    about: 'explain what the verifier, libbpf or clang said: from a file, from standard input (-), or pasted',
    heeds: ['json'],
    options: [
      several(
        '--source <file>',
        'your program, to show the line that the message is about; may be given several times',
      ),
      new Option('--walk', 'step through the verifier’s log: registers, stack, branches, and where a value comes from'),
    ],
    examples: [
      ['bpftool prog load x.bpf.o /sys/fs/bpf/x 2>&1 | npx grade explain', 'explains why it was refused'],
      ['npx grade explain', 'explains what you paste, up to Ctrl-D'],
      [
        'npx grade explain --walk verifier.log',
        'steps through it; where it is piped to something, it prints the path that failed',
      ],
    ],
    more:
      'Keys of --walk: arrows or j and k step, c goes to the cause, n and N to the next and last change of a register, r chooses ' +
      'it, / finds, v goes to the next visit of the line, s shows the source, a all paths, q quits. With --json the path ' +
      'that failed is a part of the document.\n\n' +
      'Exit codes: 0 explained, 1 no message that it knows, 2 nothing to read.',
    run: run(async () => (await import('./explain.ts')).explain),
  });
  add('reset [exercise]', {
    about: 'put the starter back (default: of what you are working on); your files are kept in .grade/kept/',
    heeds: ['json', 'yes'],
    options: [as()],
    examples: [['npx grade reset programs/hello', 'asks first; with --yes it does not']],
    run: run(async () => (await import('./reset.ts')).reset),
  });
  add('submit [exercise...]', {
    about: 'commit what you have passed on a branch, and say how to open the pull request; nothing is pushed',
    heeds: ['json'],
    options: [as()],
    examples: [
      ['npx grade submit', 'everything that you have passed and not submitted yet'],
      ['npx grade submit programs/hello', 'this one, whether it has passed or not'],
    ],
    run: run(async () => (await import('./submit.ts')).submit),
  });

  add('export [exercise...]', {
    about:
      'write your last results for Gradescope, Classroom 50, check50, Exercism or PrairieLearn, or as a CSV gradebook',
    options: [
      as(),
      new Option('--format <format>', 'which document').choices([...exportNames, ...autograderNames]),
      new Option('--out <file>', 'write it there, not on standard output'),
      several(
        '--from <report.json>',
        'export the results of a --report file, not your last ones; may be given several times',
      ),
      new Option('--class <file>', 'with --from: who is in the class (default: class.yaml, if it is there)'),
    ],
    examples: [
      ['npx grade export --format csv > grades.csv', 'a gradebook of what you have done'],
      ['npx grade export --format csv --from results.jsonl --class class.yaml', 'one of a class, a row for everyone'],
      [
        'npx grade export --format gradescope-autograder programs/hello --out autograder.zip',
        'an assignment for Gradescope',
      ],
    ],
    run: run(async () => (await import('./export.ts')).exportResults),
  });

  add('progress', {
    about:
      'write your progress to a file, or add such a file to it; the site’s page ‘Your progress’ uses the same format',
    heeds: ['json'],
    options: [
      as(),
      new Option('--export <file>', 'write it there; - is standard output'),
      new Option('--import <file>', 'add what is in a file of another clone, or of the site; nothing is lost'),
    ],
    examples: [
      ['npx grade progress --export progress.json', 'for the site, or another computer'],
      [
        'npx grade progress --import hookpoint-progress.json',
        'the lessons that you have read on the site, and what you passed elsewhere',
      ],
    ],
    run: run(async () => (await import('./progress.ts')).progress),
  });

  root.commandsGroup('This machine:');
  add('setup', {
    about: 'prepare the guest image and kernels ahead of time',
    heeds: ['json', 'yes'],
    options: [
      new Option('--kernel <ids...>', 'which kernels, such as 6.1,6.12, or all'),
      new Option(
        '--build',
        'build from packages what the course publishes as well, and build again what was downloaded',
      ),
      new Option(
        '--copy-to <folder>',
        'download into a folder that can serve as a mirror, such as a USB stick',
      ).conflicts('build'),
    ],
    examples: [
      ['npx grade setup --kernel all', 'everything that is needed to work offline'],
      ['npx grade setup --copy-to /media/stick --kernel all', 'a mirror for a classroom without a network'],
      ['HOOKPOINT_MIRROR=/media/stick npx grade setup', 'from that mirror; an address works, too'],
    ],
    run: run(async () => (await import('./setup.ts')).setup),
  });
  add('doctor', {
    about: 'check what works here, what does not, and which command fixes it',
    heeds: ['json'],
    options: machine(),
    examples: [['npx grade doctor', 'looks, and changes nothing']],
    run: run(async () => (await import('./doctor.ts')).doctor),
  });

  add('completion <shell>', {
    about: 'print a script with which bash, zsh or fish complete commands, exercises and kernels, also behind npx',
    examples: [
      [
        "npx grade completion bash > ~/.grade.bash && echo '. ~/.grade.bash' >> ~/.bashrc",
        'for bash, from the next terminal on',
      ],
      ["npx grade completion zsh > ~/.grade.zsh && echo '. ~/.grade.zsh' >> ~/.zshrc", 'for zsh'],
      ['npx grade completion fish > ~/.config/fish/conf.d/grade.fish', 'for fish'],
    ],
    run: run(async () => (await import('./completion.ts')).completion),
  });

  add('help [command]', {
    about: 'show how a command is used',
    examples: [['npx grade help watch', 'the same as npx grade watch --help']],
    run: run(async () => helpWith(root)),
  });

  root.commandsGroup('For teachers and CI:');
  add('plan [folder...]', {
    about: 'list which submissions to grade, dealt to jobs',
    heeds: ['json'],
    options: [
      new Option('--base <commit>', 'plan only what has changed since this commit'),
      new Option('--head <commit>', 'up to this one'),
      new Option('--repository <folder>', 'the git repository that has both (default: this one)'),
      new Option('--login <login>', 'only submissions/<login>/'),
      new Option('--output <file>', 'add matrix= and foreign= (how many other files) to it, such as $GITHUB_OUTPUT'),
      new Option('--shards <n>', 'at most this many jobs for each kernel').default('1'),
      new Option('--kernel <ids>', 'such as 5.10,6.12, or default, oldest, newest, all').default('default'),
    ],
    examples: [
      [
        'npx grade plan --base origin/main --head HEAD --shards 4',
        'what a branch has changed, as a matrix of at most four jobs',
      ],
    ],
    run: run(async () => (await import('./plan.ts')).plan),
  });
  add('merge <report...>', {
    about: 'combine reports of many runs, and compute their points again',
    heeds: ['json'],
    options: [
      new Option('--summary <file>', 'add it to this file as Markdown, such as $GITHUB_STEP_SUMMARY'),
      new Option('--out <file>', 'write a .jsonl with one line for each result: for more results than fit into memory'),
    ],
    examples: [['npx grade merge results --out all.jsonl', 'one file of all']],
    run: run(async () => (await import('./merge.ts')).merge),
  });
  add('cohort <report...>', {
    about: 'make a page of your class from reports',
    heeds: ['json'],
    options: [
      new Option('--out <file>', 'where the page goes').default('cohort.html'),
      new Option('--title <title>', 'what it is called').default('Your class'),
      new Option('--similar', 'name pairs of submissions that a human should compare'),
    ],
    examples: [['npx grade cohort results/*.json --title "Autumn"', 'who has passed what, and which checks fail most']],
    run: run(async () => (await import('./cohort.ts')).cohort),
  });

  add('class <what> [report...]', {
    about:
      'check a class by its class.yaml, write its gradebook, explain its grades, make its page, open its repositories and collect from them',
    heeds: ['json', 'yes'],
    options: [
      new Option('--class <file>', 'the class').default('class.yaml'),
      new Option('--format <format>', 'of the gradebook: csv, canvas, moodle or blackboard'),
      new Option('--out <file>', 'where the gradebook or the page goes'),
      new Option('--learner <login>', 'explain the grades of this learner only'),
      new Option('--organisation <name>', 'where the private repositories are'),
      new Option('--course <owner/name>', 'whose workflow grades in them (default: what origin is)'),
      new Option('--template <owner/name>', 'what they are copies of, made by open (default: <course>-template)'),
      new Option('--due', 'collect what was there when it was due, not what is there now'),
    ],
    examples: [
      ['npx grade class roster students.csv', 'the learners of a class.yaml, from a list of your platform'],
      ['npx grade class check', 'is class.yaml in order?'],
      ['npx grade class gradebook results.jsonl --format canvas --out grades.csv', 'for Canvas to import'],
      ['npx grade class explain results.jsonl --learner ada', 'each figure with its reason'],
      ['npx grade class regrade old.jsonl new.jsonl', 'what a new version of the grader has changed'],
      [
        'npx grade class open --organisation my-school',
        'shows how to make a private repository for each; --yes makes them',
      ],
      ['npx grade class collect --organisation my-school --due', 'fetches from these what counts, to be graded here'],
    ],
    run: run(async () => (await import('./class.ts')).classCommand),
  });

  root.commandsGroup('For authors:');
  add('verify [exercise...]', {
    about: 'check that the solution passes, the starter fails, and every mistake is caught where it must be',
    heeds: ['json', 'yes'],
    options: [
      new Option('--machine <kind>', 'vm or host').default('auto', 'vm'),
      new Option('--kernel <ids>', 'such as 5.10,6.12, or default, oldest, newest, all').default('default'),
      new Option('--seeds <n>', 'how many workloads each case is run with (2, and 1 with --mutate)'),
      new Option('--jobs <n>', 'how many cases at once; by default one for each processor'),
      several('--case <name>', 'only this case, such as wrong/mine, declared or not; may be given several times'),
      new Option(
        '--changed',
        'only what is not known in content/verification.json as it is now; with --mutate, only mutants that were not judged here before',
      ),
      new Option('--record', 'keep what was seen in content/verification.json'),
      new Option('--mutate', 'mutants of the solution instead: each must fail, or mutants.yaml says why not'),
      several('--mutant <id>', 'with --mutate: only this one, or those whose ids begin so; may be given several times'),
    ],
    examples: [
      ['npx grade verify programs/hello --kernel oldest,newest', 'every case of one exercise on two kernels'],
      [
        'npx grade verify programs/hello --mutate --jobs 2',
        'each small fault in the solution, made by machine, must fail',
      ],
    ],
    run: run(async () => (await import('./verify.ts')).verify),
  });
  add('new <chapter/name>', {
    about: 'make a new exercise that works, to be changed',
    heeds: ['json'],
    options: [
      new Option('--kind <kind>', 'what it is about: xdp, tracepoint, bpftrace, bcc'),
      new Option('--title <title>', 'what learners read'),
    ],
    examples: [['npx grade new networking/drop-echo --kind xdp', 'a draft in content/exercises/networking/drop-echo/']],
    run: run(async () => (await import('./new.ts')).newExercise),
  });
  add(
    'post',
    {
      about: 'check the results of a pull request as hostile input, and post them: for .github/workflows/report.yml',
      heeds: ['json'],
      options: [
        new Option(
          '--keep <file.jsonl>',
          'add what was posted to a results file, with the time of the push by GitHub’s clock',
        ),
      ],
      examples: [['npx grade post', 'in a job of that workflow, where the environment says all that it needs']],
      run: run(async () => (await import('./post.ts')).post),
    },
    true,
  );
  return root;
}

function describe(command: Command, { about, options = [], heeds = [], examples, more, run }: Entry): Command {
  for (const option of [...options, ...heeds.map((name) => heeded[name]())]) command.addOption(option);
  // Said once, by `grade --help`.
  const isRoot = command.name() === 'grade';
  for (const option of everywhere()) command.addOption(isRoot ? option.helpGroup(groupOfAll) : option.hideHelp());
  return layOut(command, { more, examples })
    .description(about)
    .exitOverride()
    .action(run as (...args: unknown[]) => Promise<void>);
}

const groupOfAll = 'Options of every command:';

/** What every command takes, in front of it or behind. */
export const ofEveryCommand: readonly string[] = everywhere().map((option) => option.attributeName());

function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
