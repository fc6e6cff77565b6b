/** The report for programs. It obeys the schema, or nothing is printed. */
import { type Report, type Result, reportSchema } from '../verdict/result.ts';
import { exitCode } from '../verdict/outcome.ts';

export function makeReport(results: readonly Result[]): Report {
  return { format: 'hookpoint-report', version: 1, exitCode: exitCode(results), results: [...results] };
}

/** One JSON document with its newline. Throws if the report is not one. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(reportSchema.parse(report), null, 2)}\n`;
}
