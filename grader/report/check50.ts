/** Results as the JSON of check50 3 (CS50). What was not judged has `passed: null`, as check50 says of what it skipped. */
import type { CheckResult, Message, Outcome, Report, Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { whyNotJudged, whyNothing } from './judged.ts';
import { checkWords } from './words.ts';

/** One of its `results`. */
interface Entry {
  name: string;
  description: string;
  passed: boolean | null;
  log: string[];
  cause: object | null;
  data: object;
  dependency: string | null;
}

// Of check50, whose JSON this follows.
const version = '3.0.0';

export function renderCheck50({ results, error }: Report): string {
  const slug = results.length === 1 ? plainLine(results[0]!.exercise) : 'hookpoint';
  if (error && results.length === 0)
    return print({
      slug,
      error: { type: 'HookpointError', value: whyNothing(error), traceback: [], data: {} },
      version,
    });
  const several = results.length > 1;
  return print({
    slug,
    results: results.flatMap((result) =>
      result.checks.length > 0 ? result.checks.map((check) => entry(result, check, several)) : [whole(result, several)],
    ),
    version,
  });
}

function entry(result: Result, check: CheckResult, several: boolean): Entry {
  const { id, title, stage, outcome, points, maxPoints, message, waitsFor, rationale, hint } = check;
  return {
    name: nameOf(result, id, several),
    description: plainLine(title),
    passed: passedOf(result, outcome),
    log: plain(message?.log ?? '')
      .split('\n')
      .filter((line) => line !== ''),
    cause: passedOf(result, outcome) === true ? null : cause(outcome, message),
    data: {
      exercise: plainLine(result.exercise),
      outcome,
      stage,
      points,
      max_points: maxPoints,
      rationale: plain(rationale),
      ...(hint !== undefined && { hint: plain(hint) }),
      seed: plainLine(result.seed),
    },
    dependency: waitsFor === undefined ? null : nameOf(result, waitsFor, several),
  };
}

/** An error of ours voids the exercise's other failures, not what was seen to pass. */
function passedOf({ outcome: whole }: Result, outcome: Outcome): boolean | null {
  if (outcome === 'pass') return true;
  return outcome === 'fail' && whole !== 'error' ? false : null;
}

function cause(outcome: Outcome, message: Message | undefined) {
  const rationale = plain(message?.text ?? checkWords[outcome]);
  const { expected, actual, help } = message ?? {};
  // check50 has these two together or not at all.
  const pair =
    expected !== undefined && actual !== undefined ? { expected: plain(expected), actual: plain(actual) } : {};
  const alone = 'expected' in pair ? [] : [expected && `Expected: ${expected}`, actual && `Seen: ${actual}`];
  return {
    rationale,
    help: plain([...alone, help].filter(Boolean).join('\n')) || null,
    ...pair,
    ...(outcome === 'error' && { error: { type: 'HookpointError', value: rationale, traceback: [] } }),
  };
}

function whole(result: Result, several: boolean): Entry {
  const { exercise, title, outcome, message, seed } = result;
  return {
    name: nameOf(result, 'submission', several),
    description: plainLine(title),
    passed: null,
    log: plain(message?.log ?? '')
      .split('\n')
      .filter((line) => line !== ''),
    cause: { ...cause(outcome, message), rationale: whyNotJudged(result) },
    data: { exercise: plainLine(exercise), outcome, seed: plainLine(seed) },
    dependency: null,
  };
}

/** Unique in the document. */
function nameOf({ exercise }: Result, check: string, several: boolean): string {
  return plainLine(several ? `${exercise}/${check}` : check);
}

function print(document: object): string {
  return `${JSON.stringify(document, null, 4)}\n`;
}
