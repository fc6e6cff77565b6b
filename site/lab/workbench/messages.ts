/** What the page and the workbench's worker tell each other. Everything in it is data; texts of the guest are hostile. */
import type { ExplanationDocument } from '../../../grader/report/explanation.ts';
import type { FromMachineRoom, Place, Problem } from '../messages.ts';

export interface Size {
  rows: number;
  columns: number;
}

/** A program with the headers that it includes. */
export interface Source {
  /** The one of `files` that is compiled. */
  file: string;
  /** Texts, by name. */
  files: Record<string, string>;
}

export type ToWorkbench =
  /** The first of all. */
  | { type: 'start'; place: Place; size: Size }
  | { type: 'run'; source: Source }
  | { type: 'look' }
  /** Keys for the terminal. */
  | { type: 'type'; text: string }
  | { type: 'resize'; size: Size }
  /** So much of what was printed is on the screen. */
  | { type: 'shown'; bytes: number };

export type FromWorkbench =
  | FromMachineRoom
  /** The machine runs, with these commands. */
  | { type: 'ready'; kernel: string; tools: string[] }
  | { type: 'printed'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'stage'; stage: Stage }
  | { type: 'tried'; tried: Tried }
  | { type: 'kernel'; state: KernelState }
  /** The machine has ended. */
  | { type: 'failed'; problem: Problem };

export type Stage = 'compile' | 'load';

export interface Tried {
  outcome: 'not compiled' | 'refused' | 'loaded';
  /** What was typed for the reader. */
  commands: string[];
  /** Of what a tool refused; null if it is loaded. */
  explanation: ExplanationDocument | null;
  /** All that the tools said. */
  log: string;
  programs: TriedProgram[];
}

export interface TriedProgram {
  name: string;
  /** False if somebody has to say where. */
  isAttached: boolean;
  /** What attaches it, for the terminal; null if that takes a program of its own. */
  command: string | null;
}

/** Lists of bpftool, cut where they are long. */
export interface KernelState {
  programs: { id: number; type: string; name: string; facts: string }[];
  maps: { id: number; type: string; name: string; facts: string; entries: Entry[]; note: string }[];
  links: { id: number; type: string; program: number | null; facts: string }[];
}

export interface Entry {
  key: string;
  value: string;
}
