/** A message as a terminal shows it, without colours and margin: for fences, <pre> and formats that show plain text. */
import type { Message } from '../verdict/result.ts';
import { renderMessage } from './message.ts';

const screen = { color: false, width: 100, unicode: true };

/** `log: false` leaves the end of the log out. */
export function messageText(message: Message, { log = true } = {}): string {
  const { log: end, ...rest } = message;
  return renderMessage({ ...rest, ...(log && end !== undefined && { log: end }) }, 'red', screen).replace(
    /^ {2}/gm,
    '',
  );
}
