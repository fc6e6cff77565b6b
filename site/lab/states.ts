/** What a check is while a run goes on, and after it. Pure. */
import type { Outcome } from '../../grader/verdict/result.ts';

export type State = Outcome | 'waiting' | 'running';

export const marks: Record<State, string> = {
  pass: '✓',
  fail: '✗',
  skipped: '–',
  unsupported: '–',
  invalid: '✗',
  error: '!',
  waiting: '·',
  running: '…',
};

export const words: Record<State, string> = {
  pass: 'passed',
  fail: 'failed',
  skipped: 'not run',
  unsupported: 'cannot be judged here',
  invalid: 'invalid',
  error: 'not judged',
  waiting: 'not run yet',
  running: 'running',
};

/** What a stage is, by its checks. */
export function together(states: readonly State[]): State {
  for (const state of ['fail', 'error', 'invalid', 'running'] as const) if (states.includes(state)) return state;
  if (states.every((state) => state === 'pass')) return 'pass';
  if (states.includes('pass') && states.includes('waiting')) return 'running';
  return states.find((state) => state !== 'pass') ?? 'waiting';
}
