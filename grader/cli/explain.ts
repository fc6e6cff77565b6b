/** `grade explain [file|-]`: what the verifier, libbpf or clang said, in words. Needs no machine and no exercise. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { readLessons, withLesson } from '../course/lessons.ts';
import { type Explained, explainText } from '../explain/index.ts';
import type { Sources } from '../explain/source.ts';
import { makeExplanation } from '../report/explanation.ts';
import { makeWalk } from '../report/walk-document.ts';
import { renderExplanation } from '../report/explanation-text.ts';
import { renderWalkText } from '../report/walk-text.ts';
import { CommandFailure, type Context } from './context.ts';
import { openKeyboard } from './terminal.ts';

const largest = 16 * 1024 * 1024;
const tooLarge = 'Cut it down to the part with the error: the last hundred lines are usually enough.';

/** 0 explained, 1 no message that we know. CommandFailure if there is nothing to read, or too much. */
export async function explain(
  context: Context,
  file: string | undefined,
  options: { source?: string[]; walk?: boolean },
): Promise<number> {
  const sources = new Map<string, string>();
  for (const path of options.source ?? []) sources.set(basename(path), decode(await readFile(path)));
  const text = decode(file === undefined || file === '-' ? await readInput(context) : await readFile(file));
  if (text.trim() === '')
    throw new CommandFailure(
      'There is nothing to explain: the text is empty.',
      2,
      'A loader writes its errors to standard error, so pass on both: bpftool prog load … 2>&1 | npx grade explain',
    );
  const said = explainText(text, sources);
  if (options.walk === true) mustHaveSteps(said);
  if (options.walk === true && !context.json) return walk(context, said, sources, file);
  const explained = makeExplanation(said);
  const steps = options.walk === true ? makeWalk(said.log) : null;
  const explanation = {
    ...explained,
    message: withLesson(explained.message, await readLessons(context.root)),
    ...(steps && { walk: steps }),
  };
  if (context.json) process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else process.stdout.write(`\n${renderExplanation(explanation, context.screen)}`);
  return explanation.exitCode;
}

function mustHaveSteps({ tool, log }: Explained): void {
  if (tool !== 'verifier' || !/^\s*\d+: \([0-9a-f]{2}\) /m.test(log))
    throw new CommandFailure(
      'There is nothing to walk through: this is not a verifier log with instructions in it.',
      2,
      'Without --walk, grade explain says what the message means.',
    );
}

/** Where the log came by standard input, keys come from the terminal itself. Without one the path that failed is printed. */
async function walk(
  { screen }: Context,
  { recognised, log }: Explained,
  sources: Sources,
  file: string | undefined,
): Promise<number> {
  const canStep = !screen.plain && process.stdout.isTTY === true;
  const isFree = process.stdin.isTTY === true && file !== undefined && file !== '-';
  const keyboard = !canStep ? null : isFree ? process.stdin : openKeyboard();
  if (keyboard) {
    const { walkOnTerminal } = await import('./walk.ts');
    try {
      await walkOnTerminal(log, sources, screen, keyboard);
    } finally {
      if (keyboard !== process.stdin) keyboard.destroy();
    }
  } else process.stdout.write(`\n${renderWalkText(log, screen, sources)}`);
  return recognised ? 0 : 1;
}

async function readFile(path: string): Promise<Buffer> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure(
      error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${error.message}`,
      2,
      'Name a file with the message in it, or paste it: npx grade explain',
    );
  });
  try {
    if ((await handle.stat()).isDirectory())
      throw new CommandFailure(
        `${path} is a folder.`,
        2,
        'Name a file with the message in it, or paste it: npx grade explain',
      );
    return await collect(handle.createReadStream({ autoClose: false }), path);
  } finally {
    await handle.close();
  }
}

async function readInput(context: Context): Promise<Buffer> {
  if (process.stdin.isTTY) context.note('Paste the message, then Ctrl-D:');
  return collect(process.stdin, 'The text');
}

async function collect(stream: AsyncIterable<Buffer>, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > largest) throw new CommandFailure(`${what} is larger than 16 MiB.`, 2, tooLarge);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What PowerShell redirects to a file is UTF-16. */
function decode(bytes: Buffer): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}
