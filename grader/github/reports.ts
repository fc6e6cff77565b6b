/** Report files that another run made, read as hostile input and put together. */
import type { z } from 'zod';
import type { LoadedExercise } from '../course/exercise.ts';
import { isJudged } from '../report/judged.ts';
import { parseRecord } from '../report/record.ts';
import { exitCode } from '../verdict/outcome.ts';
import { type Report, reportSchema, type Result } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { rescore } from './rescore.ts';

export interface ReportFile {
  /** Fit to print. */
  name: string;
  bytes: Uint8Array;
}

/** What many reports say together. */
export interface Collected {
  /** By submission and kernel. */
  results: Result[];
  /** What kept runs from grading, each once. */
  errors: string[];
}

/** `problem` is fit to print: nothing of the files' free text is in it. */
type Or<T> = T | { problem: string };

/** Of one report file of a pull request. A whole one of an exercise is some 20 kB. */
export const mostReportBytes = 4 * 1024 * 1024;
/** Of a pull request. */
const mostResults = 1000;

export interface Collecting {
  /** What is held of each result. */
  keep?: (result: Result) => Result;
  /** Of several results of a submission on one kernel: a run has one, and a class has the newest that was judged. */
  several?: 'refuse' | 'newest';
}

/** Puts results together, their points recomputed by `course`. */
export class Collector {
  readonly #course: readonly LoadedExercise[];
  readonly #keep: (result: Result) => Result;
  readonly #several: 'refuse' | 'newest';
  readonly #results = new Map<string, Result>();
  readonly #errors = new Set<string>();

  constructor(course: readonly LoadedExercise[], { keep = (result) => result, several = 'refuse' }: Collecting = {}) {
    this.#course = course;
    this.#keep = keep;
    this.#several = several;
  }

  /** `name`: of the file, fit to print. Returns a problem, or the result as it counts. `isSecond`: it is the second of a submission. */
  add(name: string, claimed: Result): { result: Result } | { problem: string; isSecond?: true } {
    const scored = rescore(this.#course, claimed);
    if ('problem' in scored) return { problem: `${name}: ${scored.problem}.` };
    const { result } = scored;
    const key = `${result.submission} on ${result.machine?.kernel ?? 'no kernel'}`;
    const known = this.#results.get(key);
    // What was not run is the same on every kernel.
    if (known && result.machine && this.#several === 'refuse')
      return { problem: `${name}: there is another result of ${key}.`, isSecond: true };
    if (!known || this.#several === 'refuse' || isNewer(result, known)) this.#results.set(key, this.#keep(result));
    return { result };
  }

  addError(message: string): void {
    this.#errors.add(plain(message, 1000));
  }

  get collected(): Collected {
    return {
      results: [...this.#results].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, result]) => result),
      errors: [...this.#errors],
    };
  }
}

/** What was not judged takes nothing from what was. */
function isNewer(result: Result, known: Result): boolean {
  if (isJudged(result) !== isJudged(known)) return isJudged(result);
  return Date.parse(result.startedAt) >= Date.parse(known.startedAt);
}

/** All results of files that are in memory. */
function collectResults(files: readonly ReportFile[], course: readonly LoadedExercise[]): Or<Collected> {
  const collector = new Collector(course);
  for (const file of files) {
    const read = readReport(file);
    if ('problem' in read) return read;
    if (read.error !== undefined) collector.addError(read.error);
    for (const claimed of read.results) {
      const added = collector.add(file.name, claimed);
      if ('problem' in added) return { problem: added.problem };
    }
  }
  return collector.collected;
}

/** What the reports of a pull request say together. What kept a run from grading is kept as its error. */
export function mergeReports(files: readonly ReportFile[], course: readonly LoadedExercise[]): Or<{ report: Report }> {
  const collected = collectResults(files, course);
  if ('problem' in collected) return collected;
  if (collected.results.length > mostResults)
    return { problem: `There are ${collected.results.length} results, and a pull request has ${mostResults} at most.` };
  return { report: reportOf(collected) };
}

/** One report of what was collected. */
export function reportOf({ results, errors }: Collected): Report {
  const error = errors.length > 0 && { message: errors.join('\n').slice(0, 5000) };
  return {
    format: 'hookpoint-report',
    version: 1,
    exitCode: error ? 70 : exitCode(results),
    results,
    ...(error && { error }),
  };
}

function readReport({ name, bytes }: ReportFile): Or<{ results: Result[]; error?: string }> {
  if (bytes.length > mostReportBytes)
    return { problem: `${name} is too large: at most ${mostReportBytes} bytes were expected.` };
  let json: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    json = name.endsWith('.jsonl') ? null : JSON.parse(text);
  } catch {
    return { problem: `${name} is not JSON.` };
  }
  if (name.endsWith('.jsonl')) return readLines(name, text);
  const parsed = reportSchema.safeParse(json);
  // Only where it is wrong: zod's own words quote the file.
  if (!parsed.success)
    return { problem: `${name} is not a report of this course’s version: ${placesOf(parsed.error)}.` };
  const { results, error } = parsed.data;
  return { results, ...(error && { error: error.message }) };
}

/** A job that ran out of time leaves a last line that is cut off; the rest counts. */
function readLines(name: string, text: string): Or<{ results: Result[]; error?: string }> {
  const results: Result[] = [];
  const errors: string[] = [];
  for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
    const record = parseRecord(line);
    if (!record) return { problem: `${name}: line ${i + 1} is not a result of this course’s version.` };
    if ('error' in record) errors.push(record.error.message);
    else results.push(record.result);
  }
  return { results, ...(errors.length > 0 && { error: errors.join('\n') }) };
}

function placesOf(error: z.ZodError): string {
  const places = error.issues.slice(0, 3).map(({ path, code }) => {
    const at = path.filter((part) => typeof part === 'number' || /^[a-zA-Z]{1,20}$/.test(String(part))).join('.');
    return code === 'unrecognized_keys' ? `${at || 'it'} has something else in it` : `${at || 'it'} is out of shape`;
  });
  return [...new Set(places)].join(', ');
}
