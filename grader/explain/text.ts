/** Explains whatever was pasted: it finds out by itself which tool wrote it, and says so if it is none that it knows. */
import { explainBare, explainClang, firstError, isClangOutput } from './clang.ts';
import { headlineOf } from './headline.ts';
import { takeReport } from './kernel-report.ts';
import { explainLoad, saysFailure } from './load.ts';
import { explainLoader, explainMachine, linesThatMatter } from './loader.ts';
import { cleanPaste } from './paste.ts';
import { type Explanation, type Match, matchRule, namesOf } from './rule.ts';
import { verifierRules } from './rules/verifier/index.ts';
import type { Sources } from './source.ts';
import { findVerifierLogs, parseVerifierLog } from './verifier-log.ts';

export interface Explained {
  /** Who wrote it; null if it is nobody we know. libbpf stands for bpftool and other loaders too. */
  tool: 'verifier' | 'libbpf' | 'clang' | null;
  /** A rule of ours, or the kernel's own report, says what is wrong. */
  recognised: boolean;
  explanation: Explanation;
  /** How many failures follow the one that is explained. */
  more: number;
  /** The tool's own words about this failure, without what surrounds them. */
  log: string;
}

export function explainText(text: string, sources: Sources): Explained {
  const output = cleanPaste(text);
  const explained = explainOutput(output, sources);
  if (explained.recognised) return explained;
  const whole = unwrapped(output);
  const again = whole === null ? explained : explainOutput(whole, sources);
  return again.recognised ? again : explained;
}

/** Lines that all end at one width were broken there by a terminal: what follows belongs to them. Null if none were. */
function unwrapped(output: string): string | null {
  const lines = output.split('\n');
  if (lines.length > mostWrapped) return null;
  const width = Math.max(...lines.map((line) => line.length));
  if (width < narrowest || width > 400) return null;
  return lines.reduce((text, line, i) => text + (i > 0 && lines[i - 1]!.length < width ? '\n' : '') + line, '');
}

// A terminal is as wide as this, and nobody pastes much that is broken so.
const narrowest = 79;
const mostWrapped = 300;

function explainOutput(output: string, sources: Sources): Explained {
  // What is missing on the machine stops every tool, and each says something else of it.
  const lines = linesThatMatter(output);
  const machine = explainMachine(lines);
  if (machine)
    return explained(
      'libbpf',
      { text: machine.text, actual: machine.line, help: machine.help, ...namesOf(machine) },
      aroundOf(output, machine.line),
    );
  if (isClangOutput(output)) return explained('clang', explainClang(output, sources), firstError(output));
  const logs = findVerifierLogs(output);
  const failed = logs.filter(({ log }) => saysFailure(parseVerifierLog(log), log, output));
  const cause = failed.find(({ program }) => !isTrial(program)) ?? failed[0];
  if (cause)
    return {
      ...explained('verifier', explainLoad({ ...cause, libbpf: output }, sources), withoutReport(cause.log)),
      more: failed.filter((one) => one !== cause && !isTrial(one.program)).length,
    };
  const headline = headlineOf(output);
  if (headline && matchRule(verifierRules, headline, { log: output }))
    return explained('verifier', explainLoad({ log: headline, libbpf: output }, sources), output);
  const fragment = parseVerifierLog(output);
  const said = fragment.report ? null : matchRule(verifierRules, fragment.messages.join('\n'), { log: output });
  if (fragment.report || (said && isVerifiers(output, said))) {
    return explained('verifier', explainLoad({ log: output }, sources), withoutReport(output));
  }
  return explainOthers(output, lines, logs, sources);
}

/**
 * The verifier’s messages are plain English, and Python or the kernel’s log have sentences like them: without a word of BPF around it, a message must
 * be all that was pasted.
 */
function isVerifiers(output: string, { line, found }: Match): boolean {
  const lines = output.split('\n').filter((one) => one.trim() !== '');
  return (
    /\bR\d{1,2}\b|bpf|BPF|\binsn|\bopcode\b|[Ff]ailed to load program|Prog section|verifier|kfunc|dynptr|CO-RE|xdp|XDP|from stack off|var_off|map_value\b/.test(
      output,
    ) ||
    (lines.length <= 2 && line.startsWith(found))
  );
}

/** Neither the compiler nor the verifier says what is wrong: then it is the loader, or nobody we know. */
function explainOthers(
  output: string,
  lines: readonly string[],
  logs: readonly { log: string }[],
  sources: Sources,
): Explained {
  const { match, failures } = explainLoader(lines);
  // Of the loader's lines alone, for prose around them is nobody's message.
  const said = lines.filter(
    (line) => /^(?:libbpf|libxdp|Error): /.test(line) || failures.some((one) => one.line === line),
  );
  const own = match && !said.some((line) => line.trim() === match.line) ? [match.line, ...said] : said;
  const log = own.slice(0, 1000).join('\n');
  const cutOff =
    logs.some(({ log: one }) => /^\s*\d+: \([0-9a-f]{2}\) /m.test(one)) && !/processed \d+ insns/.test(output);
  // A wrapper hands the verifier’s last words on: then it is not that there is no log.
  const words = headlineOf(output);
  if (words !== null && match?.rule.withoutLog) return explained('verifier', fromHeadline(words), output);
  if (match && !(cutOff && match.rule.withoutLog))
    return explained(
      'libbpf',
      withEnd(
        explainLoad({ libbpf: lines.filter((line) => !fence.test(line)).join('\n') }, sources),
        successAfter(lines, match.line),
      ),
      log,
    );
  if (logs.length > 0) return explained('verifier', withoutFailure(output), output);
  if (failures.length > 0 || /^libbpf: /m.test(log)) {
    const others = lines.filter((line) => failing.test(line) && !said.includes(line));
    if (failures.length === 0 && others.length > 0)
      return explained(
        'libbpf',
        { ...notExplained, actual: others.slice(0, 4).join('\n') },
        [...said, ...others].join('\n'),
      );
    return explained('libbpf', explainLoad({ libbpf: log }, sources), log);
  }
  const bare = explainBare(output);
  return bare ? explained('clang', bare, output) : explained(null, nothingKnown, output);
}

