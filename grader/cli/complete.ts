/** What a shell offers when TAB is pressed behind `grade`: asked for by grade.bash, grade.zsh and grade.fish as `grade __complete WORD…`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { classNames } from './class-names.ts';
import { pathsFile } from '../course/paths.ts';
import { createProgram } from './program.ts';
import { autograderNames, exportNames } from '../report/export-names.ts';

export interface Offer {
  value: string;
  about: string;
}

export interface CommandWords {
  name: string;
  about: string;
  /** What its arguments are: 'exercise', 'shell' …; null if it has none. */
  argument: string | null;
  options: { long: string; about: string; /** Whether a value follows. */ value: boolean }[];
}

const shells = ['bash', 'zsh', 'fish'];

/** `words` are those behind `grade`, the one at the cursor last. What cannot be read offers nothing: never rejects. */
export async function complete(root: string, words: readonly string[]): Promise<Offer[]> {
  try {
    const current = words.at(-1) ?? '';
    const [grade, ...commands] = wordsOf(createProgram(() => async () => {}));
    const { command, option } = locate(words.slice(0, -1), grade!, commands);
    const offered = option
      ? await valuesOf(root, option)
      : await wordsFor(root, current, command ?? grade!, command === undefined, commands);
    return offered.filter(({ value }) => value.startsWith(current));
  } catch {
    return [];
  }
}

/** `grade` itself comes first. */
export function wordsOf(program: Command): CommandWords[] {
  const shown = program.commands.filter((command) => !command.name().startsWith('_'));
  return [program, ...shown].map((command) => ({
    name: command.name(),
    about: command.description().split('\n')[0]!,
    argument: command.registeredArguments[0]?.name() ?? null,
    options: command.options.map(({ long, description, required, optional }) => ({
      long: long!,
      about: description,
      value: required || optional,
    })),
  }));
}

/** Which command the words in front are of, and the option that waits for its value. */
function locate(
  words: readonly string[],
  grade: CommandWords,
  commands: readonly CommandWords[],
): { command: CommandWords | undefined; option: string | undefined } {
  let command: CommandWords | undefined;
  let positional = 0;
  let option: string | undefined;
  for (const word of words) {
    if (option) option = undefined;
    else if (word.startsWith('-'))
      option = (command ?? grade).options.find(({ long, value }) => value && long === word)?.long;
    else if (positional++ === 0) command = commands.find(({ name }) => name === word);
  }
  return { command, option };
}

async function wordsFor(
  root: string,
  current: string,
  { options, argument }: CommandWords,
  isFirst: boolean,
  all: readonly CommandWords[],
): Promise<Offer[]> {
  if (current.startsWith('-'))
    return [
      ...options.map(({ long, about }) => ({ value: long, about })),
      { value: '--help', about: 'how it is used' },
    ];
  return [
    ...(isFirst ? all.map(({ name, about }) => ({ value: name, about })) : []),
    ...(await argumentsOf(root, argument, all)),
  ];
}

async function argumentsOf(root: string, argument: string | null, all: readonly CommandWords[]): Promise<Offer[]> {
  if (argument === 'shell') return named('a shell', shells);
  if (argument === 'what') return named('of a class', classNames);
  if (argument === 'path') return paths(root);
  if (argument === 'command') return all.map(({ name, about }) => ({ value: name, about }));
  if (argument !== 'exercise' && argument !== 'word') return [];
  const { chapters } = JSON.parse(await readFile(join(root, 'content/exercises/course.json'), 'utf8')) as {
    chapters: { name: string; title: string; exercises: string[] }[];
  };
  if (argument === 'word') return chapters.map(({ name, title }) => ({ value: name, about: title }));
  return chapters.flatMap(({ name, title, exercises }) =>
    exercises.map((exercise) => ({ value: `${name}/${exercise}`, about: title })),
  );
}

async function valuesOf(root: string, option: string): Promise<Offer[]> {
  switch (option) {
    case '--kernel': {
      const { kernels } = JSON.parse(await readFile(join(root, 'environment/kernels.json'), 'utf8')) as {
        kernels: { id: string; title: string }[];
      };
      return kernels.map(({ id, title }) => ({ value: id, about: title }));
    }
    case '--machine':
      return named('a machine', ['vm', 'host', 'auto']);
    case '--as':
      return named('a learner', await foldersIn(join(root, 'submissions')));
    case '--format':
      return named('an export', [...exportNames, ...autograderNames]);
    case '--path':
      return paths(root);
    case '--kind':
      return named('a kind of exercise', await foldersIn(join(root, 'content/templates')));
    default:
      return [];
  }
}

async function paths(root: string): Promise<Offer[]> {
  const text = await readFile(join(root, pathsFile), 'utf8');
  return named(
    'a path',
    [...text.matchAll(/^- name: ([a-z0-9-]+)$/gm)].map(([, name]) => name!),
  );
}

function named(about: string, values: readonly string[]): Offer[] {
  return values.map((value) => ({ value, about }));
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

// Called by the launcher (grader/bin/grade.mjs).
if (process.argv[2] === '__complete')
  for (const { value, about } of await complete(join(import.meta.dirname, '../..'), process.argv.slice(3)))
    process.stdout.write(`${value}\t${about}\n`);
