/** A script that ended before it was ready, in words. Pure. */
import type { RunResult } from '../../machine/machine.ts';
import { quote } from '../checks/expect.ts';
import type { CheckFailureDetail } from '../../verdict/failure.ts';

type End = Pick<RunResult, 'code' | 'signal' | 'stderr' | 'timedOut' | 'outOfMemory'>;

export function explainEnd(file: string, end: End, sources: ReadonlyMap<string, string>): CheckFailureDetail {
  const said = end.stderr.split('\n').filter((line) => line.trim() !== '');
  const how = end.outOfMemory
    ? 'needed more memory than 512 MiB'
    : end.timedOut
      ? 'took too long'
      : end.signal
        ? `was ended by signal ${end.signal}`
        : `ended with code ${end.code}`;
  const where = locate(file, said);
  const source = where ? sources.get(file)?.split('\n')[where.line - 1] : undefined;
  return {
    text: `${file} ${how} before it had attached a BPF program.`,
    expected: 'A script that attaches its program, and then runs until Ctrl-C.',
    actual: quote(reason(said) ?? 'It said nothing.', 500).slice(1, -1),
    help: "The tool's own words say what it does not understand; the first of its errors is the one to read.",
    ...(where &&
      source !== undefined && {
        location: {
          file,
          line: where.line,
          ...(where.column && { column: where.column }),
          source: source.slice(0, 1000),
        },
      }),
    ...(said.length > 0 && { wholeLog: end.stderr }),
  };
}

/** bpftrace and clang say 'error' somewhere in their first complaint; Python's reason is the last line of a traceback. */
function reason(said: readonly string[]): string | undefined {
  const clang = said.find((line) => / error: /.test(line));
  const python = said.some((line) => line.startsWith('Traceback ')) ? said.at(-1) : undefined;
  return clang ?? said.find((line) => /\bERROR\b/.test(line)) ?? python ?? said.at(-1);
}

/** `read.bt:2:17-20: ERROR: …`, or the last `File "/submission/hello.py", line 9` of a traceback. */
function locate(file: string, said: readonly string[]): { line: number; column?: number } | null {
  for (const line of said) {
    const found = /^([^:\s]+):(\d{1,6}):(\d{1,6})-\d+: ERROR: /.exec(line);
    if (found?.[1] === file && Number(found[2]) > 0)
      return { line: Number(found[2]), ...(Number(found[3]) > 0 && { column: Number(found[3]) }) };
  }
  const frames = said
    .map((line) => /^ *File "\/submission\/([^"]+)", line (\d{1,6})/.exec(line))
    .filter((found) => found?.[1] === file);
  const line = Number(frames.at(-1)?.[2] ?? 0);
  return line > 0 ? { line } : null;
}
