/** Explains why a program was not loaded or attached: by the verifier's log, else by what the loader said, else by the error number. */
import type { Location } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { errorIn, errorName } from './errno.ts';
import type { Failure } from './failures.ts';
import { headlineOf } from './headline.ts';
import { explainLoader, linesThatMatter } from './loader.ts';
import { type Where, describeState, walk } from './registers/index.ts';
import { type Explanation, type Match, matchRule, namesOf } from './rule.ts';
import { verifierRules } from './rules/verifier/index.ts';
import { type Sources, fileName, locate, locateFunction, locateLine, locateText } from './source.ts';
import { type Place, type VerifierLog, findVerifierLogs, parseVerifierLog } from './verifier-log.ts';

// Those before are in the log.
const mostSteps = 8;

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
  const given = plain(failure.log ?? '');
  const found = given.trim() === '' ? findVerifierLogs(libbpf)[0] : { log: given };
  const program =
    failure.program ||
    (found && 'program' in found ? found.program : undefined) ||
    /^libbpf: prog '(\w+)': /m.exec(libbpf)?.[1];
  if (found) {
    const parsed = parseVerifierLog(found.log);
    if (saysFailure(parsed, found.log, given || libbpf)) return explainVerifier(parsed, found.log, program, sources);
    // Go's and Rust's libraries say the reason above the log, also where they cut it off.
    const headline = headlineOf(libbpf || given);
    if (headline)
      return explainVerifier({ ...parsed, messages: [headline], last: -1, place: null }, headline, program, sources);
  }
  return explainMessages(libbpf, failure.errno ? Math.abs(failure.errno) : 0, program, sources);
}

/**
 * Of a log without instructions, only its end is sure to be the verifier’s: what stands above may be the loader’s words. `output` is what
 * it was found in.
 */
export function saysFailure({ messages, report, last }: VerifierLog, log: string, output: string): boolean {
  if (report) return true;
  if (messages.length === 0) return false;
  const alone = output.trim() === log.trim() && errorIn(log) === null;
  return (
    last >= 0 ||
    alone ||
    /BEGIN PROG LOAD LOG/.test(output) ||
    matchRule(verifierRules, messages.join('\n'), { log }) !== null
  );
}

/** What a loader says where no verifier's log does. */
function explainMessages(libbpf: string, errno: number, program: string | undefined, sources: Sources): Explanation {
  const name = errno === 0 ? '' : errorName(errno);
  const known: Failure | undefined =
    name === '' ? undefined : { operation: 'program-load', name: program ?? '', errno: name, line: name };
  const { match, failures } = explainLoader(linesThatMatter(libbpf), known);
  if (match) return fromRule(match, placeOf(match, program, sources));
  return unknown(libbpf, failures, name, program && locateFunction(sources, program));
}

