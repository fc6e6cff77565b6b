/** What every command has at hand: where the repository is, who listens, and how to talk to them. */
import { join } from 'node:path';
import { ascii, type Screen, screenOf } from '../report/paint.ts';
import { createProgress, type Progress } from '../report/progress-line.ts';
import type { ReportFiles } from './report-files.ts';

export { CommandFailure } from './command-failure.ts';

export interface GlobalOptions {
  json?: boolean;
  yes?: boolean;
  color?: boolean;
  plain?: boolean;
  verbose?: boolean;
}

export interface Context {
  /** The repository. */
  root: string;
  json: boolean;
  /** Install what is missing without asking. */
  yes: boolean;
  verbose: boolean;
  screen: Screen;
  progress: Progress;
  /** What `--report` asks for: written also if the command fails. */
  reports?: ReportFiles;
  /** Ctrl-C was pressed, or the like: end soon, and keep nothing that came of it. */
  interrupted(): boolean;
  /** For people: on standard output, in ASCII where only that is safe; nowhere with --json. */
  say(text: string): void;
  /** For people, about what goes on: on standard error. */
  note(text: string): void;
  /** On standard error also with --json. */
  tell(text: string): void;
}

export function createContext(options: GlobalOptions, interrupted = () => false): Context {
  const manners = { color: options.color !== false, plain: options.plain === true };
  const json = options.json === true;
  const screen = screenOf(process.stdout, process.env, { ...manners, nearby: process.stderr.columns });
  const errorScreen = screenOf(process.stderr, process.env, manners);
  const progress = createProgress(process.stderr, {
    tty: process.stderr.isTTY === true && !errorScreen.plain,
    quiet: json,
    unicode: errorScreen.unicode,
  });
  return {
    root: join(import.meta.dirname, '../..'),
    json,
    yes: options.yes === true || process.env.CI === 'true',
    verbose: options.verbose === true,
    interrupted,
    screen,
    progress,
    say: (text) => void (json || process.stdout.write(`${shown(text, screen)}\n`)),
    note(text) {
      if (json) return;
      progress.clear();
      process.stderr.write(`${shown(text, errorScreen)}\n`);
    },
    tell: (text) => void process.stderr.write(`${shown(text, errorScreen)}\n`),
  };
}

function shown(text: string, { unicode }: Screen): string {
  return asTyped(unicode ? text : ascii(text));
}

/** Commands are written as `npx grade …`; who typed ./grade reads them so. */
export function asTyped(text: string, typed = process.env['HOOKPOINT_TYPED'] ?? ''): string {
  return /^(\.{1,2}\/)+grade$/.test(typed) ? text.replaceAll(/npx grade\b/g, typed) : text;
}
