/** Logs to try the explain page with: real ones, that the explain engine is tested with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface LogExample {
  title: string;
  log: string;
  /** The program that it is about. */
  file: string;
  source: string;
}

const examples = [
  {
    title: 'A lookup that nobody tested, on Linux 6.12',
    log: 'verifier/6.12.117/01_null_map_value.log',
    source: 'verifier/src/01_null_map_value.bpf.c',
  },
  {
    title: 'A packet that may be too short, on Linux 7.3',
    log: 'verifier/7.3.4/9e_skb_direct_noCheck.log',
    source: 'verifier/src/9e_skb_direct_noCheck.bpf.c',
  },
  { title: 'A name that clang does not know', log: 'clang/did-you-mean.log', source: 'clang/did-you-mean.bpf.c' },
];

export async function readExamples(root: string): Promise<LogExample[]> {
  const read = (path: string) => readFile(join(root, 'tests/fixtures', path), 'utf8');
  return Promise.all(
    examples.map(async ({ title, log, source }) => ({
      title,
      log: await read(log),
      file: source.slice(source.lastIndexOf('/') + 1),
      source: await read(source),
    })),
  );
}
