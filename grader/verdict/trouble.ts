/** Words for what went wrong on our side while a check ran. The stack is for the log, not for the learner. */
import { inspect } from 'node:util';
import { type LostReason, MachineLost, MachineUnavailable } from '../machine/machine.ts';
import type { Message } from './result.ts';

const lost: Record<LostReason, string> = {
  panic: 'The kernel of the test machine panicked',
  'power-off': 'The test machine switched itself off',
  silence: 'The test machine stopped answering',
  died: 'The test machine ended',
  garbled: 'The test machine said something that the grader does not understand',
};

const again = 'Grade it again. If it happens twice, please open an issue and attach the log.';

export function trouble(error: unknown): Pick<Message, 'text' | 'help'> & { log: string } {
  const log = inspect(error, { depth: 4 });
  if (error instanceof MachineLost) {
    return {
      text: `${lost[error.reason]} during this check. That is not your fault, and costs no points.`,
      help: again,
      log: `${log}\n\nThe end of its console:\n${error.console}\n`,
    };
  }
  if (error instanceof MachineUnavailable) return { text: error.message, help: error.remedy, log };
  const name = error instanceof Error ? error.name : 'an unknown value';
  return {
    text: `The grader itself failed during this check (${name}). That is not your fault, and costs no points.`,
    help: again,
    log,
  };
}
