/** Explains why clang refused a program: its first error, at the learner's own line. */
import type { Location } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { type Explanation, matchRule, namesOf } from './rule.ts';
import { bccToolRules } from './rules/clang-build.ts';
import { compilerRules } from './rules/clang-language.ts';
import { clangRules } from './rules/clang.ts';
import { type Sources, fileName, locate } from './source.ts';

interface Diagnostic {
  path: string;
  line: number;
  column: number;
  message: string;
  /** The line, as clang shows it below the message. */
  source: string | undefined;
  /** The error with what belongs to it: where it was included from, and the notes below it. */
  context: string;
  /** 'In file included from': file and line, outermost first. */
  includedFrom: { path: string; line: number }[];
}

const anyError =
  /^[^:]{1,300}\.(?:c|h|cc|cpp|hpp):\d+:\d+: (?:fatal )?error: |^(?:fatal )?error: '?[\w./+-]{1,200}\.h'?(?: file not found|: No such file)|^error: [^:\s]{1,300}\.(?:c|h):\d+:\d+: in function |^(?:fatal )?error: (?:error in backend: |<unknown>:0:0: |unable to create target|unknown target (?:triple|CPU) )|^\s*ERROR llvm: |Branch target out of insn range|^error: '(?:const )?struct bpf_\w{1,40}' has no member|undefined reference to [`'](?:bpf['`]|feat_supported|test_attr_|bpf|btf|perf_buffer|ring_buffer|libbpf|elf|gelf|xdp|xsk)(?:_|\b)/;
// bcc says with clang's voice that the kernel refused a map.
const notOfClang = /error: could not open bpf map/;

/** What the driver says of its options before it compiles: all errors below follow from it. */
const driverError =
  /^(?:\S{0,80}(?:clang|gcc|g\+\+|cc|llc)\S{0,20}: )?(?:fatal )?error: (?:unknown argument|unsupported (?:option|argument)|unrecognized (?:command|option)|invalid value|unable to create target|unknown target)/;

// Notes, each with a line of source and a caret.
const mostNotes = 16;

/** In what a build prints clang is known by a place in C text, or by its back end. */
export function isClangOutput(output: string): boolean {
  const first = output.split('\n').find((line) => anyError.test(line));
  return first !== undefined && !notOfClang.test(first);
}

/** The first error of `output` as clang wrote it. */
export function firstError(output: string): string {
  const lines = output.split('\n');
  const start = lines.findIndex((line) => anyError.test(line));
  const length = lines.slice(start + 1).findIndex((line) => /:\d+:\d+: |^In file included| generated\.$/.test(line));
  return lines.slice(Math.max(0, start), length < 0 ? undefined : start + 1 + length).join('\n');
}

export function explainClang(stderr: string, sources: Sources): Explanation {
  const output = plain(stderr);
  const errors = parseErrors(output);
  const first = errors[0];
  if (!first) return explainCrash(output);
  const driver = beforeErrors(output).find((line) => driverError.test(line));
  const refused = driver && matchRule([...compilerRules, ...clangRules], driver, { anywhere: true });
  if (refused) return { text: refused.text, actual: refused.line, help: refused.help, ...namesOf(refused) };
  const match =
    matchRule(bccToolRules, first.message, { log: output.slice(0, 100_000), anywhere: true }) ??
    matchRule(clangRules, first.message, { log: first.context, anywhere: true });
  const location = locateIn(sources, first);
  return {
    text: match?.text ?? `clang cannot compile this: ${first.message}.`,
    actual:
      errors.length > 1
        ? `${first.message}\n(the first of ${errors.length} errors; the others often follow from it)`
        : first.message,
    help:
      match?.help ??
      'Hookpoint has no words of its own for this error. clang’s own are in the log, with the line they are about.',
    ...namesOf(match),
    ...(location && { location }),
  };
}

/** The lines above the first error that has a place. */
function beforeErrors(output: string): string[] {
  const lines = output.split('\n');
  const first = lines.findIndex((line) => /:\d+:\d+: (?:fatal )?error: /.test(line));
  return lines.slice(0, Math.max(0, first));
}

