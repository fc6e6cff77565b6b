/** Of all commands alike: what their help is made of. What it looks like is shown of one. */
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../../grader/cli/program.ts';

const program = createProgram(() => async () => {});
const all = [program, ...program.commands];

/** As --help prints it. */
function helpOf(command: Command, columns = 80): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part), getOutHelpWidth: () => columns });
  command.outputHelp();
  return text;
}

/** Commands that can be copied, each on a line that stays whole. */
const typedIn = (help: string) => help.split('\n').filter((line) => /^ {2}\S/.test(line) && line.includes('npx grade'));

test('one of them', () => {
  expect(`\n${helpOf(program.commands.find((command) => command.name() === 'list')!)}`).toMatchInlineSnapshot(`
    "
    Usage: grade list [options] [word...]

    show the course, your progress and points; with words, only what matches them: a
    chapter, a name, a title

    Options:
      --as <login>   work in submissions/<login>/ instead of your own
      --todo         what you have not passed
      --passed       what you have passed
      --path <name>  what a path through the course has (see grade path)
      --json         one JSON document on standard output, and nothing else there
      -h, --help     how it is used

    Every command also takes --plain, --no-color and --verbose.

    Examples:
      npx grade list
          every exercise, and how far you are
      npx grade list maps --todo
          what is left of one chapter
    "
  `);
});

test('on forty columns, one below the other', () => {
  expect(
    `\n${helpOf(
      program.commands.find((command) => command.name() === 'next')!,
      40,
    )}`,
  ).toMatchInlineSnapshot(`
    "
    Usage: grade next [options]

    start the next exercise, whether you
    have passed the one before or not, and
    show its task

    Options:
      --as <login>
          work in submissions/<login>/
          instead of your own
      --json
          one JSON document on standard
          output, and nothing else there
      -h, --help
          how it is used

    Every command also takes --plain,
    --no-color and --verbose.

    Example:
      npx grade next
          the first that you have not
          started; what you leave stays as
          it is
    "
  `);
});

const orders =
  /^(Grade|grade|copy|show|start|give|open|explain|put|commit|write|take|prepare|look|print|list|combine|make|check) /;

describe.each(all.map((command) => [command.name(), command] as const))('%s', (name, command) => {
  test('says in the imperative what it does', () => {
    expect(command.description()).toMatch(orders);
  });

  test.each([40, 80, 120])('fits %i columns, but for commands to copy', (columns) => {
    const help = helpOf(command, columns);
    const copied = typedIn(help);
    const wide = help.split('\n').filter((line) => line.length > columns && !copied.includes(line));
    // A word or an option that is wider than the screen is not broken.
    expect(wide.filter((line) => line.trim().includes(' '))).toEqual([]);
  });

  test('ends in an example that it understands', async () => {
    const help = helpOf(command);
    const examples = typedIn(help.slice(help.search(/\nExamples?:\n/)));
    expect(examples.length).toBeGreaterThan(0);
    const called: string[] = [];
    for (const example of examples) {
      const parsed = createProgram(
        () =>
          async (...args) =>
            void called.push((args.at(-1) as Command).name()),
      );
      const words = /\bnpx grade ?([^|>]*)/.exec(example)![1]!.trim().split(/ +/).filter(Boolean);
      await parsed.parseAsync(words, { from: 'user' });
    }
    expect(called).toEqual(examples.map(() => name));
  });
});
