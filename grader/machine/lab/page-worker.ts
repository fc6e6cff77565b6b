/** The thread in which a machine of the lab runs, in a page: a Web Worker. It talks to its owner by messages alone. */
import type { FromMachine, ToMachine } from './messages.ts';
import { beginThread } from './thread.ts';

/** What is used of the worker's global scope (DedicatedWorkerGlobalScope). */
declare const self: {
  postMessage(message: FromMachine): void;
  onmessage: ((event: { data: ToMachine }) => void) | null;
};

const hear = beginThread((message) => self.postMessage(message));
self.onmessage = ({ data }) => hear(data);
