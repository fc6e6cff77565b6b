/** Puts two documents of progress together, so that nothing that is in one of them is lost. Runs in browsers too. Pure. */
import { learnerIn, reader } from './progress-entries.ts';
import type { ExerciseEntry, LearnerProgress, ProgressFile } from './progress-file.ts';

export interface Merging {
  /** An exercise's names, those that it had and today's -> the one it was first published with. Others stay as they are. */
  stableIds: Readonly<Record<string, string>>;
  /** Whose the ticks of the site become; they stay the reader's by default. */
  login?: string;
}

/** What is `here` stays, unless what comes is more: a pass, a later verdict, an earlier day, another hint. */
export function mergeProgress(
  here: ProgressFile,
  coming: ProgressFile,
  { stableIds, login = reader }: Merging,
): ProgressFile {
  const learners = new Map(Object.entries(here.learners));
  for (const [name, learner] of Object.entries(coming.learners)) {
    const owner = name === reader ? login : name;
    learners.set(owner, mergeLearner(learners.get(owner) ?? { exercises: {} }, withStableIds(learner, stableIds)));
  }
  return { ...here, learners: Object.fromEntries(learners) };
}

/** Stable ids of what a learner has done: exercises that passed on the command line, those beyond that they practised or ticked, and lessons. */
export function doneBy({ exercises, lessons = {}, ticked = {}, practised = {} }: LearnerProgress): {
  passed: string[];
  practised: string[];
  ticked: string[];
  lessons: string[];
} {
  const passed = Object.keys(exercises).filter(
    (id) => exercises[id]!.passedOn !== undefined || exercises[id]!.outcome === 'pass',
  );
  const beyond = (ids: Readonly<Record<string, string>>) => Object.keys(ids).filter((id) => !passed.includes(id));
  return { passed, practised: beyond(practised), ticked: beyond(ticked), lessons: Object.keys(lessons) };
}

/** The document with nobody in it but `login`. */
export function only(progress: ProgressFile, login: string): ProgressFile {
  return { ...progress, learners: { [login]: learnerIn(progress, login) } };
}

function mergeLearner(here: LearnerProgress, coming: LearnerProgress): LearnerProgress {
  const lessons = union(here.lessons, coming.lessons, earlier);
  const ticked = union(here.ticked, coming.ticked, earlier);
  const practised = union(here.practised, coming.practised, earlier);
  return {
    exercises: union(here.exercises, coming.exercises, mergeEntry) ?? {},
    ...(lessons && { lessons }),
    ...(ticked && { ticked }),
    ...(practised && { practised }),
  };
}

function mergeEntry(here: ExerciseEntry, coming: ExerciseEntry): ExerciseEntry {
  const [a, b] = [worth(here), worth(coming)];
  // A pass is of the files that passed, and those here are more likely still there.
  const last = b > a || (b === a && here.outcome !== 'pass' && coming.date > here.date) ? coming : here;
  const passedOn = [here.passedOn, coming.passedOn].filter((date) => date !== undefined).sort()[0];
  const hints = union(here.hints, coming.hints, Math.max);
  return { ...last, ...(passedOn !== undefined && { passedOn }), ...(hints && { hints }) };
}

function worth({ outcome }: ExerciseEntry): number {
  return outcome === 'pass' ? 2 : outcome === 'error' || outcome === 'unsupported' ? 0 : 1;
}

function union<T>(
  here: Readonly<Record<string, T>> | undefined,
  coming: Readonly<Record<string, T>> | undefined,
  choose: (here: T, coming: T) => T,
): Record<string, T> | undefined {
  if (!here && !coming) return undefined;
  const all = new Map(Object.entries(here ?? {}));
  for (const [id, value] of Object.entries(coming ?? {}))
    all.set(id, all.has(id) ? choose(all.get(id)!, value) : value);
  return Object.fromEntries(all);
}

function withStableIds(learner: LearnerProgress, stableIds: Merging['stableIds']): LearnerProgress {
  const stable = (id: string) => (Object.hasOwn(stableIds, id) ? stableIds[id]! : id);
  const renamed = <T>(record: Readonly<Record<string, T>>, choose: (one: T, other: T) => T) =>
    Object.entries(record).reduce<Record<string, T>>(
      (all, [id, value]) => union(all, { [stable(id)]: value }, choose)!,
      {},
    );
  return {
    ...learner,
    exercises: renamed(learner.exercises, mergeEntry),
    ...(learner.ticked && { ticked: renamed(learner.ticked, earlier) }),
    ...(learner.practised && { practised: renamed(learner.practised, earlier) }),
  };
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
