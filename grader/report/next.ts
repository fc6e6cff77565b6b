/** What to do now: one step, and below it what else helps. */
import { plain } from '../verdict/text.ts';
import { marks, painter, type Screen, wrap } from './paint.ts';

/** The empty text if there is nothing to do. */
export function renderNext([step, ...more]: readonly string[], screen: Screen): string {
  if (step === undefined) return '';
  const { arrow } = marks(screen);
  const paint = painter(screen);
  const gap = screen.plain ? '' : ' '.repeat(arrow.length + 1);
  return [
    `  ${paint('cyan', arrow)} ${plain(step)}`,
    ...more
      .flatMap((line) => wrap(plain(line), screen.width - gap.length - 2))
      .map((line) => paint('dim', `  ${gap}${line}`)),
  ].join('\n');
}
