/** The report for programs. It obeys the schema, or nothing is printed. */
import { z } from 'zod';
import { exitCode } from '../verdict/outcome.ts';
import { type Report, reportSchema, type Result, resultSchema } from '../verdict/result.ts';

/** A report of any number of results: a limit would throw away, at the end, what has been graded. */
export const wholeReportSchema = reportSchema.extend({ results: z.array(resultSchema) });

export function makeReport(results: readonly Result[]): Report {
  return { format: 'hookpoint-report', version: 1, exitCode: exitCode(results), results: [...results] };
}

/** One JSON document with its newline. Throws if the report is not one. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(wholeReportSchema.parse(report), null, 2)}\n`;
}
