/** One exercise under watch: what is graded when, and what its keys do. Knows no terminal, no clock and no guest. */
import type { LoadedExercise } from '../course/exercise.ts';
import type { ReadSubmission } from '../course/submission.ts';
import type { WatchView } from '../report/watch.ts';
import type { Result } from '../verdict/result.ts';

export interface WatchParts {
  /** Grades what was read. `onCheck` is told the title of what is checked. After `cancel` its end is awaited, its result dropped: null will do. */
  grade(read: ReadSubmission, onCheck: (title: string) => void): Promise<Result | null>;
  /** Ends the grading that is under way. */
  cancel(): Promise<void>;
  /** A grading came to its end, and no newer version has been saved meanwhile. Resolves with what is next after a pass. */
  graded(result: Result): Promise<string | null>;
  /** The hints given so far for the check that failed, one more than last time. */
  hint(result: Result): Promise<{ hints: string[]; left: number }>;
  task(): Promise<string>;
  /** A shell in a guest; resolves when it is left, with what to know of its end. */
  shell(): Promise<string | null>;
  /** The view is another. */
  changed(view: WatchView): void;
}

/** Why a session ended: 'next' goes on with another exercise. */
export type SessionEnd = 'quit' | 'interrupt' | 'next';

export class WatchSession {
  readonly ended: Promise<SessionEnd>;
  readonly #parts: WatchParts;
  readonly #end: { resolve(end: SessionEnd): void; reject(error: unknown): void };
  #view: WatchView;
  #newest: ReadSubmission;
  /** Each version's number; a grading of any but the last is worth nothing. */
  #version = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(
    exercise: Pick<LoadedExercise, 'id' | 'title'>,
    files: readonly string[],
    first: ReadSubmission,
    parts: WatchParts,
  ) {
    const { promise, ...end } = Promise.withResolvers<SessionEnd>();
    this.ended = promise;
    this.#end = end;
    this.#parts = parts;
    this.#newest = first;
    this.#view = {
      exercise: exercise.id,
      title: exercise.title,
      files,
      result: null,
      doing: null,
      hints: [],
      hintsLeft: 0,
      task: null,
      next: null,
      notice: null,
    };
  }

  get view(): WatchView {
    return this.#view;
  }

  /** A version was saved. What is graded now is thrown away. */
  saved(read: ReadSubmission): void {
    this.#newest = read;
    this.again();
  }

  /** Grades the newest version. */
  again(): void {
    const version = ++this.#version;
    this.#show({ doing: 'Grading', notice: null });
    const before = this.#running;
    this.#running = (async () => {
      await this.#parts.cancel();
      await before;
      if (version === this.#version) await this.#grade(version);
    })();
    // Only a bug, or a machine that is not to be had, ends the watch.
    this.#running.catch((error: unknown) => this.#end.reject(error));
  }

  /** By name: h, n, r, t, s, q, and ctrl-c. Others are nothing. Never rejects: what fails ends the session. */
  async key(name: string): Promise<void> {
    await this.#pressed(name).catch((error: unknown) => this.#end.reject(error));
  }

  /** Resolves when nothing is graded any more. */
  async stop(): Promise<void> {
    this.#version += 1;
    await this.#parts.cancel();
    await this.#running.catch(() => {});
  }

  async #pressed(name: string): Promise<void> {
    if (this.#view.notice !== null) this.#show({ notice: null });
    const { result, next, task } = this.#view;
    if (name === 'q') this.#end.resolve('quit');
    else if (name === 'ctrl-c') this.#end.resolve('interrupt');
    else if (name === 'r') this.again();
    else if (name === 't') this.#show({ task: task === null ? await this.#parts.task() : null });
    else if (name === 's') this.#show({ notice: await this.#parts.shell() });
    else if (name === 'n' && next !== null) this.#end.resolve('next');
    else if (name === 'n')
      this.#show({
        notice:
          result?.outcome === 'pass' ? 'There is no exercise left.' : 'The next exercise comes when this one passes.',
      });
    else if (name === 'h') await this.#hint();
  }

  async #grade(version: number): Promise<void> {
    const isNewest = () => version === this.#version;
    const result = await this.#parts.grade(this.#newest, (title) => void (isNewest() && this.#show({ doing: title })));
    if (!result || !isNewest()) return;
    const failed = failedCheck(result);
    const keepsHints = failed !== undefined && failed === failedCheck(this.#view.result);
    this.#show({ result, doing: null, task: null, next: null, ...(!keepsHints && { hints: [], hintsLeft: 0 }) });
    const next = await this.#parts.graded(result);
    if (isNewest()) this.#show({ next });
  }

  async #hint(): Promise<void> {
    const { result } = this.#view;
    if (!result || failedCheck(result) === undefined)
      return this.#show({ notice: 'No check has failed, so there is nothing to hint at.' });
    const { hints, left } = await this.#parts.hint(result);
    if (this.#view.result === result) this.#show({ hints, hintsLeft: left, task: null });
  }

  #show(changes: Partial<WatchView>): void {
    this.#view = { ...this.#view, ...changes };
    this.#parts.changed(this.#view);
  }
}

function failedCheck(result: Result | null): string | undefined {
  return result?.checks.find(({ outcome }) => outcome === 'fail')?.id;
}
