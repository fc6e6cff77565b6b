/** Logs to try the explain page with: real ones, of a lesson and of the explain engine's tests. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRecording } from './recordings.ts';

export interface LogExample {
  title: string;
  log: string;
  /** The program that it is about. */
  file: string;
  source: string;
}

const examples = [
  {
    title: 'A packet that may be too short, on Linux 7.3',
    log: 'verifier/7.3.4/9e_skb_direct_noCheck.log',
    source: 'verifier/src/9e_skb_direct_noCheck.bpf.c',
  },
  { title: 'A name that clang does not know', log: 'clang/did-you-mean.log', source: 'clang/did-you-mean.bpf.c' },
];

export async function readExamples(root: string): Promise<LogExample[]> {
  const read = (path: string) => readFile(join(root, 'tests/fixtures', path), 'utf8');
  const others = examples.map(async ({ title, log, source }) => ({
    title,
    log: await read(log),
    file: source.slice(source.lastIndexOf('/') + 1),
    source: await read(source),
  }));
  return Promise.all([ofLesson(root), ...others]);
}

/** What a lesson has recorded: one command, and all that it printed. */
async function ofLesson(root: string): Promise<LogExample> {
  const { text } = await readRecording(root, 'vm/first-letter');
  const file = 'refused-first-letter.bpf.c';
  return {
    title: 'A pointer that is followed directly, on Linux 6.12',
    log: text.slice(text.indexOf('\n') + 1),
    file,
    source: await readFile(join(root, 'content/examples/vm', file), 'utf8'),
  };
}
