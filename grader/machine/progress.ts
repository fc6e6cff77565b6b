/** How long work tells people where it is. The command line draws it; tests and `--json` ignore it. */
export interface Progress {
  /** A new step begins, such as 'Guest image'. */
  step(label: string): void;
  /** What it does now, or how far it is, in a few words. */
  update(state: string): void;
  /** The step is over; `text` says what came of it and stays on the screen. */
  done(text: string): void;
}

export const silent: Progress = { step() {}, update() {}, done() {} };
