/** Words for a run that came to no verdict. */
import type { Problem } from './messages.ts';

const next: Record<Problem['what'], string> = {
  download: 'Check your connection, and run it again: what has arrived is kept.',
  damaged: 'Reload the page, and run it again. If it happens twice, please open an issue.',
  memory: 'Close other tabs and programs, and run it again; or use the command line.',
  machine: 'Run it again. If it happens twice, please open an issue.',
  page: 'Reload the page, and run it again. If it happens twice, please open an issue.',
};

/** `came`: what the problem kept from happening. */
export function sentenceOf({ what, message }: Problem, came = 'Nothing was judged'): string {
  return `${came}: ${message}. ${next[what]}`;
}
