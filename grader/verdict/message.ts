/** Makes a message fit the schema, whatever the machine or a check put into it. */
import type { Location, Message } from './result.ts';
import { shortenLog } from './log.ts';
import { plain, plainLine } from './text.ts';

export interface RawMessage extends Omit<Message, 'log'> {
  /** The whole log; comes out shortened. */
  wholeLog?: string | undefined;
}

export function toMessage(raw: RawMessage): Message {
  const message: Message = { text: plain(raw.text, 2000) };
  if (raw.expected !== undefined) message.expected = plain(raw.expected, 2000);
  if (raw.actual !== undefined) message.actual = plain(raw.actual, 2000);
  if (raw.state !== undefined) message.state = plain(raw.state, 2000);
  if (raw.help !== undefined) message.help = plain(raw.help, 2000);
  const location = raw.location && toLocation(raw.location);
  if (location) message.location = location;
  if (raw.lesson !== undefined) message.lesson = plainLine(raw.lesson, 128);
  if (raw.wholeLog) message.log = shortenLog(raw.wholeLog);
  if (raw.logFile !== undefined) message.logFile = plainLine(raw.logFile, 1000);
  return message;
}

function toLocation({ file, line, column, source }: Location): Location | null {
  // A compiler says line 0 for what has no place in the source.
  if (!Number.isInteger(line) || line < 1) return null;
  const location: Location = { file: plainLine(file, 255), line };
  if (column !== undefined && Number.isInteger(column) && column >= 1) location.column = column;
  if (source !== undefined) location.source = plainLine(source, 1000);
  return location;
}
