/** A step as it is shown, in a terminal and in the page: the same words in the same order. */
import { fileName } from '../source.ts';
import type { Place } from '../verifier-log.ts';
import { wordsOfBranch } from './branch.ts';
import { wordsOfCall } from './call.ts';
import { isSame, wordsFor } from './values.ts';
import { frameAfter, inOrder, pathTo, placeIn, type Walk } from './walk.ts';

export interface Shown {
  name: string;
  /** As the verifier prints it; '' where it does not. */
  printed: string;
  words: string;
  /** By this step. */
  changed: boolean;
  /** What it was before, if it changed and had a value. */
  was?: string;
}

export interface StepView {
  step: number;
  insn: number;
  text: string;
  frame: number;
  /** '; return *value; @ a.bpf.c:12' is 'a.bpf.c:12' and 'return *value;'. */
  place: string;
  source: string;
  /** What happens here: the break in front of it, the call, the branch. */
  words: string[];
  values: Shown[];
  /** What has no value any more, in words. */
  gone: string[];
  /** How many times the verifier has been at this instruction, and how often in the whole log. */
  visit: { number: number; of: number };
}

/** The failing path's own next step counts, or else the one that follows in the log. `path` is that of `walk.last`. */
export function viewOf(walk: Walk, step: number, next: number | undefined): StepView {
  const { insn, text, frame, place } = walk.steps[step]!;
  const before = walk.before(step);
  const after = walk.after(step);
  const stays = frameAfter(walk, step) === frame;
  const values = inOrder(after.keys()).map((name): Shown => {
    const printed = after.get(name)!;
    const was = stays ? before.get(name) : undefined;
    const changed = !isSame(was, printed);
    return { name, printed, words: wordsFor(printed), changed, ...(changed && was !== undefined && { was }) };
  });
  const visits = walk.visits.get(insn)!;
  return {
    step,
    insn,
    text,
    frame,
    place: placeName(place),
    source: place?.text ?? '',
    words: [...arrival(walk, step), ...wordsOfCall(walk, step, next), ...wordsOfBranch(walk, step, next)],
    values,
    gone: stays ? inOrder([...before.keys()].filter((name) => !after.has(name))) : [],
    visit: { number: placeIn(visits, step) + 1, of: visits.length },
  };
}

/** 'a.bpf.c:12'; '' where the log does not say it. */
export function placeName(place: Place | null): string {
  return place && 'path' in place ? `${fileName(place.path)}:${place.line}` : '';
}

/** By step of the path that failed: the one that comes next on it. */
export function nextOnPath(walk: Walk): ReadonlyMap<number, number | undefined> {
  const path = pathTo(walk, walk.last);
  return new Map(path.map((step, at) => [step, path[at + 1]]));
}

/** What follows a step: on the path that failed, or else in the log. */
export function nextOf(walk: Walk, step: number, onPath: ReadonlyMap<number, number | undefined>): number | undefined {
  if (onPath.has(step)) return onPath.get(step);
  return walk.steps[step + 1]?.parent === step ? step + 1 : undefined;
}

function arrival({ steps }: Walk, step: number): string[] {
  const { how, parent } = steps[step]!;
  if (how === 'gap') return ['Lines are missing in front of it: what was known before does not count.'];
  if (how === 'start' && step > 0) return ['The verifier begins with another function here.'];
  if (how !== 'branch') return [];
  return parent < 0
    ? ['The verifier goes back to a branch that it put off.']
    : [`The verifier goes back to the branch at instruction ${steps[parent]!.insn}, and looks at its other side.`];
}
