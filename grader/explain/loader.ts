/** Explains what loaders say around the verifier: by what is missing on the machine, by their sentences, else by operation and error. */
import { type Failure, findFailures } from './failures.ts';
import { type Match, matchCause, matchRule } from './rule.ts';
import { causes, fallbackCauses } from './rules/causes/index.ts';
import { lastRules, machineRules, sentenceRules, warningRules } from './rules/loader/index.ts';

export interface LoaderReport {
  match: Match | null;
  failures: readonly Failure[];
}

// A tool that says thousands of things says the cause among its first or its last; longer lines no tool writes.
const mostLines = 600;
const longestLine = 600;

// Of a short text every line may say it; it is long ones that are mostly something else.
const short = 400;

/** Everything that a sentence of a rule can begin with is near one of these; most lines of a log are not. */
const mayMatter =
  /libbpf|libxdp|BPF|bpf|BTF|rror|ERR|fail|Fail|annot|can't|Can't|ould ?n|nable|denied|permitted|invalid|nvalid|not (?:found|supported|traceable|enabled|detected|available|mounted)|missing|unsupported|Unsupported|kernel|Kernel|lockdown|Lockdown|MTU|XDP|ELF|tracefs|debugfs|headers|kheaders|chdir|root|RLIMIT|RTNETLINK|maps? |relo|symbol|probe|qdisc|errno|os error|WARNING|Caused by|event|exist|link|attach|pin |busy|avc: |rejected|xsk|[Ll]og buffer|不|错|address|differs|pinned|rogram |BEGIN_trigger|pahole|FAILED|kallsyms|perf events|observability|garbage|fetching|Falling back|hook |[Nn]o module|[Nn]o such|[Nn]o compiler|executable file|command not|bpf-linker|`core`|setrlimit|No rule|no attribute|sched_ext|EXIT: |OBJECT := |shared mount|trace_pipe|undefined symbol|ImportError/;

/** `known`: a failure that the caller saw itself, as the grader's own loader does. */
export function explainLoader(lines: readonly string[], known?: Failure): LoaderReport {
  const report = explainLines(lines, known);
  if (!report.match?.rule.harmless) return report;
  // What a tool found a way around is over; what fails after that has a cause of its own.
  const { line } = report.match;
  const below = explainLines(lines.slice(lines.findIndex((one) => one.trim() === line) + 1));
  return below.match && !below.match.rule.harmless ? below : report;
}

function explainLines(lines: readonly string[], known?: Failure): LoaderReport {
  const message = lines.join('\n');
  const failures = findFailures(lines);
  if (known) failures.push(known);
  // What libbpf tries before anything else: if that fails, so does all that other tools say of it.
  failures.sort((a, b) => rankOf(a) - rankOf(b));
  const specific = failures.filter(({ general }) => !general);
  const sentence = matchRule(sentenceRules, message, { log: message, byLine: true });
  const match =
    (sentence?.rule.passing && matchCause(causes, specific.filter(isNoMatterOfRights), message)) ??
    sentence ??
    matchCause(causes, specific, message) ??
    matchRule(warningRules, message, { log: message }) ??
    matchCause(
      causes,
      failures.filter(({ general }) => general),
      message,
    ) ??
    // Where the tool names no error, its own words say more than what is true of all failures.
    matchCause(
      fallbackCauses,
      failures.filter(({ errno }) => errno !== null),
      message,
    ) ??
    matchRule(lastRules, message, { log: message });
  return { match, failures };
}

/** EACCES is the verifier’s word where a program is loaded. */
function isNoMatterOfRights({ operation, errno }: Failure): boolean {
  return errno !== null && errno !== 'EPERM' && (errno !== 'EACCES' || operation === 'program-load');
}

/** What libbpf tries before anything else, then what ended the tool, then what it found a way around. */
function rankOf({ operation, line }: Failure): number {
  if (operation === 'probe-load') return 0;
  return /fall(?:ing)? ?back|[Rr]etrying|will retry|optional|non-fatal|\bignor(?:ed|ing)\b|\bskipp(?:ed|ing)\b/.test(
    line,
  )
    ? 2
    : 1;
}

/** What is missing on the machine, whoever stumbled over it; null if the text says nothing of it. */
export function explainMachine(lines: readonly string[]): Match | null {
  const message = lines.join('\n');
  return matchRule(machineRules, message, { log: message, anywhere: true });
}

/** The lines that may say that something went wrong, each once; of very many the first and the last. */
export function linesThatMatter(output: string): string[] {
  const all = output.split('\n');
  if (all.length <= short) return [...new Set(all.filter(isWord).map((line) => line.slice(0, longestLine)))];
  const first = new Set<string>();
  let next = 0;
  for (; next < all.length && first.size < mostLines; next += 1) addIfMatters(first, all[next]!);
  const last = new Set<string>();
  for (let i = all.length - 1; i >= next && last.size < mostLines; i -= 1) addIfMatters(last, all[i]!);
  return [...first, ...[...last].reverse().filter((line) => !first.has(line))];
}

/** What the verifier writes for each instruction says nothing of a loader. */
function isWord(line: string): boolean {
  return line.trim() !== '' && !/^\s*(?:\d{1,7}: \([0-9a-f]{2}\) |;|R\d|\[\d+\] [A-Z_]+ )/.test(line);
}

function addIfMatters(lines: Set<string>, line: string): void {
  const short = line.slice(0, longestLine);
  if (mayMatter.test(short)) lines.add(short);
}