function fromHeadline(words: string): Explanation {
  const cut =
    /\(truncated,? ?$/.test(words) || /\bregs=|^(?:\d+: )?\([0-9a-f]{2}\) |\bR\d+(?:_\w+)?=\S+ R\d/.test(words);
  return {
    text: cut
      ? 'The verifier refuses the program, and the library that loads it has cut the reason off: what is printed is from the middle of the log.'
      : 'The verifier refuses the program. Hookpoint has no explanation of its own for what it says.',
    actual: words,
    help: 'The reason is the last line of the whole log: fmt.Printf("%+v", err) with *ebpf.VerifierError, a larger ProgramOptions{LogSizeStart: …}; or bpftool -d prog load FILE.o /sys/fs/bpf/x.',
    lesson: 'vm/reading-a-verifier-log',
  };
}

/** A line below what failed in which a tool says that it runs, and below which nothing else fails. */
function successAfter(lines: readonly string[], failed: string): string | undefined {
  const at = lines.findIndex((line) => line.includes(failed));
  const below = at < 0 ? [] : lines.slice(at + 1);
  const last = below.findLastIndex((line) => /\b(?:err(?:or)?|fail(?:ed|ure)?|fatal|cannot|panic\w*)\b/i.test(line));
  return below.slice(last + 1).find((line) => succeeded.test(line));
}

const succeeded =
  /\bsuccessfully (?:load|attach|start)\w*|\b(?:loaded|attached|started) (?:with success|successfully)|\bstarted\b.{0,60}\b(?:in \d|on interface)|^Loaded XDP program\b/i;

function withEnd(explanation: Explanation, success: string | undefined): Explanation {
  if (success === undefined) return explanation;
  const said = success.trim().slice(0, 160);
  return {
    ...explanation,
    text: `${explanation.text} Further down it says “${said}”: if the tool runs, it found a way around this.`,
  };
}

const failing = /\b(?:error|fail(?:ed|ure)?|fatal|cannot|can't|couldn't|could not|unable|panicked)\b/i;

/** Around a log that says nothing against the program: its lines are not among those that matter, so what follows is not in it. */
const fence = /-- (?:BEGIN|END) PROG LOAD LOG --/;

/** Programs by which loaders and libraries find out what a kernel can do; that one is refused is an answer, not a failure. */
function isTrial(program: string | undefined): boolean {
  return program !== undefined && /^(?:probe_|libbpf_|det_arg|feature_|test_probe)/.test(program);
}

/** What the kernel explains itself is told in the explanation; the log is what led there. */
function withoutReport(log: string): string {
  return takeReport(log.split('\n'))?.rest.join('\n') ?? log;
}

/** The line with some of those around it. */
function aroundOf(output: string, line: string): string {
  const lines = output.split('\n');
  const at = lines.findIndex((one) => one.includes(line));
  return lines.slice(Math.max(0, at - 10), Math.max(0, at) + 10).join('\n');
}

function withoutFailure(output: string): Explanation {
  const counted = /processed (\d+) insns/.exec(output);
  if (counted) {
    return {
      text: `This log says nothing that is wrong: the verifier looked at ${counted[1]} instructions and has nothing to say against them.`,
      help: 'If the program does not load all the same, what the loader says below the log is the cause.',
      lesson: 'vm/reading-a-verifier-log',
    };
  }
  return {
    text: 'This is a part of a verifier’s log, but not the part that says what is wrong.',
    help: 'The message comes after the last instruction, above the line that begins with “processed”. Paste that too.',
    lesson: 'vm/reading-a-verifier-log',
  };
}

const notExplained: Explanation = {
  text: 'Hookpoint has no explanation of its own for what the tool says here. What libbpf says in the same text is not an error.',
  help: 'Look the words up in the tool’s own issues. Paste all that it printed, with the lines above.',
};

const nothingKnown: Explanation = {
  text: 'Hookpoint does not know this message, so it does not guess.',
  help: 'It knows what the kernel’s verifier, libbpf, bpftool, clang and common loaders say. Paste the whole of what the tool wrote, with the lines above and below the error.',
};

function explained(tool: Explained['tool'], explanation: Explanation, log: string): Explained {
  const recognised = explanation.rule !== undefined || explanation.report !== undefined;
  return { tool, recognised, explanation, more: 0, log };
}
