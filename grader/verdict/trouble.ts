/** Words for what went wrong on our side while a check ran. The stack is for the log, not for the learner. */
import { inspect } from 'node:util';
import type { Message } from './result.ts';

/** An error that says itself what people read of it, such as a lost machine. `log` is for the log only. */
export interface Explained {
  readonly explained: { text: string; help: string; log?: string };
}

export function trouble(error: unknown): Pick<Message, 'text' | 'help'> & { log: string } {
  const log = inspect(error, { depth: 4 });
  if (isExplained(error)) {
    const { text, help, log: more } = error.explained;
    return { text, help, log: more === undefined ? log : `${log}\n\n${more}` };
  }
  const name = error instanceof Error ? error.name : 'an unknown value';
  return {
    text: `The grader itself failed during this check (${name}). That is not your fault, and costs no points.`,
    help: again,
    log,
  };
}

const again = 'Grade it again. If it happens twice, please open an issue and attach the log.';

function isExplained(error: unknown): error is Explained {
  return error instanceof Error && 'explained' in error;
}
