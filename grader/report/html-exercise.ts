/** One exercise of the HTML report: how far it got, every check, and what it takes to see the same again. */
import type { CheckResult, Location, Message, Result } from '../verdict/result.ts';
import { plain, plainLine } from '../verdict/text.ts';
import { html } from './escape.ts';
import { isJudged } from './judged.ts';
import { utf16Column } from './location.ts';
import { causeOf, stagesOf } from './stages.ts';
import { checkWords, pointsText, seconds, signOf, wordOf } from './words.ts';

const logLines = 60;

/** `id`: unique in the page. */
export function renderExercise(result: Result, id: string): string {
  const { title, exercise, outcome, checks, message } = result;
  return `<article id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${html(title)}</h2>
<p class="lead"><code>${html(exercise)}</code> <span class="badge ${outcome}">${html(wordOf[outcome])}</span>${isJudged(result) ? ` <strong>${html(pointsText(result))}</strong>` : ''}</p>
${[strip(checks), message ? `<section class="check ${outcome}">${about(message)}</section>` : '', ...checks.map((check) => renderCheck(check, checks)), setting(result)].filter((part) => part !== '').join('\n')}
</article>`;
}

function strip(checks: readonly CheckResult[]): string {
  const items = stagesOf(checks).map(
    ({ stage, outcome }) =>
      `<li class="${outcome}"><span aria-hidden="true">${signOf[outcome]}</span> ${stage}<span class="hidden">: ${html(checkWords[outcome])}</span></li>`,
  );
  return items.length > 0 ? `<ol class="stages" aria-label="How far it got">${items.join('')}</ol>` : '';
}

function renderCheck(check: CheckResult, all: readonly CheckResult[]): string {
  const { title, stage, outcome, rationale, message, hint } = check;
  const told = message && outcome !== 'skipped' ? about(message, hint) : '';
  return `<section class="check ${outcome}">
<div class="row"><h3><span class="sign" aria-hidden="true">${signOf[outcome]}</span> ${html(title)}</h3><span class="facts"><span>${stage}</span> <span class="badge ${outcome}">${html(checkWords[outcome])}</span>${points(check)}</span></div>
<p class="why">${waiting(check, all)}Why it is checked: ${html(rationale)}</p>${told}
</section>`;
}

function points(check: CheckResult): string {
  return check.maxPoints > 0 ? ` <span class="points">${html(pointsText(check))}</span>` : '';
}

function waiting(check: CheckResult, all: readonly CheckResult[]): string {
  const cause = check.waitsFor === undefined ? undefined : (causeOf(all, check)?.title ?? check.waitsFor);
  return cause === undefined ? '' : `Waits for “${html(cause)}”. `;
}

function about(
  { text, location, expected, actual, state, help, lesson, log, logFile }: Message,
  hint?: string,
): string {
  const facts = [
    ['Expected', expected],
    ['Seen', actual],
    ['At this point', state],
    ['What to do', help],
    ['Lesson', lesson],
    ['Hint', hint],
  ] as const;
  const list = facts.flatMap(([label, value]) => (value ? [`<dt>${label}</dt><dd>${html(value)}</dd>`] : []));
  return `<p class="text">${html(text)}</p>${location ? excerpt(location) : ''}${list.length > 0 ? `<dl>${list.join('')}</dl>` : ''}${logEnd(log, logFile)}`;
}

/** The learner's own line, with what the message points at marked. */
function excerpt(location: Location): string {
  const { file, line, column, source } = location;
  const caption = `<figcaption>${html(plainLine(file))}, line ${line}${column === undefined ? '' : `, column ${column}`}</figcaption>`;
  if (source === undefined) return `<figure>${caption}</figure>`;
  const text = plainLine(source);
  const at = utf16Column(location);
  const [word = ''] = at === undefined ? [] : (/\w+|\S/u.exec(text.slice(at - 1)) ?? []);
  const from = word === '' ? text.length : text.indexOf(word, at! - 1);
  const marked =
    word === ''
      ? html(text)
      : `${html(text.slice(0, from))}<mark>${html(word)}</mark>${html(text.slice(from + word.length))}`;
  return `<figure>${caption}<pre><code>${marked}</code></pre></figure>`;
}

function logEnd(log: string | undefined, logFile: string | undefined): string {
  const lines = plain(log ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.length === 0) return '';
  const whole =
    logFile === undefined
      ? ''
      : `<p class="quiet">The whole log, where it was graded: <code>${html(plainLine(logFile))}</code></p>`;
  return `<details><summary>${lines.length > logLines ? 'The end of the log' : 'The log'}</summary><pre>${html(lines.slice(-logLines).join('\n'))}</pre>${whole}</details>`;
}

/** Kernel, image, seed: what it takes to see the same again. */
function setting({ machine, seed, exercise, submission, digest, startedAt, durationMs }: Result): string {
  const where = machine && (machine.kind === 'vm' ? `VM (${machine.accelerator})` : 'this host, as root');
  const facts: [string, string | null | undefined][] = [
    ['Graded', `${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC, ${seconds(durationMs)}`],
    ['Submission', submission],
    ['Its files', digest],
    ['Kernel', machine && `Linux ${machine.kernel}, ${machine.arch}`],
    ['Machine', where],
    ['Guest image', machine?.image],
    ['Seed', seed],
    ['The same again', machine && `npx grade ${exercise} --seed ${seed}`],
  ];
  return `<dl class="setting">${facts.flatMap(([label, value]) => (value ? [`<dt>${label}</dt><dd>${html(plainLine(value))}</dd>`] : [])).join('')}</dl>`;
}
