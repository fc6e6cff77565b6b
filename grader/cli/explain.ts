/** `grade explain [file|-]`: what the verifier, libbpf or clang said, in words. Needs no machine and no exercise. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { readLessons, withLesson } from '../course/lessons.ts';
import { explainText } from '../explain/index.ts';
import { makeExplanation } from '../report/explanation.ts';
import { renderExplanation } from '../report/explanation-text.ts';
import { CommandFailure, type Context } from './context.ts';

const largest = 16 * 1024 * 1024;
const tooLarge = 'Cut it down to the part with the error: the last hundred lines of a log mostly do.';

/** 0 explained, 1 no message that we know. CommandFailure if there is nothing to read, or too much. */
export async function explain(context: Context, file: string | undefined, options: { source?: string[] }): Promise<number> {
  const sources = new Map<string, string>();
  for (const path of options.source ?? []) sources.set(basename(path), decode(await readFile(path)));
  const text = decode(file === undefined || file === '-' ? await readInput(context) : await readFile(file));
  if (text.trim() === '') throw new CommandFailure('There is nothing to explain: the text is empty.', 2, 'A loader writes its errors to standard error, so pass on both: bpftool prog load … 2>&1 | npx grade explain');
  const explained = makeExplanation(explainText(text, sources));
  const explanation = { ...explained, message: withLesson(explained.message, await readLessons(context.root)) };
  if (context.json) process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else process.stdout.write(`\n${renderExplanation(explanation, context.screen)}`);
  return explanation.exitCode;
}

async function readFile(path: string): Promise<Buffer> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure(error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${error.message}`, 2, 'Name a file with the message in it, or paste it: npx grade explain');
  });
  try {
    if ((await handle.stat()).isDirectory()) throw new CommandFailure(`${path} is a folder.`, 2, 'Name a file with the message in it, or paste it: npx grade explain');
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
