/** Results as Markdown for GitHub: a table, then what failed. Short enough for a comment; also for a job's summary. */
import type { Message, Outcome, Report, Result } from '../verdict/result.ts';
import { cut, plain, plainLine } from '../verdict/text.ts';
import { markdownCode, markdownFence, markdownLine, withoutWorkflowCommands } from './escape.ts';
import { isJudged, toldChecks, totalPoints } from './judged.ts';
import { messageText } from './message-text.ts';
import { countOutcomes, howFar, number, plural, pointsText, seconds, signOf, wordOf } from './words.ts';

// A comment may have 65,536 characters, and whoever posts one adds a line or two.
const commentLimit = 60_000;
// Of the limit, for the sentence on what is missing.
const reserve = 200;
const logLines = 40;

/** At most `limit` characters: what does not fit is counted, in a sentence. */
export function renderMarkdown(report: Report, limit = commentLimit): string {
  const { results, error } = report;
  const head = [
    heading(report),
    ...(error ? [markdownFence(cut(plain([error.message, error.remedy].filter(Boolean).join('\n')), 5000))] : []),
  ];
  if (results.length > 0) head.push(table(results, limit / 3));
  const above = withoutWorkflowCommands(head.join('\n\n'));
  const below = fitting(
    results.filter(({ outcome }) => outcome !== 'pass'),
    limit - above.length - reserve,
  );
  return `${[above, ...below].join('\n\n')}\n`;
}

function heading({ results, error }: Report): string {
  const counts = countOutcomes(results)
    .map(([, text]) => text)
    .join(', ');
  const total = totalPoints(results);
  const has = (outcome: Outcome) => results.some((result) => result.outcome === outcome);
  const passed = !error && results.length > 0 && results.every(({ outcome }) => outcome === 'pass');
  const said = results.length === 0 ? 'Nothing was graded' : `${plural(results.length, 'exercise')}: ${counts}`;
  return `### ${signOf[passed ? 'pass' : has('fail') ? 'fail' : 'error']} ${said}${total.maxPoints > 0 ? `; ${pointsText(total)}` : ''}`;
}

function table(results: readonly Result[], limit: number): string {
  const rows = results.map(
    (result) =>
      `| ${[`${signOf[result.outcome]} ${markdownCode(cut(result.exercise, 128))}`, wordOf[result.outcome], points(result), howFar(result.checks), where(result)].join(' | ')} |`,
  );
  const lines = ['| Exercise | Verdict | Points | How far | Where |', '|---|---|--:|---|---|'];
  let left = limit - lines.join('\n').length;
  const shown = rows.filter((row) => (left -= row.length + 1) >= 0);
  return [
    ...lines,
    ...shown,
    ...(shown.length < rows.length ? ['', `… and ${plural(rows.length - shown.length, 'exercise')} more.`] : []),
  ].join('\n');
}

/** Nobody earned or lost what was not judged. */
function points(result: Result): string {
  return isJudged(result) ? `${number(result.points)}/${number(result.maxPoints)}` : '–';
}

function where({ machine }: Result): string {
  return machine ? `Linux ${markdownLine(cut(machine.kernel, 60))}` : '–';
}

/** As many parts as fit, from the first, and a sentence on the rest. */
function fitting(results: readonly Result[], limit: number): string[] {
  const kept: string[] = [];
  let left = limit;
  for (const [i, result] of results.entries()) {
    for (const part of parts(result).map(withoutWorkflowCommands)) {
      left -= part.length + 2;
      if (left < 0)
        return [
          ...kept,
          `… The rest of ${plural(results.length - i, 'exercise')} is left out: it is too long for here.`,
        ];
      kept.push(part);
    }
  }
  return kept;
}

/** Of one exercise; each is whole in itself. */
function parts(result: Result): string[] {
  const checks = toldChecks(result).map((check) => {
    const title = `${signOf[check.outcome]} **${check.stage}** ${markdownLine(cut(check.title, 200))}`;
    return [
      title,
      ...(check.message ? [told(check.message)] : []),
      ...(check.hint === undefined ? [] : [details('A hint', markdownFence(check.hint))]),
    ].join('\n\n');
  });
  const title = `#### ${markdownCode(cut(result.exercise, 128))} ${markdownLine(cut(result.title, 200))}`;
  return [title, ...(result.message ? [told(result.message)] : []), ...checks, circumstances(result)].filter(
    (part) => part !== '',
  );
}

/** The words that matter open, in a fence; the tool's own folded. */
function told(message: Message): string {
  const lines = plain(message.log ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-logLines);
  const log = lines.length > 0 ? [details('The end of the log', markdownFence(cut(lines.join('\n'), 4000)))] : [];
  return [markdownFence(messageText(message, { log: false })), ...log].join('\n\n');
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

function circumstances({ exercise, seed, machine, durationMs, checks }: Result): string {
  const waiting = checks.filter(({ outcome }) => outcome === 'skipped').length;
  const facts = [
    ...(waiting > 0 ? [`${plural(waiting, 'check')} not run: an earlier one must pass first.`] : []),
    ...(machine
      ? [
          `Linux ${markdownLine(machine.kernel)}, ${markdownLine(machine.accelerator)}, ${seconds(durationMs)}. The same again: ${markdownCode(`npx grade ${plainLine(exercise)} --seed ${plainLine(seed)}`)}`,
        ]
      : []),
  ];
  return facts.join(' ');
}
