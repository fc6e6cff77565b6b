/** `grade merge`: reports of many runs as one, their points recomputed by this course. */
import { appendFile, open, readdir, stat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { loadCourse } from '../course/load.ts';
import { renderSummary } from '../github/comment.ts';
import { mergeReports, mostReportBytes, type ReportFile } from '../github/reports.ts';
import { shownPath } from '../github/places.ts';
import { renderJson } from '../report/json.ts';
import { renderReport } from '../report/terminal.ts';
import { CommandFailure, type Context } from './context.ts';

const mostFiles = 10_000;

/** Files, or folders whose *.json are meant. The exit code is that of all results. */
export async function merge(context: Context, named: string[], { summary }: { summary?: string } = {}): Promise<number> {
  const merged = mergeReports(await readFiles(named), await loadCourse(context.root));
  if ('problem' in merged) throw notOfThisCourse(merged.problem);
  const { report } = merged;
  if (summary !== undefined) await appendFile(summary, `${renderSummary(report)}\n`);
  if (context.json) process.stdout.write(renderJson(report));
  const { error, ...graded } = report;
  // An error hides the results from whoever renders it, and here there may be both.
  if (graded.results.length > 0) context.say(renderReport(graded, context.screen).trimEnd());
  if (error) context.say(renderReport(report, context.screen).trimEnd());
  return report.exitCode;
}

/** The report files that are named. Throws CommandFailure. */
export async function readFiles(named: readonly string[]): Promise<ReportFile[]> {
  const paths = (await Promise.all(named.map(filesIn))).flat();
  if (paths.length === 0) throw new CommandFailure(`There is no report in ${named.map(shownPath).join(', ')}.`, 2, 'Make one: npx grade --json > report.json');
  if (paths.length > mostFiles) throw new CommandFailure(`There are ${paths.length} files; ${mostFiles} at most are put together.`, 2);
  const files: ReportFile[] = [];
  for (const path of paths) files.push(await read(path));
  return files;
}

export function notOfThisCourse(problem: string): CommandFailure {
  return new CommandFailure(problem, 2, 'Grade what it is of again: reports are made by npx grade --json, with the same version of the course.');
}

async function filesIn(path: string): Promise<string[]> {
  const entry = await stat(path).catch(() => null);
  if (!entry) throw new CommandFailure(`There is no file or folder ${shownPath(path)}.`, 2);
  if (!entry.isDirectory()) return [path];
  return (await readdir(path)).filter((name) => name.endsWith('.json')).sort().map((name) => join(path, name));
}

/** A report may come from an unpacked archive: no link is followed, no pipe waited for, nothing read beyond the limit. */
async function read(path: string): Promise<ReportFile> {
  const name = shownPath(path);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (!file) throw new CommandFailure(`${name} cannot be read, or is a link.`, 2);
  try {
    const entry = await file.stat();
    if (!entry.isFile()) throw new CommandFailure(`${name} is not a regular file.`, 2);
    if (entry.size > mostReportBytes) throw new CommandFailure(`${name} is too large: ${entry.size} bytes, and a report has at most ${mostReportBytes}.`, 2);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(entry.size), 0, entry.size, 0);
    return { name, bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}
