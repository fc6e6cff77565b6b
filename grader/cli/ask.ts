/** Questions to who sits at the terminal. */
import { createInterface } from 'node:readline';
import type { Context } from './context.ts';

/** Whether somebody is there to answer: with --json, or where input or output is no terminal, nobody is. */
export function isAnybodyThere({ json }: Pick<Context, 'json'>): boolean {
  return !json && process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks, if anybody is there; `usual` is what Enter means. Nobody, Ctrl-C and the end of input mean no. */
export async function confirm(context: Pick<Context, 'json'>, question: string, usual: boolean): Promise<boolean> {
  if (!isAnybodyThere(context)) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<boolean>((resolve) => {
      let answered = false;
      terminal.question(`${question} ${usual ? '[Y/n]' : '[y/N]'} `, (answer) => {
        answered = true;
        resolve(answer.trim() === '' ? usual : /^(y|yes)$/i.test(answer.trim()));
      });
      terminal.once('SIGINT', () => {
        // As if the terminal were not being read: first everybody hears of it, then there is an answer.
        process.once('SIGINT', () => resolve(false));
        process.kill(process.pid, 'SIGINT');
      });
      terminal.once('close', () => {
        if (answered) return;
        process.stderr.write('\n');
        resolve(false);
      });
    });
  } finally {
    terminal.close();
  }
}
