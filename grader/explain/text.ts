/** Explains whatever was pasted: it finds out by itself which tool wrote it, and says so if it is none that it knows. */
import { explainClang, firstError, isClangOutput } from './clang.ts';
import { takeReport } from './kernel-report.ts';
import { explainLoad } from './load.ts';
import { cleanPaste } from './paste.ts';
import { type Explanation, matchRule } from './rule.ts';
import { libbpfRules } from './rules/libbpf.ts';
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
  if (isClangOutput(output)) return explained('clang', explainClang(output, sources), firstError(output));
  const logs = findVerifierLogs(output);
  const failed = logs.filter(({ log }) => hasFailed(log));
  const [first] = failed;
  if (first) return { ...explained('verifier', explainLoad({ ...first, libbpf: output }, sources), withoutReport(first.log)), more: failed.length - 1 };
  const fragment = parseVerifierLog(output);
  if (fragment.report || matchRule(verifierRules, fragment.messages.join('\n'), { log: output })) {
    return explained('verifier', explainLoad({ log: output }, sources), withoutReport(output));
  }
  // Of libbpf's lines alone, for prose around them is nobody's message.
  const libbpf = linesOfLoaders(output);
  const loading = explainLoad({ libbpf }, sources);
  if (loading.rule !== undefined) return explained('libbpf', loading, libbpf);
  if (logs.length > 0) return explained('verifier', withoutFailure(output), output);
  if (/^libbpf: /m.test(libbpf)) return explained('libbpf', loading, libbpf);
  return explained(null, nothingKnown, output);
}

/** Messages of libbpf may be pasted without its name in front; nobody pastes so many lines of them. */
function linesOfLoaders(output: string): string {
  return output
    .split('\n')
    .filter((line, i) => /^(?:libbpf: |Error: )/.test(line) || (i < 10_000 && matchRule(libbpfRules, line) !== null))
    .slice(0, 1000)
    .join('\n');
}

function hasFailed(log: string): boolean {
  const { messages, report } = parseVerifierLog(log);
  return messages.length > 0 || report !== null;
}

/** What the kernel explains itself is told in the explanation; the log is what led there. */
function withoutReport(log: string): string {
  return takeReport(log.split('\n'))?.rest.join('\n') ?? log;
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

const nothingKnown: Explanation = {
  text: 'This is no message that Hookpoint knows, so it does not guess.',
  help: 'It knows what the kernel’s verifier, libbpf, bpftool and clang say. Paste the whole of what the tool wrote, with the lines above and below the error.',
};

function explained(tool: Explained['tool'], explanation: Explanation, log: string): Explained {
  const recognised = explanation.rule !== undefined || explanation.report !== undefined;
  return { tool, recognised, explanation, more: 0, log };
}
