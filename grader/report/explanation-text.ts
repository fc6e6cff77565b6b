/** What `grade explain` says, on a terminal. Pure. */
import type { ExplanationDocument } from './explanation.ts';
import { renderMessage } from './message.ts';
import { othersOf } from './message-parts.ts';
import { type Screen, ascii, painter } from './paint.ts';

export function renderExplanation({ message, recognised, more }: ExplanationDocument, screen: Screen): string {
  const paint = painter(screen);
  const others = more === 0 ? '' : `\n\n  ${paint('dim', othersOf(more))}`;
  const all = `${renderMessage(message, recognised ? 'red' : 'yellow', screen)}${others}\n`;
  return screen.unicode ? all : ascii(all);
}
