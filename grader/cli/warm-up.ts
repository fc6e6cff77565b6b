/** What a guest does while it waits to be needed. */
import { toolkitAt } from '../kit/guest/toolkit.ts';
import type { OpenMachine } from './machines.ts';
import type { WarmUp } from './spare-machines.ts';

/**
 * Under emulation a program's first run takes a multiple of the second: its instructions are translated then. The loader
 * starts, and is asked for an object that is not there: nothing is loaded.
 */
export function warmUp({ machine, toolkit }: OpenMachine): WarmUp {
  if (machine.info.accelerator !== 'tcg') return { stop: async () => {} };
  const loader = machine.start([toolkitAt(toolkit).loader]);
  loader.write('open /nothing\n');
  loader.end();
  return {
    async stop() {
      loader.signal(9);
      await loader.done.catch(() => {});
    },
  };
}
