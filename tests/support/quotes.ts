/** Documents whose code and terminal blocks come from files: '<!-- from PATH#REGION -->' or '<!-- recording NAME -->', then the block. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { regionOf } from '../../grader/course/region.ts';
import { repository } from './clone.ts';

const block = /(<!-- (from|recording)(?: ([^\s#]+)(?:#(\S+))?)? -->\n```\w+\n)([^]*?)(```\n)/g;

/** The document as its sources would have it. Throws if a source is not there. */
export async function withQuotes(document: string): Promise<string> {
  const blocks = [...document.matchAll(block)];
  const texts = await Promise.all(
    blocks.map(([, , kind, name, region]) =>
      kind === 'recording' ? recordingOf(name ?? 'first-run') : quote(name!, region),
    ),
  );
  let next = 0;
  return document.replace(
    block,
    (_all, open: string, _kind, _name, _region, _text, close: string) => `${open}${texts[next++]}${close}`,
  );
}

export function recordingFileOf(name: string): string {
  return join(repository, 'docs/recordings', `${name}.txt`);
}

function recordingOf(name: string): Promise<string> {
  return readFile(recordingFileOf(name), 'utf8');
}

/** A file, its lines 'from-to', or what is between '#region NAME' and the next '#endregion'; moved to the left margin. */
async function quote(path: string, region: string | undefined): Promise<string> {
  const text = await readFile(join(repository, path), 'utf8');
  if (region === undefined) return text;
  const [, from, to] = /^(\d+)-(\d+)$/.exec(region) ?? [];
  return `${from && to ? toMargin(text.split('\n').slice(Number(from) - 1, Number(to))) : regionOf(text, region, path)}\n`;
}

function toMargin(lines: readonly string[]): string {
  const margin = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)![0].length));
  return lines.map((line) => line.slice(margin)).join('\n');
}
