/** The thread in which a machine of the lab runs, in Node. It talks to its owner by messages alone. */
import { parentPort } from 'node:worker_threads';
import { beginThread } from './thread.ts';

if (!parentPort) throw new Error('node-worker.ts runs in a thread of its own: see node-thread.ts.');
const port = parentPort;
port.on(
  'message',
  beginThread((message) => port.postMessage(message)),
);
