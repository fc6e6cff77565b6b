/** What the page and its judge's worker tell each other. Everything in it is data; texts of the guest are hostile. */
import type { CheckResult, Result } from '../../grader/verdict/result.ts';
import type { Description, HomeProgram, Part } from './description.ts';

/** Where the lab's files are, and what is in them. */
export interface Place {
  /** Absolute address of their folder, with a slash at the end. */
  folder: string;
  description: Description;
}

export interface ToJudge {
  place: Place;
  exercise: string;
  /** Texts, by name. */
  files: Record<string, string>;
  /** Of the home page's demonstration instead of an exercise: which of its programs `files` has. */
  home?: HomeProgram;
}

/** Of a machine that is made ready. */
export type FromMachineRoom =
  /** Bytes so far, of all that has to be downloaded; not sent if everything is in this browser already. */
  { type: 'download'; bytes: number; total: number } | { type: 'unpacking'; part: Part } | { type: 'starting' };

export type FromJudge =
  | FromMachineRoom
  | { type: 'check'; id: string; result?: CheckResult }
  /** What the home page's program printed. */
  | { type: 'printed'; lines: string[] }
  /** `hints`: of the check that failed, from gentle to nearly the line to write. `solution`: after a pass. */
  | { type: 'judged'; result: Result; hints: string[]; solution: Record<string, string> | null }
  | { type: 'failed'; problem: Problem };

export interface Problem {
  what: 'download' | 'damaged' | 'memory' | 'machine' | 'page';
  /** What was seen, for people. */
  message: string;
}
