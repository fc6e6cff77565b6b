/** The thread in which a machine of the lab runs, in Node (worker_threads). It talks to lab.ts by messages alone. */
import { parentPort, workerData } from 'node:worker_threads';
import { Emulator, type LoadModule } from './emulator.ts';
import type { FromMachine, Start, ToMachine } from './messages.ts';
import { Runner } from './runner.ts';
import { decodeState, encodeState } from './state.ts';

if (!parentPort) throw new Error('worker.ts runs in a thread of its own: see lab.ts.');
const port = parentPort;
const start = workerData as Start;
const { default: load } = (await import(start.emulator)) as { default: LoadModule };

const tell = (message: FromMachine) => port.postMessage(message);
const say = (line: string) => tell({ type: 'console', bytes: new TextEncoder().encode(`${line}\n`) });
const emulator =
  'parts' in start
    ? await Emulator.boot({ load, say }, start.parts)
    : await Emulator.restore({ load, say }, decodeState(start.state));
const runner = new Runner(emulator, tell);
port.on('message', async (message: ToMachine) => {
  if (message.type === 'input') return runner.input(message.bytes);
  await runner.pause();
  tell({ type: 'saved', state: encodeState(await emulator.save(load)) });
});
try {
  await runner.run();
} catch (error) {
  // An uncaught one could be heard before what the guest said last.
  tell({ type: 'ended', message: (error as Error).message });
}
