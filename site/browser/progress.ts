/** What the reader has done, kept in this browser alone, as the document that the command line keeps too. On every page: so without zod. */
import type { LearnerProgress, ProgressFile } from '../../grader/course/progress-file.ts';
import { exerciseOf, tickOf } from './progress-ids.ts';

const key = 'hookpoint:progress';
export const progressChanged = 'hookpoint:progress';
/** As grader/course/progress-entries.ts has it. */
const reader = '*';

export interface Tick {
  /** Since when. */
  date: string;
  /** On the command line, which no click takes back. */
  passed: boolean;
  /** It passed in the lab of its page, which no click takes back either. */
  practised?: boolean;
}

/** By tick. Nothing, if nothing is kept or the browser keeps nothing. */
export function readDone(): ReadonlyMap<string, Tick> {
  const done = new Map<string, Tick>();
  for (const { exercises, lessons = {}, ticked = {}, practised = {} } of Object.values(readKept().learners)) {
    for (const [id, date] of Object.entries(lessons)) done.set(id, { date, passed: false });
    for (const [id, date] of Object.entries(ticked))
      if (!done.has(tickOf(id))) done.set(tickOf(id), { date, passed: false });
    for (const [id, date] of Object.entries(practised)) done.set(tickOf(id), { date, passed: false, practised: true });
    for (const [id, { outcome, date, passedOn }] of Object.entries(exercises))
      if (outcome === 'pass' || passedOn !== undefined) done.set(tickOf(id), { date: passedOn ?? date, passed: true });
  }
  return done;
}

export function setDone(tick: string, done: boolean): void {
  const kept = readKept();
  const exercise = exerciseOf(tick);
  const [field, id] = exercise === null ? (['lessons', tick] as const) : (['ticked', exercise] as const);
  const learners = Object.entries({ [reader]: { exercises: {} }, ...kept.learners }).map(
    ([name, learner]: [string, LearnerProgress]) => {
      const { [id]: _, ...others } = learner[field] ?? {};
      return [
        name,
        { ...learner, [field]: done && name === reader ? { ...others, [id]: new Date().toISOString() } : others },
      ] as const;
    },
  );
  keep({ ...kept, learners: Object.fromEntries(learners) });
}

/** It passed in the lab: the first day counts. Throws if the browser keeps nothing. */
export function setPractised(stableId: string): void {
  const kept = readKept();
  const own = kept.learners[reader] ?? { exercises: {} };
  if (own.practised?.[stableId] !== undefined) return;
  const practised = { ...own.practised, [stableId]: new Date().toISOString() };
  keep({ ...kept, learners: { ...kept.learners, [reader]: { ...own, practised } } });
}

/** As it was when it was kept; nothing, if it is none. */
export function readKept(): ProgressFile {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? '') as ProgressFile;
    if (
      value.format === 'hookpoint-progress' &&
      Object.values(value.learners).every(({ exercises }) => typeof exercises === 'object')
    )
      return value;
  } catch {
    // Another page of the same host, or a hand, wrote something else.
  }
  return { format: 'hookpoint-progress', version: 1, learners: {} };
}

/** Throws if the browser keeps nothing, or no more. */
export function keep(progress: ProgressFile): void {
  localStorage.setItem(key, JSON.stringify(progress));
  document.dispatchEvent(new Event(progressChanged));
}