function explainVerifier(parsed: VerifierLog, log: string, program: string | undefined, sources: Sources): Explanation {
  const { lines, last, messages, report, place, subprogram } = parsed;
  // Where the paste leaves lines out, the last instruction may not be the one that was refused.
  const gap = messages.some((line) => /^\s*(?:\[?\.+\]?|\[?…\]?)\s*$/.test(line));
  const writes = !gap && last >= 0 && /^\s*\d+: \([0-9a-f]{2}\) (?:lock )?\*\(/.test(lines[last]!);
  const match = matchRule(verifierRules, messages.join('\n'), { log, writes });
  const within = subprogram ?? program;
  const location = (place && toLocation(place, sources)) ?? (within ? locateFunction(sources, within) : null);
  const actual = match?.line ?? messages.slice(-8).join('\n');
  const state = gap ? '' : stateOf(parsed, match?.line ?? '', location, sources);
  const common = { ...(actual && { actual }), ...(state && { state }), ...(location && { location }) };
  if (report) {
    // The kernel knows its own mind: its words first, then how that is written in C.
    const text = [`${report.problem}. ${report.reason}`, match?.text].filter(Boolean).join('\n');
    const help = [report.suggestion, match?.help].filter(Boolean).join('\n');
    return { text, ...common, ...(help && { help }), ...namesOf(match), report };
  }
  if (match) return { ...fromRule(match, location), ...common };
  return {
    text: 'The verifier refuses the program. Hookpoint has no explanation of its own for what it says.',
    ...common,
    help: 'Read the log from its end upwards: before the message stand the instruction, the registers and the line of your source.',
    lesson: 'vm/reading-a-verifier-log',
  };
}

/** How it came to that by the kernel's own report, then what is in the registers. */
function stateOf(
  { lines, last, messages, report, place }: VerifierLog,
  line: string,
  location: Location | null,
  sources: Sources,
): string {
  const where: Where = (origin) => {
    const at = origin.place && toLocation(origin.place, sources);
    if (!at) return `instruction ${origin.insn}`;
    return location && at.file !== location.file ? `${at.file}:${at.line}` : `line ${at.line}`;
  };
  // Without a number of the line there is nothing else to find it by.
  const quoted = !location && place && 'text' in place ? [`The line reads: ${place.text}`] : [];
  const path = (report?.path ?? [])
    .slice(-mostSteps)
    .map(
      (step) =>
        `${step.replace(/^\S+ @ \S+?:(\d+):\d+: (?:update: )?/, 'Line $1: ').replace(/^insn (\d+): (?:update: )?/, 'Instruction $1: ')}.`,
    );
  return [...quoted, ...path, ...describeState(walk(lines, last), line, messages, where)].join('\n');
}

function fromRule(match: Match, location: Location | null): Explanation {
  return { text: match.text, actual: match.line, help: match.help, ...namesOf(match), ...(location && { location }) };
}

function unknown(
  libbpf: string,
  failures: readonly Failure[],
  errno: string,
  location: Location | null | undefined | '',
): Explanation {
  const warnings = libbpf.split('\n').filter((line) => warning.test(line));
  const said = failures.map(({ line }) => line).concat(warnings);
  const lines = [...new Set(said)].slice(0, 8).join('\n');
  if (failures.length === 0 && lines === '' && libbpf.trim() !== '')
    return {
      text: 'What is here says nothing that is wrong: it is what libbpf tells of its work.',
      help: 'If something fails all the same, paste the lines below, down to the error that the program ends with.',
      ...(location && { location }),
    };
  return {
    text: `${stageOf(failures)} Hookpoint has no explanation of its own for what the loader says.`,
    actual: lines || errno || 'nothing',
    help: lines
      ? 'Its first warning or error is mostly the cause; those after it follow from it. Paste all that it printed, with the lines above.'
      : 'Let the loader print what libbpf says: libbpf_set_print() in C, RUST_LOG=debug in Rust, -v in most tools.',
    ...(location && { location }),
  };
}

/** libbpf says debugging and good news too; a line of these is neither. */
const warning =
  /^(?:libbpf|libxdp): (?!-- |.*(?:Retrying without|is optional|created successfully|skipping|found (?:program|map|type|key|value|max_entries|CO-RE)|loading object|section\(\d+\)|collecting relocation)).*|^Error: /;

function stageOf(failures: readonly Failure[]): string {
  const attaching = failures.length > 0 && failures.every(({ operation }) => operation.startsWith('attach'));
  if (attaching) return 'The program was loaded, but not attached.';
  return failures.length > 0 ? 'The program was not loaded.' : 'Something went wrong.';
}

function placeOf(match: Match, program: string | undefined, sources: Sources): Location | null {
  return (match.find ? locateText(sources, match.find) : null) ?? (program ? locateFunction(sources, program) : null);
}

/** By its number if the file is there; else by its text. Without any file, what the log itself says of it. */
function toLocation(place: Place, sources: Sources): Location | null {
  if (!('path' in place)) return locateLine(sources, place.text);
  const own = locate(sources, place.path, place.line, place.column);
  if (own) return own;
  if (sources.size > 0) return place.text === undefined ? null : locateLine(sources, place.text);
  const { path, line, column, text } = place;
  return {
    file: fileName(path),
    line,
    ...(column !== undefined && column > 0 && { column }),
    ...(text !== undefined && { source: text }),
  };
}
