/**
 * Results for Classroom 50: what its result.json (schema classroom50/result/v1) says of the tests. Whose it is, of which assignment and commit,
 * the autograder adds, which is told by Classroom 50. Scores are whole numbers there. Pure.
 * https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
 */
import type { CheckResult, Report, Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { counts, isJudged, whyNoScore } from './judged.ts';
import { messageText } from './message-text.ts';

interface Test {
  'test-name': string;
  passed: boolean;
  score: number;
  'max-score': number;
  /** Kept as it is by Classroom 50, and shown by nothing of it. */
  output: string;
}

export function renderClassroom50({ results }: Report): string {
  const tests = results.flatMap((result) =>
    isJudged(result)
      ? result.checks.filter((check) => counts(result, check)).map((check) => testOf(result, check, results.length > 1))
      : [whole(result)],
  );
  const sum = (key: 'score' | 'max-score') => tests.reduce((all, test) => all + test[key], 0);
  return `${JSON.stringify({ score: sum('score'), 'max-score': sum('max-score'), tests }, null, 2)}\n`;
}

function testOf({ exercise }: Result, check: CheckResult, isOneOfMany: boolean): Test {
  return {
    'test-name': plainLine(isOneOfMany ? `${exercise}: ${check.title}` : check.title),
    passed: check.outcome === 'pass',
    score: Math.round(check.points),
    'max-score': Math.round(check.maxPoints),
    output: check.message ? plain(messageText(check.message), 4000) : '',
  };
}

/** Not complete, so nothing was run: it can be handed in again. An error of ours is none of these; see `needsScore`. */
function whole(result: Result): Test {
  return {
    'test-name': plainLine(`${result.exercise} is complete`),
    passed: false,
    score: 0,
    'max-score': Math.round(result.maxPoints),
    output: whyNoScore(result),
  };
}
