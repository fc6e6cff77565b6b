/** `grade merge`: reports of many runs as one, their points recomputed by this course. */
import { appendFile, rename, rm } from 'node:fs/promises';
import type { LoadedExercise } from '../course/exercise.ts';
import { loadCourse } from '../course/load.ts';
import { renderSummary } from '../github/comment.ts';
import { type Collected, Collector, reportOf } from '../github/reports.ts';
import { renderJson } from '../report/json.ts';
import { inBrief } from '../report/record.ts';
import { renderReport } from '../report/terminal.ts';
import { countOutcomes, plural } from '../report/words.ts';
import type { Result } from '../verdict/result.ts';
import { CommandFailure, type Context } from './context.ts';
import { checkWritable } from './report-files.ts';
import { readRecords, ResultsFile } from './results-file.ts';

export interface MergeOptions {
  summary?: string;
  out?: string;
}

/** Files, or folders whose *.json and *.jsonl are meant. The exit code is that of all results. */
export async function merge(context: Context, named: string[], { summary, out }: MergeOptions = {}): Promise<number> {
  const course = await loadCourse(context.root);
  const { results, errors } = await (out === undefined ? collect(named, course) : writeAll(out, named, course));
  const report = reportOf({ results, errors });
  if (summary !== undefined) await appendFile(summary, `${renderSummary(report)}\n`);
  if (out !== undefined) {
    const counted = countOutcomes(results).map(([, words]) => words);
    context.say(`${plural(results.length, 'result')} in ${out}${counted.length > 0 ? `: ${counted.join(', ')}` : ''}.`);
    for (const error of errors) context.note(`Not graded: ${error}`);
    return report.exitCode;
  }
  if (context.json) process.stdout.write(renderJson(report));
  const { error, ...graded } = report;
  // An error hides the results from whoever renders it, and here there may be both.
  if (graded.results.length > 0) context.say(renderReport(graded, context.screen).trimEnd());
  if (error) context.say(renderReport(report, context.screen).trimEnd());
  return report.exitCode;
}

/** All results of report files, of which `keep` says what is kept in memory. Throws CommandFailure. */
export async function collect(
  named: readonly string[],
  course: readonly LoadedExercise[],
  keep?: (result: Result) => Result,
  onResult: (result: Result) => Promise<void> = async () => {},
): Promise<Collected> {
  const collector = new Collector(course, keep);
  for await (const { name, record } of readRecords(named)) {
    if ('error' in record) {
      collector.addError(record.error.message);
      continue;
    }
    const added = collector.add(name, record.result);
    if ('problem' in added) throw notOfThisCourse(added.problem);
    await onResult(added.result);
  }
  return collector.collected;
}

/** As they come: the whole of many results fits on a disk, not into memory. */
async function writeAll(out: string, named: readonly string[], course: readonly LoadedExercise[]): Promise<Collected> {
  if (!out.endsWith('.jsonl'))
    throw new CommandFailure(`--out ${out} is not a .jsonl.`, 2, 'For one JSON document: npx grade merge --json');
  await checkWritable('--out', out);
  const temporary = `${out}.${process.pid}.tmp`;
  const file = await ResultsFile.open(temporary);
  try {
    const collected = await collect(named, course, inBrief, (result) => file.add(result));
    for (const message of collected.errors) await file.addError({ message });
    await rename(temporary, out);
    return collected;
  } finally {
    await rm(temporary, { force: true });
  }
}

export function notOfThisCourse(problem: string): CommandFailure {
  return new CommandFailure(
    problem,
    2,
    'Grade what it is of again: reports are made by npx grade --report results.jsonl, with the same version of the course.',
  );
}
