/** Reads a report that somebody hands us: a hostile file, until it obeys the schema. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { complaints } from '../course/schema.ts';
import { wholeReportSchema } from '../report/json.ts';
import type { Report } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { CommandFailure } from './command-failure.ts';

/** It must be read in one piece. */
const maxBytes = 64 * 1024 * 1024;
const mostComplaints = 5;

/** A `.json` of `--report` or `--json`. Throws CommandFailure with the file and the field that is wrong. */
export async function readReport(file: string): Promise<Report> {
  const shown = plainLine(file, 300);
  const refuse = (text: string, remedy = 'Make one with: npx grade --report results.json') =>
    new CommandFailure(`${shown}: ${text}`, 2, remedy);
  const bytes = await readBytes(file, refuse);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw refuse(`is not JSON: ${plainLine(error instanceof Error ? error.message : String(error), 200)}`);
  }
  const parsed = wholeReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const all = complaints(parsed.error).map((complaint) => plainLine(complaint, 200));
  const rest = all.length > mostComplaints ? [`and ${all.length - mostComplaints} more`] : [];
  throw refuse(['is not a report of this grader.', ...all.slice(0, mostComplaints), ...rest].join('\n  '));
}

const openProblems: Record<string, string> = {
  ENOENT: 'there is no such file.',
  ELOOP: 'is a link, and links are not followed.',
};

async function readBytes(file: string, refuse: (text: string, remedy?: string) => CommandFailure): Promise<Uint8Array> {
  // Nobody waits for what a named pipe might bring.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => error,
  );
  if (handle instanceof Error) throw refuse(openProblems[handle.code ?? ''] ?? `cannot be read: ${handle.message}`);
  try {
    const entry = await handle.stat();
    if (!entry.isFile()) throw refuse('is not a file.');
    if (entry.size > maxBytes)
      throw refuse(
        `has ${entry.size} bytes, and at most ${maxBytes} are read.`,
        'A results file has no such limit: npx grade --report results.jsonl',
      );
    // No more than its size: what grows while we read is cut.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(entry.size), 0, entry.size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
