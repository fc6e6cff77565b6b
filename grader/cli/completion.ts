/** `grade completion <shell>`, and the table of commands that grader/bin/complete.mjs completes from. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CommandFailure, type Context } from './context.ts';

const scripts: Record<string, string> = { bash: 'grade.bash', zsh: 'grade.zsh', fish: 'grade.fish' };

export interface CommandWords {
  name: string;
  about: string;
  /** What its arguments are: 'exercise', 'shell' …; null if it has none. */
  argument: string | null;
  options: { long: string; about: string; /** Whether a value follows. */ value: boolean }[];
}

export async function completion({ root }: Context, shell: string): Promise<number> {
  const script = scripts[shell];
  if (script === undefined) throw new CommandFailure(`There is no completion for ‘${shell}’.`, 2, `Choose one of: ${Object.keys(scripts).join(', ')}.`);
  process.stdout.write(await readFile(join(root, 'grader', 'completion', script), 'utf8'));
  return 0;
}

/** `grade` itself comes first. */
export function wordsOf(program: Command): CommandWords[] {
  const shown = program.commands.filter((command) => !command.name().startsWith('_'));
  return [program, ...shown].map((command) => ({
    name: command.name(),
    about: command.description().split('\n')[0]!,
    argument: command.registeredArguments[0]?.name() ?? null,
    options: command.options.map(({ long, description, required, optional }) => ({ long: long!, about: description, value: required || optional })),
  }));
}

export function printCommands(program: Command): () => Promise<number> {
  return async () => {
    process.stdout.write(`${JSON.stringify(wordsOf(program))}\n`);
    return 0;
  };
}
