// What a shell offers when TAB is pressed behind `grade`. Plain JavaScript that reads a few small files, for the answer must be
// there at once: no exercise is loaded, and the commands are asked for only if they may have changed.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * `words` are those behind `grade`, the one at the cursor last. What cannot be read offers nothing: never rejects.
 * @param {string} root
 * @param {readonly string[]} words
 * @returns {Promise<{ value: string, about: string }[]>}
 */
export async function complete(root, words) {
  try {
    const current = words.at(-1) ?? '';
    const [grade, ...commands] = await commandsOf(root);
    const { command, option } = locate(words.slice(0, -1), grade, commands);
    const offered = option ? await valuesOf(root, option.long) : await wordsFor(root, current, command ?? grade, command ? [] : commands);
    return offered.filter(({ value }) => value.startsWith(current));
  } catch {
    return [];
  }
}

/** Which command the words in front are of, and the option that waits for its value. */
function locate(words, grade, commands) {
  let command;
  let positional = 0;
  let option;
  for (const word of words) {
    if (option) option = undefined;
    else if (word.startsWith('-')) option = (command ?? grade).options.find(({ long, value }) => value && long === word);
    else if (positional++ === 0) command = commands.find(({ name }) => name === word);
  }
  return { command, option };
}

async function wordsFor(root, current, command, commands) {
  if (current.startsWith('-')) return [...command.options.map(({ long, about }) => ({ value: long, about })), { value: '--help', about: 'how it is used' }];
  return [...commands.map(({ name, about }) => ({ value: name, about })), ...(await argumentsOf(root, command.argument))];
}

async function argumentsOf(root, argument) {
  if (argument === 'shell') return named('a shell', ['bash', 'zsh', 'fish']);
  if (argument !== 'exercise') return [];
  const { chapters } = JSON.parse(await readFile(join(root, 'content/exercises/course.json'), 'utf8'));
  return chapters.flatMap(({ name, title, exercises }) => exercises.map((exercise) => ({ value: `${name}/${exercise}`, about: title })));
}

async function valuesOf(root, option) {
  switch (option) {
    case '--kernel': {
      const { kernels } = JSON.parse(await readFile(join(root, 'environment/kernels.json'), 'utf8'));
      return kernels.map(({ id, title }) => ({ value: id, about: title }));
    }
    case '--machine':
      return named('a machine', ['vm', 'host', 'auto']);
    case '--as':
      return named('a learner', await foldersIn(join(root, 'submissions')));
    case '--format':
      return named('an export', ['gradescope', 'check50', 'exercism', 'prairielearn', 'csv']);
    case '--kind':
      return named('a kind of exercise', await foldersIn(join(root, 'content/templates')));
    default:
      return [];
  }
}

function named(about, values) {
  return values.map((value) => ({ value, about }));
}

async function foldersIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Kept in .grade/completion.json until program.ts changes. */
async function commandsOf(root) {
  const file = join(root, '.grade/completion.json');
  const { mtimeMs, size } = await stat(join(root, 'grader/cli/program.ts'));
  const of = `${mtimeMs} ${size}`;
  const kept = await readFile(file, 'utf8').then(JSON.parse).catch(() => ({}));
  if (kept.of === of) return kept.commands;
  // Node 24 reads TypeScript as it is. If it is not installed yet, there is nothing to complete.
  const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/node'), [join(root, 'grader/cli/main.ts'), '__commands'], { timeout: 10_000 });
  const commands = JSON.parse(stdout);
  const temporary = `${file}.${process.pid}.tmp`;
  await mkdir(join(root, '.grade'), { recursive: true });
  await writeFile(temporary, JSON.stringify({ of, commands }));
  await rename(temporary, file);
  return commands;
}
