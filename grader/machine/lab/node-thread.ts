/** A thread of Node for a machine: for tests, and to make its state. */
import { Worker } from 'node:worker_threads';
import { threadsOf } from '../given-time.ts';
import type { Thread } from './lab.ts';
import type { FromMachine, ToMachine } from './messages.ts';

export function startNodeThread(): Thread {
  const worker = new Worker(new URL('node-worker.ts', import.meta.url));
  return {
    tell: (message: ToMachine) => worker.postMessage(message),
    hear(onMessage, onEnd) {
      worker.on('message', (message: FromMachine) => onMessage(message));
      worker.on('error', (error) => onEnd(error.message));
      worker.once('exit', () => onEnd());
    },
    end: () => void worker.terminate(),
    readThreads: threadsOf(process.pid),
  };
}
