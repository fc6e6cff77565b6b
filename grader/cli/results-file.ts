/** Results files on disk: `.jsonl`, appended to as results come and read line by line, and the older `.json`, one report. */
import { constants } from 'node:fs';
import { appendFile, type FileHandle, mkdir, open, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import {
  type Kept,
  mostLineBytes,
  parsePush,
  parseRecord,
  type Push,
  type Record,
  renderPush,
  renderRecord,
  whole,
  withoutLogs,
} from '../report/record.ts';
import { shownPath } from '../github/places.ts';
import type { Result } from '../verdict/result.ts';
import { CommandFailure } from './command-failure.ts';
import { readReport } from './read-report.ts';

const newline = 0x0a;

/** Appends results to a `.jsonl`. What tools said is in files of its own, in the folder beside it that is called '<file>.logs'. */
export class ResultsFile {
  readonly #path: string;
  readonly #logs: string;
  readonly #atOnce: number;
  #waiting = '';

  private constructor(path: string, logs: string, atOnce: number) {
    this.#path = path;
    this.#logs = logs;
    this.#atOnce = atOnce;
  }

  /**
   * A line that was cut off, when a machine went down, is taken away: its result is graded again. `logs`: their folder, if the file gets
   * another name later. `atOnce`: characters that are gathered before they are written, by somebody who calls `flush` in the end.
   */
  static async open(path: string, { logs = `${path}.logs`, atOnce = 0 } = {}): Promise<ResultsFile> {
    const { bytes, isOurs } = await looksOf(path);
    if (!isOurs)
      throw new CommandFailure(`${shownPath(path)} is not a results file of this grader.`, 2, 'Choose another name.');
    if (bytes !== null) await truncate(path, bytes);
    return new ResultsFile(path, logs, atOnce);
  }

  async add(result: Result, about: Omit<Kept, 'result'> = {}): Promise<void> {
    const { result: brief, logs } = withoutLogs(result);
    const kept = { ...brief, checks: [...brief.checks] };
    const folder = `${this.#logs}/${result.submission.replaceAll(/[^\w.-]+/g, '-')}`;
    for (const [id, log] of logs) {
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${id}-${Date.parse(result.startedAt)}.log`);
      await writeFile(file, log);
      const logFile = relative(dirname(this.#path), file);
      if (id === whole) kept.message = { ...kept.message!, logFile };
      kept.checks = kept.checks.map((check) =>
        check.id === id ? { ...check, message: { ...check.message!, logFile } } : check,
      );
    }
    await this.#write(renderRecord({ result: kept, ...about }));
  }

  async addPush(push: Push): Promise<void> {
    await this.#write(renderPush(push));
  }

  async addError(error: Extract<Record, { error: unknown }>['error']): Promise<void> {
    await this.#write(renderRecord({ error }));
  }

  async flush(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') await appendFile(this.#path, text);
  }

  async #write(line: string): Promise<void> {
    this.#waiting += line;
    if (this.#waiting.length >= this.#atOnce) await this.flush();
  }
}

/** A record, and the file that it is from, fit to print. */
export interface Read {
  name: string;
  record: Record;
}

/**
 * All records of files and of folders, whose `.json` and `.jsonl` are meant, one after the other. `onPush` is told when something was pushed,
 * where a file says it. Throws CommandFailure.
 */
export async function* readRecords(
  named: readonly string[],
  onPush: (push: Push) => void = () => {},
): AsyncGenerator<Read> {
  const paths = (await Promise.all(named.map(filesIn))).flat();
  if (paths.length === 0)
    throw new CommandFailure(
      `There is no report in ${named.map(shownPath).join(', ')}.`,
      2,
      'Make one: npx grade --report results.jsonl',
    );
  for (const path of paths) yield* recordsOf(path, onPush);
}

async function filesIn(path: string): Promise<string[]> {
  const entry = await stat(path).catch(() => null);
  if (!entry) throw new CommandFailure(`There is no file or folder ${shownPath(path)}.`, 2);
  if (!entry.isDirectory()) return [path];
  return (await readdir(path))
    .filter((name) => /\.jsonl?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** A report may come from an unpacked archive: no link is followed, no pipe waited for. */
async function* recordsOf(path: string, onPush: (push: Push) => void): AsyncGenerator<Read> {
  const name = shownPath(path);
  if (!path.endsWith('.jsonl')) {
    const { results, error } = await readReport(path);
    for (const result of results) yield { name, record: { result } };
    if (error) yield { name, record: { error } };
    return;
  }
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (!file) throw new CommandFailure(`${name} cannot be read, or is a link.`, 2);
  try {
    if (!(await file.stat()).isFile()) throw new CommandFailure(`${name} is not a regular file.`, 2);
    yield* linesOf(file, name, onPush);
  } finally {
    await file.close();
  }
}

async function* linesOf(file: FileHandle, name: string, onPush: (push: Push) => void): AsyncGenerator<Read> {
  let number = 0;
  for await (const { text, isWhole } of splitLines(file, name)) {
    number += 1;
    const push = text.startsWith('{"push":') ? parsePush(text) : null;
    if (push) {
      onPush(push);
      continue;
    }
    const record = parseRecord(text);
    // The end of a file that is still written, or was when the machine went down.
    if (!record && !isWhole) return;
    if (!record)
      throw new CommandFailure(
        `${name}: line ${number} is not a result of this grader.`,
        2,
        'Take the line away, or grade again: npx grade --report results.jsonl',
      );
    yield { name, record };
  }
}

async function* splitLines(file: FileHandle, name: string): AsyncGenerator<{ text: string; isWhole: boolean }> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
    let bytes = chunk as Buffer;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline)) {
      yield { text: Buffer.concat([...rest, bytes.subarray(0, at)]).toString('utf8'), isWhole: true };
      rest = [];
      length = 0;
      bytes = bytes.subarray(at + 1);
    }
    rest.push(bytes);
    if ((length += bytes.length) > mostLineBytes)
      throw new CommandFailure(`${name} has a line of more than ${mostLineBytes} bytes, and a result is shorter.`, 2);
  }
  if (length > 0) yield { text: Buffer.concat(rest).toString('utf8'), isWhole: false };
}

/** Whether the file begins as ours do; and its bytes up to the last line end, null if there is no file. */
async function looksOf(path: string): Promise<{ bytes: number | null; isOurs: boolean }> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return { bytes: null, isOurs: true };
  try {
    const { size } = await file.stat();
    const read = async (from: number, to: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
      return buffer.subarray(0, bytesRead);
    };
    const begins = (await read(0, Math.min(size, 20))).toString('latin1');
    const isOurs =
      size === 0 ||
      ['{"result":', '{"error":', '{"push":'].some((start) => start.startsWith(begins.slice(0, start.length)));
    const step = 64 * 1024;
    for (let end = size; isOurs && end > 0; end -= step) {
      const from = Math.max(0, end - step);
      const at = (await read(from, end)).lastIndexOf(newline);
      if (at >= 0) return { bytes: from + at + 1, isOurs };
    }
    return { bytes: 0, isOurs };
  } finally {
    await file.close();
  }
}
