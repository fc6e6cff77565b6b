/** What a machine's thread and its owner tell each other. */
import type { Part } from './boot.ts';

/** What a thread is given to begin with. States are as state.ts encodes them. */
export interface Start {
  /** Where emulator.mjs is: a path or a URL. */
  emulator: string;
  /** emulator.wasm, compiled. All machines of a process have it in common, and what an engine has learned of it. */
  module: WebAssembly.Module;
  /** A machine that boots from these parts, or that goes on as it was in the first state, with what the others add to it. */
  from: { parts: readonly Part[] } | { states: readonly Uint8Array[] };
}

export type ToMachine =
  | { type: 'start'; start: Start } // the first of all
  | { type: 'input'; bytes: Uint8Array } // for the agent
  | { type: 'add'; state: Uint8Array } // more of the memory of a machine that was restored
  | { type: 'save' }; // the machine stands still from then on

export type FromMachine =
  | { type: 'agent' | 'console'; bytes: Uint8Array }
  | { type: 'added' }
  | { type: 'saved'; state: Uint8Array }
  | { type: 'ended'; message: string }; // after all that the guest has said
