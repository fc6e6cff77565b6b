/** The command line of `npm run bench:peers`. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../../support/clone.ts';
import type { Scale } from './rounds.ts';

export interface Options extends Scale {
  withVirtme: boolean;
  /** Where the page goes: a folder that is there. */
  to: string;
  render: boolean;
}

/** A sentence for people if they cannot be taken, before anything is measured. */
export function readOptions(args: readonly string[]): Options | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        exercises: { type: 'string' },
        'without-virtme': { type: 'boolean', default: false },
        to: { type: 'string', default: join(repository, 'docs') },
        render: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return (error as Error).message;
  }
  const { quick, to, render } = values;
  const [rounds, exercises] = [values.rounds ?? (quick ? '2' : '10'), values.exercises ?? (quick ? '4' : '20')];
  for (const [name, text] of Object.entries({ rounds, exercises }))
    if (!/^[1-9]\d{0,2}$/.test(text)) return `--${name} takes a number from 1 to 999, not “${text}”.`;
  if (!statSync(to, { throwIfNoEntry: false })?.isDirectory()) return `--to: there is no folder ${to}.`;
  return {
    rounds: Number(rounds),
    exercises: Number(exercises),
    source: !quick,
    withVirtme: !values['without-virtme'],
    to,
    render,
  };
}
