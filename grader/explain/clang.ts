/** Explains why clang refused a program: its first error, at the learner's own line. */
import type { Location } from '../verdict/result.ts';
import { plain } from '../verdict/text.ts';
import { type Explanation, matchRule } from './rule.ts';
import { clangRules } from './rules/clang.ts';
import { type Sources, locate } from './source.ts';

interface Diagnostic {
  path: string;
  line: number;
  column: number;
  message: string;
  /** 'In file included from': file and line, outermost first. */
  includedFrom: { path: string; line: number }[];
}

export function explainClang(stderr: string, sources: Sources): Explanation {
  const output = plain(stderr);
  const errors = parseErrors(output);
  const first = errors[0];
  if (!first) return explainCrash(output);
  const match = matchRule(clangRules, first.message, output);
  const location = locateIn(sources, first);
  return {
    text: match?.text ?? `clang cannot compile this: ${first.message}.`,
    actual: errors.length > 1 ? `${first.message}\n(the first of ${errors.length} errors; the others often follow from it)` : first.message,
    help: match?.help ?? 'Hookpoint has no words of its own for this error. clang’s own are in the log, with the line they are about.',
    ...(location && { location }),
  };
}

/** The errors, without the warnings and notes around them, and each once. */
function parseErrors(output: string): Diagnostic[] {
  const errors: Diagnostic[] = [];
  let includedFrom: Diagnostic['includedFrom'] = [];
  for (const text of output.split('\n')) {
    const included = /^In file included from (.+?):(\d+):$/.exec(text);
    if (included) {
      includedFrom.push({ path: included[1]!, line: Number(included[2]) });
      continue;
    }
    const found = /^(.+?):(\d+):(\d+): (?:fatal )?error: (.*)$/.exec(text);
    if (found) {
      const [, path = '', line, column, message = ''] = found;
      const error = { path, line: Number(line), column: Number(column), message, includedFrom };
      if (!errors.some((other) => other.path === path && other.message === message && other.line === error.line)) errors.push(error);
    }
    includedFrom = [];
  }
  return errors;
}

/** In a header, the learner's own line is the #include that led there. */
function locateIn(sources: Sources, { path, line, column, includedFrom }: Diagnostic): Location | null {
  const own = locate(sources, path, line, column);
  if (own) return own;
  return includedFrom.map((include) => locate(sources, include.path, include.line)).find((found) => found !== null) ?? null;
}

/** The back end's errors have no place: 'fatal error: error in backend: …' or 'error: …'. */
function explainCrash(output: string): Explanation {
  const line = output.split('\n').find((text) => /(^|\s)error: /i.test(text)) ?? output.split('\n')[0] ?? '';
  const match = matchRule(clangRules, output);
  return {
    text: match?.text ?? 'clang cannot compile this, and says no line.',
    actual: (match?.line ?? line).trim() || 'clang said nothing',
    help: match?.help ?? 'Hookpoint has no words of its own for this error; clang’s own are in the log.',
  };
}
