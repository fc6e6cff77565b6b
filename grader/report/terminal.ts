/** Results for people at a terminal. Pure: the caller says what the screen can, and what to do next. */
import type { CheckResult, Outcome, Report, Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { renderMessage } from './message.ts';
import { type Marks, type Paint, type Screen, type Style, ascii, marks, painter } from './paint.ts';

/** `next` are the lines that say what to do now, such as 'grade hint'. */
export function renderReport(report: Report, screen: Screen, next: readonly string[] = []): string {
  const { results, error } = report;
  if (error) return finish([renderError(error, screen)], screen, next);
  if (results.length === 1) return finish([renderResult(results[0]!, screen)], screen, next);
  // Of many, those that passed are a line each; what needs the reader comes last, above the total.
  const passed = results.filter((result) => result.outcome === 'pass');
  const others = results.filter((result) => result.outcome !== 'pass');
  const lines = passed.map((result) => `  ${summary(result, screen)}`).join('\n');
  return finish([lines, ...others.map((result) => renderResult(result, screen)), total(results, screen)], screen, next);
}

/** One exercise: its checks, what is wrong, the points. */
export function renderResult(result: Result, screen: Screen): string {
  const paint = painter(screen);
  const marking = marks(screen);
  const title = `${paint('bold', plainLine(result.exercise))} ${paint('dim', `${marking.dot} ${plainLine(result.title)}`)}`;
  const parts = [title];
  if (result.checks.length > 0) parts.push(renderChecks(result.checks, screen));
  if (result.message) parts.push(renderMessage(result.message, styleOf[result.outcome], screen));
  for (const check of result.checks) {
    const told = check.outcome === 'fail' || check.outcome === 'error' || check.outcome === 'unsupported';
    if (told && check.message) parts.push(renderMessage(check.message, styleOf[check.outcome], screen));
  }
  parts.push(`  ${verdict(result, screen)}\n  ${paint('dim', circumstances(result, marking))}`);
  return parts.join('\n\n');
}

export const styleOf: Record<Outcome, Style> = {
  pass: 'green',
  fail: 'red',
  skipped: 'dim',
  unsupported: 'yellow',
  invalid: 'red',
  error: 'magenta',
};

function markOf(outcome: Outcome, marking: Marks): string {
  if (outcome === 'pass' || outcome === 'skipped' || outcome === 'unsupported') return marking[outcome];
  return marking.fail;
}

export function renderChecks(checks: readonly CheckResult[], screen: Screen): string {
  const paint = painter(screen);
  const marking = marks(screen);
  const stageWidth = Math.max(...checks.map((check) => check.stage.length));
  const titles = checks.map((check) => plainLine(check.title));
  const titleWidth = Math.min(Math.max(...titles.map((title) => title.length)), screen.width - stageWidth - 16);
  return checks
    .map((check, i) => {
      const quiet = check.outcome === 'skipped';
      const stage = check.stage.padEnd(stageWidth);
      const title = titles[i]!.padEnd(titleWidth);
      return [
        `  ${paint(styleOf[check.outcome], markOf(check.outcome, marking))}`,
        paint('dim', stage),
        quiet ? paint('dim', title) : title,
        paint('dim', pointsOf(check)),
      ].join(' ').trimEnd();
    })
    .join('\n');
}

function pointsOf({ points, maxPoints }: CheckResult): string {
  return maxPoints > 0 ? ` ${number(points)}/${number(maxPoints)}` : '';
}

const wordOf: Record<Outcome, string> = {
  pass: 'Passed',
  fail: 'Not yet',
  skipped: 'Skipped',
  unsupported: 'Cannot be graded on this machine',
  invalid: 'Not graded: the submission is not complete',
  error: 'Not graded: the grader failed, not you',
};

export function verdict(result: Result, screen: Screen): string {
  const { outcome, points, maxPoints } = result;
  const mark = markOf(outcome, marks(screen));
  const of = maxPoints > 0 ? `: ${number(points)} of ${plural(maxPoints, 'point')}` : '';
  return painter(screen)(['bold', styleOf[outcome]].flat() as Style, `${mark} ${wordOf[outcome]}${of}`);
}

function summary(result: Result, screen: Screen): string {
  const paint = painter(screen);
  const { points, maxPoints, outcome, exercise, machine } = result;
  const facts = [`${number(points)}/${number(maxPoints)}`, ...(machine ? [`Linux ${plainLine(machine.kernel)}`] : [])];
  return `${paint(styleOf[outcome], markOf(outcome, marks(screen)))} ${plainLine(exercise)}${paint('dim', `  ${facts.join('  ')}`)}`;
}

/** Kernel, machine and seed: what it takes to see the same again. */
function circumstances({ machine, seed, durationMs }: Result, { dot }: Marks): string {
  if (!machine) return 'nothing was run';
  const where = machine.kind === 'vm' ? `VM (${plainLine(machine.accelerator)})` : 'this host';
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  return [`Linux ${plainLine(machine.kernel)}`, where, seconds, `--seed ${plainLine(seed)}`].join(` ${dot} `);
}

function total(results: readonly Result[], screen: Screen): string {
  const count = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  const said: [Outcome, string][] = [
    ['pass', 'passed'],
    ['fail', 'not yet'],
    ['invalid', 'not complete'],
    ['unsupported', 'not gradable here'],
    ['error', 'grader error'],
  ];
  const paint: Paint = painter(screen);
  const counts = said.filter(([outcome]) => count(outcome) > 0).map(([outcome, word]) => paint(styleOf[outcome], `${count(outcome)} ${word}`));
  const sum = (of: (result: Result) => number) => results.reduce((all, result) => all + of(result), 0);
  const points = `${number(sum((r) => r.points))} of ${plural(sum((r) => r.maxPoints), 'point')}`;
  return `  ${paint('bold', plural(results.length, 'exercise'))}: ${counts.join(', ') || 'none'}; ${points}`;
}

function renderError({ message, remedy }: NonNullable<Report['error']>, screen: Screen): string {
  return renderMessage({ text: message, ...(remedy && { help: remedy }) }, 'red', screen);
}

function finish(parts: string[], screen: Screen, next: readonly string[]): string {
  const { arrow } = marks(screen);
  const paint = painter(screen);
  const steps = next.map((line) => `  ${paint('cyan', arrow)} ${plain(line)}`).join('\n');
  const text = [...parts, steps].filter((part) => part !== '').join('\n\n') + '\n';
  return screen.unicode ? text : ascii(text);
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function plural(count: number, word: string): string {
  return `${number(count)} ${word}${count === 1 ? '' : 's'}`;
}
