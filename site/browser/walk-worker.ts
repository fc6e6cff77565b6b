/** Follows a log beside the page, and answers what a step shows and where a key leads. */
import { explainText } from '../../grader/explain/index.ts';
import {
  causeOf,
  changeOf,
  type Failed,
  failureOf,
  findIn,
  followLog,
  nextOf,
  nextOnPath,
  pathTo,
  type StepView,
  viewOf,
  visitAfter,
  type Walk,
} from '../../grader/explain/walk/index.ts';

/** What the list needs, in a form of which a log of megabytes makes no long work. */
export interface Opened {
  log: string;
  /** By step: where its line begins in `log`. */
  starts: Int32Array;
  /** By step: which of `places` it is from; -1 if the log does not say it. */
  placeOf: Int32Array;
  places: { file: string; line: number; text: string }[];
  /** The steps of the path that failed, and those of them that made the value what it is. */
  path: Int32Array;
  failed: Failed;
}

export type Move =
  | { kind: 'change'; step: number; all: boolean; name: string; direction: 1 | -1 }
  | { kind: 'cause'; step: number }
  | { kind: 'find'; step: number; all: boolean; query: string }
  | { kind: 'visit'; step: number; all: boolean };

export type Request = { id: number } & ({ kind: 'open'; text: string } | { kind: 'view'; step: number } | Move);
export type Reply = { id: number; value: Opened | StepView | number | null } | { id: number; error: string };

let walk: Walk;
let failed: Failed;
let path: number[];
let every: number[];
let next: ReadonlyMap<number, number | undefined>;

onmessage = ({ data }: MessageEvent<Request>) => {
  const { id } = data;
  try {
    postMessage({ id, value: answer(data) } satisfies Reply);
  } catch (error) {
    postMessage({ id, error: String(error) } satisfies Reply);
  }
};

function answer(request: Request): Opened | StepView | number | null {
  if (request.kind === 'open') return open(request.text);
  if (request.kind === 'view') return viewOf(walk, request.step, nextOf(walk, request.step, next));
  if (request.kind === 'cause') return failed.steps.length > 0 ? causeOf(failed, walk.last, request.step) : walk.last;
  const list = request.all ? every : path;
  switch (request.kind) {
    case 'change':
      return changeOf(walk, list, request.step, request.name, request.direction);
    case 'find':
      return findIn(walk, list, request.step, request.query);
    case 'visit':
      return visitAfter(walk, list, request.step);
  }
}

/** Null if there is nothing to walk through. */
function open(text: string): Opened | null {
  const { tool, log } = explainText(text, new Map());
  if (tool !== 'verifier') return null;
  walk = followLog(log);
  if (walk.last < 0) return null;
  failed = failureOf(walk, log);
  path = pathTo(walk, walk.last);
  next = nextOnPath(walk);
  every = [...walk.steps.keys()];
  return { log, path: Int32Array.from(path), failed, starts: startsOf(walk), ...placesOf(walk) };
}

function startsOf({ lines, steps }: Walk): Int32Array {
  const starts = new Int32Array(steps.length);
  let [at, line] = [0, 0];
  for (const [i, step] of steps.entries()) {
    for (; line < step.line; line += 1) at += lines[line]!.length + 1;
    starts[i] = at;
  }
  return starts;
}

function placesOf({ steps }: Walk): Pick<Opened, 'placeOf' | 'places'> {
  const known = new Map<string, number>();
  const places: Opened['places'] = [];
  const placeOf = new Int32Array(steps.length).fill(-1);
  for (const [i, { place }] of steps.entries()) {
    if (!place) continue;
    const [file, line] = 'path' in place ? [place.path.slice(place.path.lastIndexOf('/') + 1), place.line] : ['', 0];
    const text = place.text ?? '';
    const key = `${file}:${line}:${text}`;
    if (!known.has(key)) known.set(key, places.push({ file, line, text }) - 1);
    placeOf[i] = known.get(key)!;
  }
  return { placeOf, places };
}
