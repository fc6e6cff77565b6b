/** The thread in which a machine of the lab runs, in Node (worker_threads). It talks to lab.ts by messages alone. */
import { parentPort, workerData } from 'node:worker_threads';
import { decodeState } from './state.ts';
import { Emulator, type LoadModule } from './emulator.ts';
import { encodeState } from './state.ts';
import type { FromMachine, Start, ToMachine } from './messages.ts';
import { Runner } from './runner.ts';

if (!parentPort) throw new Error('worker.ts runs in a thread of its own: see lab.ts.');
const port = parentPort;
const start = workerData as Start;
const { default: load } = (await import(start.emulator)) as { default: LoadModule };

const emulator =
  'parts' in start ? await Emulator.boot(load, start.parts) : await Emulator.restore(load, decodeState(start.state));
const runner = new Runner(emulator, (message: FromMachine) => port.postMessage(message));
port.on('message', async (message: ToMachine) => {
  if (message.type === 'input') return runner.input(message.bytes);
  await runner.pause();
  port.postMessage({ type: 'saved', state: encodeState(await emulator.save(load)) } satisfies FromMachine);
});
port.postMessage({ type: 'started' } satisfies FromMachine);
await runner.run();
