/** Finds what failed in what a loader printed: which operation, on what, with which error. */
import { failureOfClauses } from './clauses.ts';
import { errorIn } from './errno.ts';
import { type Operation, type Wording, notPermitted, wordings } from './operations.ts';

export interface Failure {
  operation: Operation;
  /** What it was tried with: a map, a program, a function, an interface; empty if nothing says it. */
  name: string;
  /** 'EPERM'; null if the text names no error. */
  errno: string | null;
  /** The line that says it. */
  line: string;
  /** Read from a sentence in the tool’s own words: what is known of a tool’s wording goes first. */
  general?: true;
}

// In a long text, a sentence of any tool has one of these; it spares the others a hundred expressions.
const few = 400;
const mayFail =
  /[Ff]ail|FAIL|rror|annot |can't|ould ?n[o']t|nable|[Oo]pening |[Ll]oading |[Cc]reating |No such |no such |returned|rejected|answers|traceable|missing|trace event|map create|load program|create link|create (?:tracing|raw)|mkdir|busy|error loading|open\(|pin (?:map|prog|link)|retrieve|bpf_load|Errno|perf_event|create_map_xattr|ermitted|denied|too l|Attaching prog|perf_event|obj get|populating|SET_BPF|doesn't exist|blocks|too small|不|权限|没有|无|xsk|^bpf: |AF_XDP|SockaddrXDP|load BTF|StructOps|attach|kprobe_events/;

/** What tools print although they go on: they tried something that they can do without. */
const tolerated =
  /Retrying without BTF|BTF is optional, ignoring|Ignored? and continue|skipping (?:uploading|unrecognized|relo|section|all of)|failed to attach to cgroup: (?:Bad file descriptor|-EBADF)|Exclusivity flag on|assuming .{0,60}(?:not available|not supported)/;

// Errors stand at most a few lines below their sentence: 'Caused by:' of Rust's tools has a list.
const reach = 6;

/** The failures in the order of the text, but for those that a tool says it does without. */
export function findFailures(lines: readonly string[]): Failure[] {
  const failures: Failure[] = [];
  const besides = new Map<RegExp, boolean>();
  const isBeside = (words: RegExp): boolean => {
    const known = besides.get(words) ?? words.test(lines.join('\n'));
    besides.set(words, known);
    return known;
  };
  for (const [i, line] of lines.entries()) {
    if ((lines.length > few && !mayFail.test(line)) || tolerated.test(line)) continue;
    const failure = failureIn(whole(line, lines[i + 1]), isBeside);
    if (!failure) continue;
    failures.push(failure.errno ? failure : { ...failure, errno: errorBelow(lines, i) });
  }
  return failures.map(named);
}

/** perror(3)’s line, where a terminal broke it behind the colon. */
function whole(line: string, next = ''): string {
  const broken = line.endsWith(':') && next.length < 60 && /^\s*[A-Z][a-z]+(?: [a-z]+){1,6}$/.test(next);
  return broken && errorIn(next) !== null ? `${line} ${next.trim()}` : line;
}

/** Tools write the error on one line and what it was about on the next. */
function named(failure: Failure, at: number, all: readonly Failure[]): Failure {
  const next = all[at + 1];
  return failure.name === '' && next?.operation === failure.operation ? { ...failure, name: next.name } : failure;
}

function failureIn(line: string, isBeside: (words: RegExp) => boolean): Failure | null {
  for (const wording of wordings) {
    const failure = worded(wording, line);
    if (failure && (!wording.beside || isBeside(wording.beside))) return failure;
  }
  const wrapped = failureOfClauses(line);
  if (!wrapped) return worded(notPermitted, line);
  const pinned = wrapped.operation === 'pin' || wrapped.operation === 'pin-get';
  const name = (pinned && /(?:\/proc\/\w{1,10}\/root)?\/sys\/fs\/bpf[^\s'"`:,;)\]]{0,200}/.exec(line)?.[0]) || '';
  return { ...wrapped, name, line, general: true };
}

function worded({ operation, pattern, errno }: Wording, line: string): Failure | null {
  const groups = pattern.exec(line)?.groups;
  if (!groups && !(errno && pattern.test(line))) return null;
  const said = groups?.error ?? '';
  return {
    operation,
    name: groups?.name ?? '',
    errno: errno ?? errorIn(said) ?? (said ? null : errorIn(line)),
    line,
  };
}

/** Of the lines below, up to the next sentence of the tool. */
function errorBelow(lines: readonly string[], at: number): string | null {
  for (const line of lines.slice(at + 1, at + 1 + reach)) {
    const below =
      /^\s*(?:Caused by:|\d{1,2}: |[A-Z]\w+ .{0,60}\(os error \d+\)|System error, errno: |errno[:= ]|.{0,300}\(errno \d{1,3}\)\s*$)/.test(
        line,
      );
    const found = below ? errorIn(line.replace(/^\s*\d{1,2}: /, '')) : null;
    if (found) return found;
  }
  return null;
}
