/** What runs in a machine's thread, be it Node's (node-worker.ts) or a page's (page-worker.ts). */
import { Emulator, type LoadModule, type Making } from './emulator.ts';
import type { FromMachine, Start, ToMachine } from './messages.ts';
import { Runner } from './runner.ts';
import { decodeState, encodeState } from './state.ts';

/** Returns what hears the machine's owner; `tell` is how the owner hears of the machine. */
export function beginThread(tell: (message: FromMachine) => void): (message: ToMachine) => void {
  let machine: Promise<{ runner: Runner; emulator: Emulator; making: Making }>;
  return async (message) => {
    if (message.type === 'start') {
      machine = begin(message.start, tell);
      try {
        await (await machine).runner.run();
      } catch (error) {
        // An uncaught one could be heard before what the guest said last.
        tell({ type: 'ended', message: (error as Error).message });
      }
      return;
    }
    const { runner, emulator, making } = await machine;
    if (message.type === 'input') runner.input(message.bytes);
    else if (message.type === 'add') {
      emulator.add(decodeState(message.state));
      tell({ type: 'added' });
    } else {
      await runner.pause();
      tell({ type: 'saved', state: encodeState(await emulator.save(making)) });
    }
  };
}

async function begin({ emulator: url, module, from }: Start, tell: (message: FromMachine) => void) {
  const { default: load } = (await import(/* @vite-ignore */ url)) as { default: LoadModule };
  const say = (line: string) => tell({ type: 'console', bytes: new TextEncoder().encode(`${line}\n`) });
  const making: Making = { load, module, say };
  const emulator =
    'parts' in from
      ? await Emulator.boot(making, from.parts)
      : await Emulator.restore(making, from.states.map(decodeState));
  return { runner: new Runner(emulator, tell), emulator, making };
}
