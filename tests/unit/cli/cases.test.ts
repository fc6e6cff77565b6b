import { expect, test } from 'vitest';
import { casesOf, compare, namedCases } from '../../../grader/cli/cases.ts';
import { check, exercise } from '../verdict/exercises.ts';
import type { Result } from '../../../grader/verdict/result.ts';
import { resultOf } from '../course/results.ts';
import { temporaryFolder } from '../temporary.ts';

async function course() {
  const folder = await temporaryFolder({ 'wrong/known/a.c': '', 'wrong/mine/a.c': '', 'also/other.patch': '' });
  return { ...exercise(check('a')), folder, wrong: { known: { fails: 'a', misconception: 'x' } } };
}

test('a case can be named, declared or not; a name that is neither is told', async () => {
  const found = await namedCases(await course(), ['wrong/known', 'wrong/mine', 'also/other', 'wrong/typo']);
  expect(found.cases.map(({ name, fails }) => [name, fails])).toEqual([
    ['wrong/known', 'a'],
    ['wrong/mine', undefined],
    ['also/other', undefined],
  ]);
  expect(found.unknown).toEqual(['wrong/typo']);
});

test('without names, only what is declared is verified', async () => {
  expect(casesOf(await course()).map(({ name }) => name)).toEqual(['solution', 'starter', 'wrong/known']);
});

test('what is only tried is right however it ends, but for an error of ours, and says why it failed', async () => {
  const tried = (await namedCases(await course(), ['wrong/mine'])).cases[0]!;
  const ended = (outcome: Result['outcome']) =>
    compare(tried, resultOf(tried.exercise.id, { outcome, checks: [], message: { text: 'why' } }));
  expect(ended('fail')).toMatchObject({ ok: true, expected: 'anything', message: 'why' });
  expect(ended('error')).toMatchObject({ ok: false });
});
