/** Results for people at a terminal. Pure: the caller says what the screen can, and what to do next. */
import type { CheckResult, Outcome, Report, Result } from '../verdict/result.ts';
import { plainLine } from '../verdict/text.ts';
import { renderMessage } from './message.ts';
import { renderNext } from './next.ts';
import {
  ascii,
  type Marks,
  marks,
  pad,
  type Paint,
  painter,
  type Screen,
  type Style,
  visibleLength,
  wrap,
} from './paint.ts';
import { causeOf, stagesOf } from './stages.ts';
import { countOutcomes, howFar, number, plural, seconds, wordOf } from './words.ts';

/** `next` says what to do now, and below it what else helps, such as 'Stuck? npx grade hint'. */
export function renderReport(report: Report, screen: Screen, next: readonly string[] = []): string {
  const { results, error } = report;
  if (error) return finish([renderError(error, screen)], screen, next);
  if (results.length === 1) return finish([renderResult(results[0]!, screen)], screen, next);
  // Of many, those that passed are a line each; what needs the reader comes last, above the total.
  const passed = results.filter((result) => result.outcome === 'pass');
  const others = results.filter((result) => result.outcome !== 'pass');
  const lines = passed.map((result) => `  ${renderSummary(result, screen)}`).join('\n');
  return finish([lines, ...others.map((result) => renderResult(result, screen)), total(results, screen)], screen, next);
}

/** One exercise: its checks, what is wrong, the points. */
export function renderResult(result: Result, screen: Screen): string {
  const paint = painter(screen);
  const marking = marks(screen);
  const title = `${paint('bold', plainLine(result.exercise))}${paint('dim', `${between(marking.dot)}${plainLine(result.title)}`)}`;
  const parts = [title];
  if (result.checks.length > 0)
    parts.push(
      `  ${renderStages(result.checks, screen)}\n\n${[renderChecks(result.checks, screen), ...renderWaiting(result.checks, screen)].join('\n')}`,
    );
  if (result.message) parts.push(renderMessage(result.message, styleOf[result.outcome], screen));
  for (const check of result.checks) {
    const told = check.outcome === 'fail' || check.outcome === 'error' || check.outcome === 'unsupported';
    // `grade hint` goes on from the hint of the first check that failed.
    const first = check === result.checks.find(({ outcome }) => outcome === 'fail');
    const about = check.outcome === 'fail' ? { rationale: check.rationale, ...(first && { hint: check.hint }) } : {};
    if (told && check.message) parts.push(renderMessage(check.message, styleOf[check.outcome], screen, about));
  }
  parts.push(`  ${verdict(result, screen)}\n  ${paint('dim', circumstances(result, marking))}`);
  return parts.join('\n\n');
}

export const styleOf: Record<Outcome, Style> = {
  pass: 'green',
  fail: 'red',
  skipped: 'dim',
  unsupported: 'yellow',
  invalid: 'yellow',
  error: 'magenta',
};

const plainWords: Record<Outcome, string> = {
  pass: 'passed',
  fail: 'failed',
  skipped: 'skipped',
  unsupported: 'cannot be checked here',
  invalid: 'not complete',
  error: 'grader error',
};

/** What only a colour says elsewhere is a word of its own in plain mode. */
function markOf(outcome: Outcome, screen: Screen): string {
  if (screen.plain) return `${plainWords[outcome]}:`;
  return marks(screen)[outcome === 'invalid' ? 'error' : outcome];
}

export function renderChecks(checks: readonly CheckResult[], screen: Screen): string {
  const paint = painter(screen);
  if (screen.plain)
    return checks
      .map(
        (check) =>
          `  ${[`${markOf(check.outcome, screen)} ${check.stage}`, plainLine(check.title), ...earned(check)].join(', ')}`,
      )
      .join('\n');
  const titles = checks.map((check) => plainLine(check.title));
  const titleWidth = Math.min(Math.max(...titles.map(visibleLength)), screen.width - 12);
  return checks
    .map((check, i) => {
      const quiet = check.outcome === 'skipped';
      const [first = '', ...rest] = wrap(titles[i]!, titleWidth);
      const title = pad(first, titleWidth);
      const line = [
        `  ${paint(styleOf[check.outcome], markOf(check.outcome, screen))}`,
        quiet ? paint('dim', title) : title,
        paint('dim', pointsOf(check)),
      ];
      return [line.join(' ').trimEnd(), ...rest.map((more) => `    ${quiet ? paint('dim', more) : more}`)].join('\n');
    })
    .join('\n');
}

