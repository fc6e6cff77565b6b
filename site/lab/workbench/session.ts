/** The page's end of the workbench: one worker, and with it one machine, until it is stopped. */
import type { FromWorkbench, ToWorkbench } from './messages.ts';

export class WorkbenchSession {
  readonly #hear: (message: FromWorkbench) => void;
  #worker: Worker | null = null;

  constructor(hear: (message: FromWorkbench) => void) {
    this.#hear = hear;
  }

  get isOn(): boolean {
    return this.#worker !== null;
  }

  /** `message` of type 'start' makes a machine; all others need one, and go nowhere without. */
  tell(message: ToWorkbench): void {
    if (message.type === 'start') this.#worker ??= this.#start();
    this.#worker?.postMessage(message);
  }

  /** At once, whatever runs there. Nothing more is heard of it. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    const hear = (message: FromWorkbench) => {
      if (this.#worker === worker) this.#hear(message);
    };
    worker.onmessage = ({ data }: MessageEvent<FromWorkbench>) => hear(data);
    worker.onerror = ({ message }) =>
      hear({ type: 'failed', problem: { what: 'page', message: message || 'its script cannot be loaded' } });
    return worker;
  }
}
