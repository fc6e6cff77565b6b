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

/** `problem` is fit to print: nothing of the files' free text is in it. */
export type Merged = { report: Report } | { problem: string };

/** Of one report file. A whole one of an exercise is some 20 kB. */
export const mostReportBytes = 4 * 1024 * 1024;
const mostResults = 1000;

/**
 * One report of many, its points recomputed by `course`. The same submission on the same kernel may stand in it once. What kept a
 * run from grading is kept as the report's error.
 */
export function mergeReports(files: readonly ReportFile[], course: readonly LoadedExercise[]): Merged {
  const results = new Map<string, Result>();
  const errors: string[] = [];
  for (const file of files) {
    const read = readReport(file);
    if ('problem' in read) return read;
    if (read.report.error) errors.push(plain(read.report.error.message, 1000));
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
  if (results.size > mostResults) return { problem: `There are ${results.size} results, and a report holds ${mostResults} at most.` };
  const sorted = [...results].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, result]) => result);
  const error = errors.length > 0 && { message: [...new Set(errors)].join('\n').slice(0, 5000) };
  return { report: { format: 'hookpoint-report', version: 1, exitCode: error ? 70 : exitCode(sorted), results: sorted, ...(error && { error }) } };
}

function readReport({ name, bytes }: ReportFile): Merged {
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