/** How far it got: each stage once, in order. */
export function renderStages(checks: readonly CheckResult[], screen: Screen): string {
  const paint = painter(screen);
  if (screen.plain) return `How far it got: ${howFar(checks)}.`;
  return stagesOf(checks)
    .map(({ stage, outcome }) => paint(styleOf[outcome], `${markOf(outcome, screen)} ${stage}`))
    .join(paint('dim', ` ${marks(screen).arrow} `));
}

/** 'waits for' the check that keeps it from being run, said once for all that wait for the same. */
function renderWaiting(checks: readonly CheckResult[], screen: Screen): string[] {
  const waiting = checks.filter(({ outcome }) => outcome === 'skipped');
  const causes = [...new Set(waiting.map((check) => causeOf(checks, check)))];
  return causes.flatMap((cause) => {
    const many = waiting.filter((check) => causeOf(checks, check) === cause).length;
    return cause
      ? [
          painter(screen)(
            'dim',
            `  ${many === 1 ? '1 check waits' : `${many} checks wait`} for “${plainLine(cause.title)}”.`,
          ),
        ]
      : [];
  });
}

function pointsOf({ points, maxPoints }: CheckResult): string {
  return maxPoints > 0 ? ` ${number(points)}/${number(maxPoints)}` : '';
}

function earned({ points, maxPoints }: Pick<CheckResult, 'points' | 'maxPoints'>): string[] {
  return maxPoints > 0 ? [`${number(points)} of ${plural(maxPoints, 'point')}`] : [];
}

export function verdict(result: Result, screen: Screen): string {
  const { outcome } = result;
  const [of] = earned(result);
  const said = of
    ? `${wordOf[outcome]}: ${of}`
    : outcome === 'pass'
      ? wordOf[outcome]
      : `${wordOf[outcome]}. It costs no points.`;
  return painter(screen)(
    ['bold', styleOf[outcome]].flat() as Style,
    screen.plain ? said : `${markOf(outcome, screen)} ${said}`,
  );
}

/** An exercise on one line. */
export function renderSummary(result: Result, screen: Screen): string {
  const paint = painter(screen);
  const { points, maxPoints, outcome, exercise, machine } = result;
  const facts = [
    ...(screen.plain ? earned(result) : [`${number(points)}/${number(maxPoints)}`]),
    ...(machine ? [`Linux ${plainLine(machine.kernel)}`] : []),
  ];
  const gap = screen.plain ? ', ' : '  ';
  return `${paint(styleOf[outcome], markOf(outcome, screen))} ${plainLine(exercise)}${paint('dim', `${gap}${facts.join(gap)}`)}`;
}

/** Kernel, machine and seed: what it takes to see the same again. */
function circumstances({ machine, seed, durationMs }: Result, { dot }: Marks): string {
  if (!machine) return 'nothing was run';
  const where = machine.kind === 'vm' ? `VM (${plainLine(machine.accelerator)})` : 'this host';
  return [`Linux ${plainLine(machine.kernel)}`, where, seconds(durationMs), `--seed ${plainLine(seed)}`].join(
    between(dot),
  );
}

function total(results: readonly Result[], screen: Screen): string {
  const paint: Paint = painter(screen);
  const counts = countOutcomes(results).map(([outcome, text]) => paint(styleOf[outcome], text));
  const sum = (of: (result: Result) => number) => results.reduce((all, result) => all + of(result), 0);
  const points = `${number(sum((r) => r.points))} of ${plural(
    sum((r) => r.maxPoints),
    'point',
  )}`;
  return `  ${paint('bold', plural(results.length, 'exercise'))}: ${counts.join(', ') || 'none'}; ${points}`;
}

function renderError({ message, remedy }: NonNullable<Report['error']>, screen: Screen): string {
  return renderMessage({ text: message, ...(remedy && { help: remedy }) }, 'red', screen);
}

function finish(parts: string[], screen: Screen, next: readonly string[]): string {
  const text = [...parts, renderNext(next, screen)].filter((part) => part !== '').join('\n\n') + '\n';
  return screen.unicode ? text : ascii(text);
}

/** A comma has no space in front of it. */
function between(dot: string): string {
  return dot === ',' ? ', ' : ` ${dot} `;
}
