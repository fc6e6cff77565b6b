import { expect, test } from 'vitest';
import type { Command } from 'commander';
import { createProgram } from '../../../grader/cli/program.ts';

const program = createProgram(() => async () => {});
const shown = program.commands.filter((command) => !command.name().startsWith('_'));

/** As --help prints it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return `\n${text}`;
}

const named = (name: string) => shown.find((command) => command.name() === name)!;

test.each([program, ...shown].map((command) => [command.name(), command] as const))('%s: its help ends in an example that it understands', async (name, command) => {
  const help = helpOf(command);
  const examples = /\nExamples?:\n([^]+)$/.exec(help)![1]!.split('\n').filter((line) => line.startsWith('  npx grade'));
  expect(examples.length).toBeGreaterThan(0);
  const called: string[] = [];
  for (const example of examples) {
    const words = example.trim().split(/ [|>] /)[0]!.split(' ').slice(2);
    const parsed = createProgram(() => async (...args) => void called.push((args.at(-1) as Command).name()));
    await parsed.parseAsync(words, { from: 'user' });
  }
  expect(called).toEqual(examples.map(() => name));
});

test('grade', () => {
  expect(helpOf(program)).toMatchInlineSnapshot(`
    "
    Usage: grade [options] [exercise|folder ...]

    Grades your solutions to the exercises of the Hookpoint course on a real Linux
    kernel.
    Without a command: sets up on first use, grades what you work on, says what is
    next.

    Arguments:
      exercise                        exercises such as programs/hello, or folders

    Options:
      --machine <kind>                vm: a throw-away guest (the default); host:
                                      this Linux, as root (default: vm)
      --kernel <id>                   the kernel to grade on, such as 6.12 (see
                                      grade doctor)
      --as <login>                    work in submissions/<login>/ instead of your
                                      own
      --all                           everything that you have started
      --seed <hex>                    replay the workload of an earlier result
      --report <file>                 write a report: .json, .md, .xml (JUnit),
                                      .sarif or .html; may be given several times
      --json                          one JSON document on standard output, and
                                      nothing else there
      -y, --yes                       do not ask: install missing system packages,
                                      and the like
      --plain                         words instead of signs, colours and columns,
                                      for screen readers (as does HOOKPOINT_PLAIN=1)
      --no-color                      no colours (as does NO_COLOR)
      -v, --verbose                   errors with their stack
      -h, --help                      display help for command

    Learning:
      start [options] [exercise]      copy the starter of an exercise (default: the
                                      next one), and show its task
      task [options] [exercise]       the task of an exercise (default: what you
                                      work on)
      list [options]                  the course, your progress, points
      hint [options] [exercise]       one hint more for the check that fails; hints
                                      cost no points
      solution [options] [exercise]   a solution, after a pass (default: of what was
                                      graded last), and what often goes wrong
      watch [options] [exercise]      grade on every save; keys for a hint, the next
                                      exercise and more
      shell [options] [exercise]      a terminal in a fresh guest, with your files
                                      and the tools; after --, a command instead
      explain [options] [file]        what the verifier, libbpf or clang said, in
                                      words: from a file, from standard input (-),
                                      or pasted
      reset [options] [exercise]      put the starter back (default: of what you
                                      work on); your files are kept in .grade/kept/
      submit [options] [exercise...]  commit what you have passed on a branch, and
                                      say how to open the pull request; nothing is
                                      pushed
      export [options] [exercise...]  your last results for Gradescope, check50,
                                      Exercism or PrairieLearn, or a CSV gradebook
      progress [options]              what is remembered of you, in a file to take
                                      along; the site’s page ‘Your progress’ reads
                                      and writes the same

    This machine:
      setup [options]                 the guest image and kernels, ahead of time
      doctor [options]                what works here, what does not, and the remedy
      completion [options] <shell>    a script with which bash, zsh or fish complete
                                      commands, exercises and kernels, also behind
                                      npx

    For teachers and CI:
      plan [options] [folder...]      which submissions to grade, dealt to jobs
      merge [options] <report...>     reports of many runs as one, points recomputed
      cohort [options] <report...>    a page of your class, from reports

    For authors:
      verify [options] [exercise...]  the solution passes, the starter fails, every
                                      mistake is caught where it must be
      new [options] <chapter/name>    a new exercise that works, to be changed

    Exit codes: 0 all passed, 1 something failed, 2 used wrongly or an invalid submission,
    3 this machine can’t, 70 a bug of ours.

    Examples:
      npx grade
          grades what you work on, and says what is next
      npx grade maps/count-execs --kernel 5.10
          grades one exercise on another kernel
    "
  `);
});

test('grade start', () => {
  expect(helpOf(named('start'))).toMatchInlineSnapshot(`
    "
    Usage: grade start [options] [exercise]

    copy the starter of an exercise (default: the next one), and show its task

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Example:
      npx grade start maps/count-execs
          the starter is copied to submissions/<you>/maps/count-execs/
    "
  `);
});

test('grade task', () => {
  expect(helpOf(named('task'))).toMatchInlineSnapshot(`
    "
    Usage: grade task [options] [exercise]

    the task of an exercise (default: what you work on)

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Example:
      npx grade task | less
          what to do and why, page by page
    "
  `);
});

test('grade progress', () => {
  expect(helpOf(named('progress'))).toMatchInlineSnapshot(`
    "
    Usage: grade progress [options]

    what is remembered of you, in a file to take along; the site’s page ‘Your
    progress’ reads and writes the same

    Options:
      --as <login>     work in submissions/<login>/ instead of your own
      --export <file>  write it there; - is standard output
      --import <file>  add what is in a file of another clone, or of the site;
                       nothing is lost
      --json           one JSON document on standard output, and nothing else there
      -y, --yes        do not ask: install missing system packages, and the like
      --plain          words instead of signs, colours and columns, for screen
                       readers (as does HOOKPOINT_PLAIN=1)
      --no-color       no colours (as does NO_COLOR)
      -v, --verbose    errors with their stack
      -h, --help       display help for command

    Examples:
      npx grade progress --export progress.json
          for the site, or another computer
      npx grade progress --import hookpoint-progress.json
          the lessons that you have read on the site, and what you passed elsewhere
    "
  `);
});

test('grade list', () => {
  expect(helpOf(named('list'))).toMatchInlineSnapshot(`
    "
    Usage: grade list [options]

    the course, your progress, points

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Example:
      npx grade list
          every exercise, and how far you are
    "
  `);
});

test('grade hint', () => {
  expect(helpOf(named('hint'))).toMatchInlineSnapshot(`
    "
    Usage: grade hint [options] [exercise]

    one hint more for the check that fails; hints cost no points

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Example:
      npx grade hint
          all hints so far for what you work on, and the next
    "
  `);
});

test('grade solution', () => {
  expect(helpOf(named('solution'))).toMatchInlineSnapshot(`
    "
    Usage: grade solution [options] [exercise]

    a solution, after a pass (default: of what was graded last), and what often goes
    wrong

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --spoil        also before you have passed
      --diff         how it differs from your files
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Examples:
      npx grade solution --diff
          compares the solution of what you have just passed with yours
      npx grade solution maps/per-cpu --spoil
          asks whether you are sure, and shows it
    "
  `);
});

test('grade reset', () => {
  expect(helpOf(named('reset'))).toMatchInlineSnapshot(`
    "
    Usage: grade reset [options] [exercise]

    put the starter back (default: of what you work on); your files are kept in
    .grade/kept/

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Example:
      npx grade reset programs/hello
          asks first; with --yes it does not
    "
  `);
});

test('grade submit', () => {
  expect(helpOf(named('submit'))).toMatchInlineSnapshot(`
    "
    Usage: grade submit [options] [exercise...]

    commit what you have passed on a branch, and say how to open the pull request;
    nothing is pushed

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Examples:
      npx grade submit
          everything that you have passed and not submitted yet
      npx grade submit programs/hello
          this one, whether it has passed or not
    "
  `);
});

test('grade setup', () => {
  expect(helpOf(named('setup'))).toMatchInlineSnapshot(`
    "
    Usage: grade setup [options]

    the guest image and kernels, ahead of time

    Options:
      --kernel <ids...>  which kernels, such as 6.1,6.12, or all
      --json             one JSON document on standard output, and nothing else
                         there
      -y, --yes          do not ask: install missing system packages, and the like
      --plain            words instead of signs, colours and columns, for screen
                         readers (as does HOOKPOINT_PLAIN=1)
      --no-color         no colours (as does NO_COLOR)
      -v, --verbose      errors with their stack
      -h, --help         display help for command

    Example:
      npx grade setup --kernel all
          everything that is needed to work offline
    "
  `);
});

test('grade doctor', () => {
  expect(helpOf(named('doctor'))).toMatchInlineSnapshot(`
    "
    Usage: grade doctor [options]

    what works here, what does not, and the remedy

    Options:
      --machine <kind>  vm: a throw-away guest (the default); host: this Linux, as
                        root (default: vm)
      --kernel <id>     the kernel to grade on, such as 6.12 (see grade doctor)
      --json            one JSON document on standard output, and nothing else there
      -y, --yes         do not ask: install missing system packages, and the like
      --plain           words instead of signs, colours and columns, for screen
                        readers (as does HOOKPOINT_PLAIN=1)
      --no-color        no colours (as does NO_COLOR)
      -v, --verbose     errors with their stack
      -h, --help        display help for command

    Example:
      npx grade doctor
          looks, and changes nothing
    "
  `);
});

test('grade completion', () => {
  expect(helpOf(named('completion'))).toMatchInlineSnapshot(`
    "
    Usage: grade completion [options] <shell>

    a script with which bash, zsh or fish complete commands, exercises and kernels,
    also behind npx

    Options:
      --json         one JSON document on standard output, and nothing else there
      -y, --yes      do not ask: install missing system packages, and the like
      --plain        words instead of signs, colours and columns, for screen readers
                     (as does HOOKPOINT_PLAIN=1)
      --no-color     no colours (as does NO_COLOR)
      -v, --verbose  errors with their stack
      -h, --help     display help for command

    Examples:
      npx grade completion bash > ~/.grade.bash && echo '. ~/.grade.bash' >> ~/.bashrc
          for bash, from the next terminal on
      npx grade completion zsh > ~/.grade.zsh && echo '. ~/.grade.zsh' >> ~/.zshrc
          for zsh
      npx grade completion fish > ~/.config/fish/conf.d/grade.fish
          for fish
    "
  `);
});

test('grade verify', () => {
  expect(helpOf(named('verify'))).toMatchInlineSnapshot(`
    "
    Usage: grade verify [options] [exercise...]

    the solution passes, the starter fails, every mistake is caught where it must be

    Options:
      --machine <kind>  vm or host (default: vm)
      --kernel <ids>    such as 5.10,6.12, or default, oldest, newest, all (default:
                        "default")
      --seeds <n>       how many workloads each case is run with (default: "2")
      --jobs <n>        how many exercises at once (default: "1")
      --record          keep what was seen in content/verification.json
      --json            one JSON document on standard output, and nothing else there
      -y, --yes         do not ask: install missing system packages, and the like
      --plain           words instead of signs, colours and columns, for screen
                        readers (as does HOOKPOINT_PLAIN=1)
      --no-color        no colours (as does NO_COLOR)
      -v, --verbose     errors with their stack
      -h, --help        display help for command

    Example:
      npx grade verify programs/hello --kernel oldest,newest
          every case of one exercise on two kernels
    "
  `);
});

test('grade new', () => {
  expect(helpOf(named('new'))).toMatchInlineSnapshot(`
    "
    Usage: grade new [options] <chapter/name>

    a new exercise that works, to be changed

    Options:
      --kind <kind>    what it is about: xdp, tracepoint, bpftrace, bcc
      --title <title>  what learners read
      --json           one JSON document on standard output, and nothing else there
      -y, --yes        do not ask: install missing system packages, and the like
      --plain          words instead of signs, colours and columns, for screen
                       readers (as does HOOKPOINT_PLAIN=1)
      --no-color       no colours (as does NO_COLOR)
      -v, --verbose    errors with their stack
      -h, --help       display help for command

    Example:
      npx grade new networking/drop-echo --kind xdp
          a draft in content/exercises/networking/drop-echo/
    "
  `);
});
