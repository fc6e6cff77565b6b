/** Asks the engine, which runs in a worker. Nothing is sent to any server. */
import type { ExplanationDocument } from '../../grader/report/explanation.ts';

export interface Question {
  text: string;
  /** The reader's program: names and texts. */
  sources: [name: string, text: string][];
}

export type Answer = ExplanationDocument;

let worker: Worker | null = null;
/** Of the question that the worker is at. */
let pending: { resolve: (answer: Answer | null) => void } | null = null;

/** Null if another question came meanwhile: only the last one counts. Rejects if the engine cannot be loaded, or fails. */
export function ask(question: Question): Promise<Answer | null> {
  if (pending) drop();
  const current = (worker ??= new Worker(new URL('./explain-worker.ts', import.meta.url), { type: 'module' }));
  return new Promise((resolve, reject) => {
    pending = { resolve };
    current.onmessage = ({ data }: MessageEvent<Answer>) => {
      pending = null;
      resolve(data);
    };
    current.onerror = (event) => {
      pending = null;
      drop();
      reject(new Error(event.message || 'it could not be loaded'));
    };
    current.postMessage(question);
  });
}

/** Whoever waits gets nothing, and a worker that is busy ends. */
export function drop(): void {
  if (pending) worker?.terminate();
  if (pending) worker = null;
  pending?.resolve(null);
  pending = null;
}