/** A compiler’s error that was pasted without its place; null if there is none that we know. */
export function explainBare(output: string): Explanation | null {
  // Every C program can have such errors.
  if (!/bpf|BPF|vmlinux|__TARGET_ARCH|xdp_|XDP|PT_REGS|\bSEC\(|'__[a-z]{1,4}\d{1,2}'|for constraint '/.test(output))
    return null;
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.flatMap((line) => /(?:^|[\s`"'(])(?:fatal )?error:? ["'`]?(\S.{0,500})/.exec(line)?.[1] ?? []);
  const words = errors.length === 0 && lines.length <= 2 ? lines : errors.slice(0, 100);
  const match = words.length === 0 ? null : matchRule(clangRules, words.join('\n'), { log: output });
  return match ? { text: match.text, actual: match.line, help: match.help, ...namesOf(match) } : null;
}

/** The errors, without the warnings and notes around them, and each once. */
function parseErrors(output: string): Diagnostic[] {
  const errors: Diagnostic[] = [];
  const seen = new Set<string>();
  let includedFrom: Diagnostic['includedFrom'] = [];
  const lines = output.split('\n');
  for (const [i, text] of lines.entries()) {
    const included = /^In file included from (.+?):(\d+):$/.exec(text);
    if (included) {
      includedFrom.push({ path: included[1]!, line: Number(included[2]) });
      continue;
    }
    // llc, which compiles in a second step, puts the place behind the word
    const found =
      /^(.+?):(\d+):(\d+): (?:fatal )?error: (.*)$/.exec(text) ??
      /^error: ([^:\s]+):(\d+):(\d+): (in function .*)$/.exec(text);
    if (found) {
      const [, path = '', line, column, message = ''] = found;
      const source = shownSource(lines[i + 1] ?? '', lines[i + 2] ?? '', Number(column));
      const key = JSON.stringify([path, line, message]);
      if (!seen.has(key)) {
        const chain = includedFrom.map((include) => `In file included from ${include.path}:${include.line}:`);
        // Only the first is explained.
        const context = errors.length > 0 ? '' : [...chain, ...lines.slice(i, i + mostNotes)].join('\n');
        errors.push({ path, line: Number(line), column: Number(column), message, source, context, includedFrom });
      }
      seen.add(key);
    }
    includedFrom = [];
  }
  return errors;
}

/** The line with its caret below; newer versions have a margin with its number. Its tabs were made 8 spaces: they are put back. */
function shownSource(line: string, caretLine: string, column: number): string | undefined {
  const margin = /^ *\d+ \| /.exec(line)?.[0].length ?? 0;
  const caret = caretLine.indexOf('^') - margin;
  const tabs = (caret - (column - 1)) / 7;
  if (caret < 0 || tabs < 0 || !Number.isInteger(tabs)) return undefined;
  return line.slice(margin).replace(new RegExp(`^(?: {8}){${Math.min(tabs, 100)}}`), '\t'.repeat(tabs));
}

/** In a header, the learner's own line is the #include that led there. */
function locateIn(sources: Sources, { path, line, column, source, includedFrom }: Diagnostic): Location | null {
  // Without any file, what clang itself shows.
  if (sources.size === 0)
    return line < 1
      ? null
      : { file: fileName(path), line, ...(column > 0 && { column }), ...(source !== undefined && { source }) };
  const own = locate(sources, path, line, column);
  if (own) return own;
  return (
    includedFrom.map((include) => locate(sources, include.path, include.line)).find((found) => found !== null) ?? null
  );
}

/** The back end's and the linker's errors have no place: 'fatal error: error in backend: …' or 'error: …'. */
function explainCrash(output: string): Explanation {
  const lines = output.split('\n');
  const errors = lines
    .filter((text) => /(?:^|\s)error: |^\s*ERROR llvm: |undefined reference|Branch target out of/i.test(text))
    .slice(0, 100);
  const line = errors[0] ?? lines[0] ?? '';
  const match = matchRule(clangRules, (errors.length > 0 ? errors : lines.slice(0, 100)).join('\n'), {
    anywhere: true,
  });
  return {
    text: match?.text ?? 'clang cannot compile this, and says no line.',
    actual: (match?.line ?? line).trim() || 'clang said nothing',
    help: match?.help ?? 'Hookpoint has no words of its own for this error; clang’s own are in the log.',
    ...namesOf(match),
  };
}
