/** Explains why a program was not loaded: by the verifier's log, else by what libbpf said, else by the error number. */
import { getSystemErrorName } from 'node:util';
import type { Location } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { type Explanation, type Match, matchRule } from './rule.ts';
import { errnoRules, libbpfRules } from './rules/libbpf.ts';
import { verifierRules } from './rules/verifier.ts';
import { type Sources, locate, locateFunction, locateLine, locateText } from './source.ts';
import { type Place, type VerifierLog, extractVerifierLog, parseVerifierLog } from './verifier-log.ts';

export interface LoadFailure {
  /** The verifier's log; empty or absent if there is none, or if it is inside `libbpf`. */
  log?: string;
  /** What libbpf (or bpftool) printed. */
  libbpf?: string;
  /** With or without its minus sign. */
  errno?: number;
  /** Name of the program that was being loaded. */
  program?: string;
}

export function explainLoad(failure: LoadFailure, sources: Sources): Explanation {
  const libbpf = plain(failure.libbpf ?? '');
  const log = plain(failure.log ?? '').trim() === '' ? extractVerifierLog(libbpf) : plain(failure.log ?? '');
  const program = failure.program ?? /^libbpf: prog '(\w+)': /m.exec(libbpf)?.[1];
  if (log !== null) {
    const parsed = parseVerifierLog(log);
    if (parsed.messages.length > 0 || parsed.own) return explainVerifier(parsed, log, program, sources);
  }
  const match = matchRule(libbpfRules, libbpf) ?? matchErrno(failure.errno);
  if (match) return fromRule(match, placeOf(match, program, sources));
  return unknown(libbpf, failure.errno, program && locateFunction(sources, program));
}

function explainVerifier({ messages, own, place }: VerifierLog, log: string, program: string | undefined, sources: Sources): Explanation {
  const match = matchRule(verifierRules, messages.join('\n'), log);
  const location = (place && toLocation(place, sources)) ?? (program ? locateFunction(sources, program) : null);
  const actual = match?.line ?? messages.slice(-8).join('\n');
  if (own) {
    // The kernel knows its own mind: its words first, then how that is written in C.
    const help = [own.suggestion, match?.help].filter(Boolean).join('\n');
    return { text: `${own.problem}. ${own.reason}`, actual, ...(help && { help }), ...(location && { location }) };
  }
  if (match) return { ...fromRule(match, location), actual };
  return {
    text: 'The verifier refuses the program. Hookpoint has no explanation of its own for what it says.',
    actual,
    help: 'Read the log from its end upwards: before the message stand the instruction, the registers and the line of your source.',
    ...(location && { location }),
  };
}

function fromRule({ text, help, line }: Match, location: Location | null): Explanation {
  return { text, actual: line, help, ...(location && { location }) };
}

function matchErrno(errno: number | undefined): Match | null {
  if (errno === undefined || errno === 0) return null;
  const match = matchRule(errnoRules, String(Math.abs(errno)));
  return match && { ...match, line: errorName(errno) };
}

function unknown(libbpf: string, errno: number | undefined, location: Location | null | undefined | ''): Explanation {
  const lines = libbpf.split('\n').filter((line) => /^libbpf: (?!-- )|^Error: /.test(line));
  const said = lines.slice(-8).join('\n') || (errno ? errorName(errno) : 'nothing');
  return {
    text: 'The program was not loaded. Hookpoint has no explanation of its own for what libbpf says.',
    actual: said,
    help: 'The first line that libbpf wrote is mostly the cause; those after it follow from it.',
    ...(location && { location }),
  };
}

function placeOf(match: Match, program: string | undefined, sources: Sources): Location | null {
  return (match.find ? locateText(sources, match.find) : null) ?? (program ? locateFunction(sources, program) : null);
}

function toLocation(place: Place, sources: Sources): Location | null {
  return 'text' in place ? locateLine(sources, place.text) : locate(sources, place.path, place.line, place.column);
}

function errorName(errno: number): string {
  try {
    return getSystemErrorName(-Math.abs(errno));
  } catch {
    return `error ${Math.abs(errno)}`;
  }
}
