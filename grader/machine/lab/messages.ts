/** What a machine's thread and its owner tell each other. */
import type { Part } from './boot.ts';

/** How a thread begins: where emulator.mjs is, and what it is to run. */
export type Start = { emulator: string } & ({ parts: Part[] } | { state: Uint8Array });

export type ToMachine =
  | { type: 'input'; bytes: Uint8Array } // for the agent
  | { type: 'save' }; // the machine stands still from then on

export type FromMachine =
  | { type: 'agent' | 'console'; bytes: Uint8Array }
  | { type: 'saved'; state: Uint8Array }
  | { type: 'ended'; message: string }; // after all that the guest has said
