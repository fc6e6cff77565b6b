/** How help looks: what commander makes of a command, and below it what else there is to say, and examples. */
import { type Argument, type Command, Help } from 'commander';
import { asTyped, CommandFailure, type Context } from './context.ts';

export interface Epilogue {
  more?: string | undefined;
  /** Commands as they are typed, and what each does. */
  examples: [command: string, does: string][];
}

// Below so many columns two columns of text are harder to read than one below the other.
const leastForColumns = 64;

/** `--help` of this command prints its epilogue, too, and fits the terminal. */
export function layOut(command: Command, epilogue: Epilogue): Command {
  return command
    .configureOutput({ writeErr: () => {}, writeOut: (text) => void process.stdout.write(asTyped(text)) })
    .configureHelp({
      minWidthToWrap: 20,
      commandUsage(this: Help, subject) {
        // Behind 'Usage: ', and below where it breaks.
        return this.boxWrap(Help.prototype.commandUsage.call(this, subject), (this.helpWidth ?? 80) - 7).replaceAll(
          '\n',
          '\n       ',
        );
      },
      subcommandTerm: (sub) => [sub.name(), ...sub.registeredArguments.map(placeOf)].join(' '),
      formatItem(this: Help, term, termWidth, description, helper) {
        if (helper.helpWidth! >= leastForColumns)
          return Help.prototype.formatItem.call(this, term, termWidth, description, helper);
        const about = helper.boxWrap(description, helper.helpWidth! - 6);
        return `  ${term}\n      ${about.replaceAll('\n', '\n      ')}`;
      },
      formatHelp(this: Help, subject, helper) {
        return Help.prototype.formatHelp.call(this, subject, helper) + written(epilogue, subject, helper);
      },
    });
}

function placeOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function written({ more, examples }: Epilogue, command: Command, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  const lines = examples.flatMap(([typed, does]) => [
    `  ${typed}`,
    `      ${helper.boxWrap(does, width - 6).replaceAll('\n', '\n      ')}`,
  ]);
  return [
    ...(command.parent ? [helper.boxWrap('Every command also takes --plain, --no-color and --verbose.', width)] : []),
    ...(more === undefined ? [] : [helper.boxWrap(more, width)]),
    [examples.length === 1 ? 'Example:' : 'Examples:', ...lines].join('\n'),
  ]
    .map((part) => `\n${part}\n`)
    .join('');
}

/** `grade help [command]`. */
export function helpWith(program: Command): (context: Context, named: string | undefined) => Promise<number> {
  return async (_, named) => {
    const command = named === undefined ? program : program.commands.find((one) => one.name() === named);
    if (!command) throw new CommandFailure(`There is no command ‘${named}’.`, 2, 'See what there is: npx grade --help');
    command.outputHelp();
    return 0;
  };
}
