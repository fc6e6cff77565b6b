import { expect, test } from 'vitest';
import { reader, renderProgress } from '../../../grader/course/progress-entries.ts';
import {
  type ExerciseEntry,
  type LearnerProgress,
  parseProgress,
  type ProgressFile,
  progressFileSchema,
} from '../../../grader/course/progress-file.ts';
import { doneBy, mergeProgress, only } from '../../../grader/course/progress-merge.ts';

const day = (n: number) => `2026-01-0${n}T00:00:00.000Z`;
const entry = (changes: Partial<ExerciseEntry> = {}): ExerciseEntry => ({
  outcome: 'fail',
  points: 1,
  maxPoints: 3,
  digest: 'sha256:0',
  seed: 'abcd',
  kernel: '6.12.0',
  date: day(1),
  ...changes,
});
const of = (learners: Record<string, LearnerProgress>): ProgressFile => ({
  format: 'hookpoint-progress',
  version: 1,
  learners,
});
const merged = (here: ExerciseEntry, coming: ExerciseEntry) =>
  mergeProgress(of({ me: { exercises: { 'a/b': here } } }), of({ me: { exercises: { 'a/b': coming } } }), {
    stableIds: {},
  }).learners['me']!.exercises['a/b'];

test('a pass stays, whatever comes; of others the later one; no verdict takes nothing', () => {
  const passed = entry({ outcome: 'pass', points: 3, passedOn: day(2), date: day(2) });
  const later = entry({ date: day(3), failed: 'loads' });
  expect(merged(passed, later)).toEqual(passed);
  expect(merged(later, passed)).toEqual(passed);
  expect(merged(entry(), later)).toEqual(later);
  expect(merged(later, entry())).toEqual(later);
  expect(merged(entry(), entry({ outcome: 'error', date: day(5) }))).toEqual(entry());
  const elsewhere = entry({ outcome: 'pass', digest: 'sha256:1', passedOn: day(1), date: day(4) });
  expect(merged(passed, elsewhere)).toEqual({ ...passed, passedOn: day(1) });
});

test('that it once passed is kept, and every hint', () => {
  const here = entry({ passedOn: day(4), hints: { loads: 2 } });
  const coming = entry({ date: day(5), passedOn: day(3), hints: { loads: 1, counts: 1 } });
  expect(merged(here, coming)).toEqual({ ...coming, passedOn: day(3), hints: { loads: 2, counts: 1 } });
  expect(merged(coming, here)).toMatchObject({ date: day(5), passedOn: day(3), hints: { loads: 2, counts: 1 } });
});

test('lessons and ticks of both, since the earlier day; ids that nobody knows stay', () => {
  const here = of({ me: { exercises: {}, lessons: { 'maps.locks': day(2) }, ticked: { 'no/more': day(1) } } });
  const coming = of({
    me: {
      exercises: { 'of/later': entry() },
      lessons: { 'maps.locks': day(1), 'later.lesson': day(3) },
      ticked: { 'a/b': day(2) },
    },
  });
  const learner = mergeProgress(here, coming, { stableIds: {} }).learners['me'];
  expect(learner).toEqual({
    exercises: { 'of/later': entry() },
    lessons: { 'maps.locks': day(1), 'later.lesson': day(3) },
    ticked: { 'no/more': day(1), 'a/b': day(2) },
  });
});

test('what the site’s reader did becomes the learner’s; other learners stay apart', () => {
  const coming = of({
    [reader]: { exercises: {}, lessons: { 'maps.locks': day(1) } },
    other: { exercises: { 'a/b': entry() } },
  });
  const here = of({ me: { exercises: { 'a/b': entry({ points: 2 }) } } });
  const all = mergeProgress(here, coming, { stableIds: {}, login: 'me' });
  expect(all.learners).toEqual({
    me: { exercises: { 'a/b': entry({ points: 2 }) }, lessons: { 'maps.locks': day(1) } },
    other: { exercises: { 'a/b': entry() } },
  });
  expect(only(all, 'other').learners).toEqual({ other: all.learners['other'] });
  expect(only(all, 'nobody').learners).toEqual({ nobody: { exercises: {} } });
});

test('an exercise is found by any name that it ever had', () => {
  const stableIds = { 'maps/first': 'maps/first', 'maps/second': 'maps/first', 'maps/today': 'maps/first' };
  const coming = of({
    me: {
      exercises: {
        'maps/today': entry({ outcome: 'pass', passedOn: day(2) }),
        'maps/second': entry({ hints: { loads: 1 } }),
      },
      ticked: { 'maps/second': day(3) },
    },
  });
  const { exercises, ticked } = mergeProgress(of({ me: { exercises: { 'maps/first': entry() } } }), coming, {
    stableIds,
  }).learners['me']!;
  expect(exercises).toEqual({ 'maps/first': entry({ outcome: 'pass', passedOn: day(2), hints: { loads: 1 } }) });
  expect(ticked).toEqual({ 'maps/first': day(3) });
});

test('what was practised stays, by its stable id and from its first day', () => {
  const coming = of({ '*': { exercises: {}, practised: { 'maps/today': day(3), x: day(1) } } });
  const here = of({ me: { exercises: {}, practised: { 'maps/first': day(2) } } });
  const merged = mergeProgress(here, coming, { stableIds: { 'maps/today': 'maps/first' }, login: 'me' });
  expect(merged.learners['me']!.practised).toEqual({ 'maps/first': day(2), x: day(1) });
  expect(parseProgress(renderProgress(merged))).toEqual({ progress: merged });
});

test('merging with oneself changes nothing; neither does a name that every object has', () => {
  const learner = { exercises: { 'a/b': entry(), constructor: entry() }, lessons: { 'a.b': day(1) } };
  const all = of({ me: learner, toString: { exercises: {} } });
  expect(mergeProgress(all, all, { stableIds: {} })).toEqual(all);
  expect(parseProgress(renderProgress(all))).toEqual({ progress: all });
});

test('done is what passed on the command line, what was practised or ticked besides, and what was read', () => {
  const learner = {
    exercises: { a: entry(), b: entry({ passedOn: day(1) }) },
    ticked: { b: day(1), c: day(1) },
    practised: { b: day(1), d: day(1) },
    lessons: { 'x.y': day(1) },
  };
  expect(doneBy(learner)).toEqual({ passed: ['b'], practised: ['d'], ticked: ['c'], lessons: ['x.y'] });
});

test('a tick is no verdict: the schema has no place for one among them', () => {
  expect(
    progressFileSchema.safeParse(of({ me: { exercises: { 'a/b': { passedOn: day(1) } as ExerciseEntry } } })).success,
  ).toBe(false);
});
