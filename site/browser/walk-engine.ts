/** Asks the worker that follows a log. It is loaded with the first walk. */
import type { StepView } from '../../grader/explain/walk/index.ts';
import type { Move, Opened, Reply, Request } from './walk-worker.ts';

type Asked = Request extends infer One ? (One extends unknown ? Omit<One, 'id'> : never) : never;

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();

/** Null if there is nothing to walk through. What was asked about another log before gets no answer. */
export function openWalk(text: string): Promise<Opened | null> {
  // Whoever opens another log does not wait for the one before.
  if (waiting.size > 0) {
    worker?.terminate();
    worker = null;
    waiting.clear();
  }
  return ask({ kind: 'open', text });
}

export function viewStep(step: number): Promise<StepView> {
  return ask({ kind: 'view', step });
}

/** The step that a key leads to; null if there is none. */
export function move(one: Move): Promise<number | null> {
  return ask(one);
}

function ask<Value>(request: Asked): Promise<Value> {
  const current = (worker ??= start());
  last += 1;
  const id = last;
  return new Promise<Value>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    current.postMessage({ ...request, id });
  });
}

function start(): Worker {
  const made = new Worker(new URL('./walk-worker.ts', import.meta.url), { type: 'module' });
  made.onmessage = ({ data }: MessageEvent<Reply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ('error' in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.value as never);
  };
  made.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || 'it could not be loaded'));
    waiting.clear();
    made.terminate();
    worker = null;
  };
  return made;
}
