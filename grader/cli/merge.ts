/** `grade merge`: reports of many runs as one, their points recomputed by this course. */
import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import type { LoadedExercise } from '../course/exercise.ts';
import { loadCourse } from '../course/load.ts';
import { renderSummary } from '../github/comment.ts';
import { type Collected, Collector, type Collecting, reportOf } from '../github/reports.ts';
import { renderJson } from '../report/json.ts';
import { inBrief, type Kept, type Push } from '../report/record.ts';
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
  const { results, errors, written } = await (out === undefined
    ? collect(named, course).then((collected) => ({ ...collected, written: 0 }))
    : writeAll(out, named, course));
  const report = reportOf({ results, errors });
  if (summary !== undefined) await appendFile(summary, `${renderSummary(report)}\n`);
  if (out !== undefined) {
    const counted = countOutcomes(results).map(([, words]) => words);
    const of = written > results.length ? `, of ${plural(results.length, 'submission')}; the newest of each` : '';
    context.say(`${plural(written, 'result')} in ${out}${of}${counted.length > 0 ? `: ${counted.join(', ')}` : ''}.`);
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

interface Listening {
  onResult?: (result: Result, about: Omit<Kept, 'result'>) => Promise<void>;
  onPush?: (push: Push) => void;
}

/** All results of report files. Throws CommandFailure. */
export async function collect(
  named: readonly string[],
  course: readonly LoadedExercise[],
  { onResult, onPush, ...collecting }: Collecting & Listening = {},
): Promise<Collected> {
  const collector = new Collector(course, collecting);
  for await (const { name, record } of readRecords(named, onPush)) {
    if ('error' in record) {
      collector.addError(record.error.message);
      continue;
    }
    const { result, ...about } = record;
    const added = collector.add(name, result);
    if ('problem' in added) throw added.isSecond ? twoOfOne(added.problem) : notOfThisCourse(added.problem);
    await onResult?.(added.result, about);
  }
  return collector.collected;
}

/**
 * As they come: the whole of many results fits on a disk, not into memory. Each attempt is a result of its own, with the time at which it was
 * handed in; what is in two files is written once.
 */
async function writeAll(
  out: string,
  named: readonly string[],
  course: readonly LoadedExercise[],
): Promise<Collected & { written: number }> {
  if (!out.endsWith('.jsonl'))
    throw new CommandFailure(`--out ${out} is not a .jsonl.`, 2, 'For one JSON document: npx grade merge --json');
  await checkWritable('--out', out);
  const temporary = `${out}.${process.pid}.tmp`;
  // Of nothing it is an empty one.
  await writeFile(temporary, '');
  // It takes its name when it is whole, so nothing is lost by writing much at once.
  const file = await ResultsFile.open(temporary, { logs: `${out}.logs`, atOnce: 256 * 1024 });
  const seen = new Set<string>();
  const pushes = new Map<string, Push>();
  try {
    const collected = await collect(named, course, {
      keep: inBrief,
      several: 'newest',
      onPush: (push) => void pushes.set(JSON.stringify(push), push),
      onResult: async (result, about) => {
        const { submission, digest, startedAt, seed, machine } = result;
        const key = JSON.stringify([submission, digest, startedAt, seed, machine?.kernel, about]);
        if (seen.has(key)) return;
        seen.add(key);
        await file.add(result, about);
      },
    });
    for (const push of pushes.values()) await file.addPush(push);
    for (const message of collected.errors) await file.addError({ message });
    await file.flush();
    await rename(temporary, out);
    return { ...collected, written: seen.size };
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

function twoOfOne(problem: string): CommandFailure {
  return new CommandFailure(
    problem,
    2,
    'A run has one result of each. All attempts of a class become one file with: npx grade merge --out all.jsonl',
  );
}
