import type { Message } from './result.ts';

/** A check found the submission wrong. Everything else that a check throws is our fault or the machine's. */
export class CheckFailure extends Error {
  override name = 'CheckFailure';
  readonly detail: CheckFailureDetail;
  constructor(detail: CheckFailureDetail) {
    super(detail.text);
    this.detail = detail;
  }
}

export interface CheckFailureDetail extends Omit<Message, 'log' | 'logFile'> {
  /** The whole log; the grader shortens it for the result and keeps the whole in a file. */
  wholeLog?: string;
}

/** This machine cannot judge the exercise (kernel, architecture, tool); costs no points. */
export class Unsupported extends Error {
  override name = 'Unsupported';
}
