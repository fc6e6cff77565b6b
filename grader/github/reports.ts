/** Report files that another run made, read as hostile input and put together. */
import type { z } from 'zod';
import type { LoadedExercise } from '../course/exercise.ts';
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

/** Of one report file. A whole one of an exercise is some 20 kB. */
export const mostReportBytes = 4 * 1024 * 1024;
/** Of one report. */
const mostResults = 1000;

/** All results of the files, their points recomputed by `course`. The same submission on the same kernel may stand in them once. */
export function collectResults(files: readonly ReportFile[], course: readonly LoadedExercise[]): Or<Collected> {
  const results = new Map<string, Result>();
  const errors = new Set<string>();
  for (const file of files) {
    const read = readReport(file);
    if ('problem' in read) return read;
    if (read.report.error) errors.add(plain(read.report.error.message, 1000));
    for (const claimed of read.report.results) {
      const scored = rescore(course, claimed);
      if ('problem' in scored) return { problem: `${file.name}: ${scored.problem}.` };
      const { result } = scored;
      const key = `${result.submission} on ${result.machine?.kernel ?? 'no kernel'}`;
      // What was not run is the same on every kernel.
      if (results.has(key) && result.machine) return { problem: `${file.name}: there is another result of ${key}.` };
      results.set(key, result);
    }
  }
  return { results: [...results].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, result]) => result), errors: [...errors] };
}

/** The same as one report. What kept a run from grading is kept as its error. */
export function mergeReports(files: readonly ReportFile[], course: readonly LoadedExercise[]): Or<{ report: Report }> {
  const collected = collectResults(files, course);
  if ('problem' in collected) return collected;
  const { results, errors } = collected;
  if (results.length > mostResults) return { problem: `There are ${results.length} results, and a report holds ${mostResults} at most.` };
  const error = errors.length > 0 && { message: errors.join('\n').slice(0, 5000) };
  return { report: { format: 'hookpoint-report', version: 1, exitCode: error ? 70 : exitCode(results), results, ...(error && { error }) } };
}

function readReport({ name, bytes }: ReportFile): Or<{ report: Report }> {
  if (bytes.length > mostReportBytes) return { problem: `${name} is too large: at most ${mostReportBytes} bytes were expected.` };
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { problem: `${name} is not JSON.` };
  }
  const parsed = reportSchema.safeParse(json);
  // Only where it is wrong: zod's own words quote the file.
  if (!parsed.success) return { problem: `${name} is not a report of this course’s version: ${placesOf(parsed.error)}.` };
  return { report: parsed.data };
}

function placesOf(error: z.ZodError): string {
  const places = error.issues.slice(0, 3).map(({ path, code }) => {
    const at = path.filter((part) => typeof part === 'number' || /^[a-zA-Z]{1,20}$/.test(String(part))).join('.');
    return code === 'unrecognized_keys' ? `${at || 'it'} has something else in it` : `${at || 'it'} is out of shape`;
  });
  return [...new Set(places)].join(', ');
}
