/** A context whose words are kept, for commands that need no machine. */
import { CommandFailure, type Context } from '../../../grader/cli/context.ts';
import { createProgress } from '../../../grader/report/progress-line.ts';
import type { Screen } from '../../../grader/report/paint.ts';

export interface Listening {
  context: Context;
  /** All that was said, and all notes. */
  said(): string;
  noted(): string;
}

export function listen(root: string, changes: Partial<Context> & { screen?: Screen } = {}): Listening {
  const said: string[] = [];
  const noted: string[] = [];
  const context: Context = {
    root,
    json: false,
    yes: false,
    verbose: false,
    screen: { color: false, width: 80, unicode: true },
    progress: createProgress({ write: () => {} }, { tty: false, quiet: true }),
    interrupted: () => false,
    say: (text) => void said.push(text),
    note: (text) => void noted.push(text),
    tell: (text) => void noted.push(text),
    ...changes,
  };
  return { context, said: () => said.join('\n'), noted: () => noted.join('\n') };
}

/** What a command says if it fails, with its remedy on the next line. */
export async function failure(running: Promise<number>): Promise<string> {
  const error = await running.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CommandFailure)) throw error ?? new Error('it did not fail');
  return `${error.message}\n${error.remedy}`;
}
