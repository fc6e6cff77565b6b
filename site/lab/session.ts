/** The page's end of the judge: one worker, which keeps what it has downloaded until it is stopped. */
import type { FromJudge, ToJudge } from './messages.ts';

export class Session {
  #worker: Worker | null = null;
  #hear: ((message: FromJudge) => void) | null = null;

  /** `hear` gets all messages of this run; the last one is 'judged' or 'failed'. One run at a time. */
  run(request: ToJudge, hear: (message: FromJudge) => void): void {
    this.#hear = hear;
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  /** Ends the run at once, whatever it does, with the machine and all that runs on it. Nothing more is heard of it. */
  stop(): void {
    this.#hear = null;
    this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<FromJudge>) => this.#hear?.(data);
    worker.onerror = (event) => {
      const hear = this.#hear;
      this.stop();
      hear?.({ type: 'failed', problem: { what: 'page', message: event.message || 'its script cannot be loaded' } });
    };
    return worker;
  }
}
