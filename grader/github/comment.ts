/** A report as a comment, a job summary and check runs. Pure; learners' text stands in fences alone. */
import { markdownCode as code, markdownFence, markdownLine } from '../report/escape.ts';
import { isJudged, totalPoints } from '../report/judged.ts';
import { renderMessage } from '../report/message.ts';
import { stagesOf } from '../report/stages.ts';
import { number, plural, pointsText } from '../report/words.ts';
import type { CheckResult, Outcome, Report, Result } from '../verdict/result.ts';
import { cut } from '../verdict/text.ts';

export interface About {
  headSha: string;
  /** Of the job whose summary has every check. */
  url: string;
  /** Submissions of the pull request that no job graded. */
  ungraded: readonly string[];
  /** Files of its author that are of no exercise. */
  passedOver: readonly string[];
  /** Login of who set the label that asked for this second verdict; null if GitHub does not say. Undefined for a first verdict. */
  secondLook?: string | null;
}

const marks: Record<Outcome, string> = {
  pass: '✅',
  fail: '❌',
  skipped: '➖',
  unsupported: '⚪',
  invalid: '⚠️',
  error: '⚠️',
};
const words: Record<Outcome, string> = {
  pass: 'passed',
  fail: 'not yet',
  skipped: 'skipped',
  unsupported: 'cannot be graded on this kernel',
  invalid: 'not complete, so nothing was run',
  error: 'not graded: the grader failed, not you',
};
/** As the grader draws at home, without colours. */
const screen = { color: false, width: 100, unicode: true };
/** GitHub's limits, in bytes, because a summary that is too long by those is dropped whole. */
const mostComment = 60_000;
const mostSummary = 1_000_000;

export function renderComment(report: Report, about: About): string {
  const parts = [
    heading(report, about),
    ...overview(report, about),
    ...report.results.flatMap((result) => (result.outcome === 'pass' ? [] : verdictOf(result))),
    footer(report, about),
  ];
  return fit(
    parts,
    mostComment,
    `There is more than fits into a comment: [everything](${about.url}).\n\n${footer(report, about)}`,
  );
}

/** Every check of every exercise, with the ends of the logs. Without `about` it says nothing of a pull request. */
export function renderSummary(report: Report, about?: About): string {
  const parts = [
    heading(report, about),
    ...overview(report, about),
    ...report.results.flatMap(detailsOf),
    about ? footer(report, about) : `Graded in ${machinesOf(report.results)}.`,
  ];
  return fit(parts, mostSummary, 'There is more than fits into a summary: see the results of the run.');
}

/** `of`: the results of one exercise, one a kernel. At most 65,535 characters. */
export function renderCheckRun(of: readonly Result[]): string {
  return fit(of.flatMap(detailsOf), mostComment, 'There is more than fits here.');
}

/** 'Not yet: 3 of 8 points' */
export function titleOf({ outcome, points, maxPoints }: Pick<Result, 'outcome' | 'points' | 'maxPoints'>): string {
  const said = `${words[outcome][0]!.toUpperCase()}${words[outcome].slice(1)}`;
  return maxPoints > 0 && outcome !== 'invalid' ? `${said}: ${number(points)} of ${plural(maxPoints, 'point')}` : said;
}

/** '3 of 22 passed, 27 of 198 points' */
export function titleOfAll(results: readonly Result[]): string {
  const passed = results.filter(({ outcome }) => outcome === 'pass').length;
  const total = totalPoints(results);
  return `${passed} of ${results.length} passed${total.maxPoints > 0 ? `, ${pointsText(total)}` : ''}`;
}

/** A polite answer where there is no verdict to give. */
export function renderNotice(
  title: string,
  text: string,
  paths: readonly string[],
  about: Pick<About, 'headSha' | 'url'>,
): string {
  return [
    `### Hookpoint: ${inline(title)}`,
    inline(text, 2000),
    ...(paths.length > 0 ? [fence(paths.join('\n'))] : []),
    footer({ results: [] }, about),
  ].join('\n\n');
}

function heading({ results }: Report, { secondLook }: Pick<About, 'secondLook'> = {}): string {
  const passed = results.filter(({ outcome }) => outcome === 'pass').length;
  const total = totalPoints(results);
  const said =
    results.length === 0
      ? 'nothing was graded'
      : passed === results.length
        ? 'all passed'
        : `${passed} of ${results.length} passed`;
  const whose = secondLook === undefined ? '' : ', second look';
  const told = secondLook === undefined ? '' : `\n\n${aboutSecondLook(secondLook)}`;
  return `### Hookpoint${whose}: ${said}${total.maxPoints > 0 ? `, ${pointsText(total)}` : ''}${told}`;
}

function aboutSecondLook(login: string | null): string {
  const by = login === null ? '' : ` by ${code(login)}`;
  return `The same commit was graded once more, with the course as it is now and another workload: the label ‘second look’ was set${by}. The first verdict stays where it is; of the same files the newest verdict counts.`;
}

function overview(
  { results, error }: Report,
  { ungraded, passedOver }: Pick<About, 'ungraded' | 'passedOver'> = { ungraded: [], passedOver: [] },
): string[] {
  const rows = results.map(
    (result) =>
      `| ${marks[result.outcome]} | **${inline(result.exercise)}** ${inline(result.title)} | ${isJudged(result) && result.maxPoints > 0 ? `${number(result.points)} of ${number(result.maxPoints)}` : '–'} | ${result.machine ? code(result.machine.kernel) : '–'} |`,
  );
  return [
    ...(rows.length > 0 ? [['| | Exercise | Points | Linux |', '|:-:|---|--:|---|', ...rows].join('\n')] : []),
    ...(error
      ? [
          `⚠️ Some of it could not be graded. That is not your fault: a maintainer can run it again.\n\n${fence(error.message, 2000)}`,
        ]
      : []),
    ...(ungraded.length > 0
      ? [
          `Not graded, because the course has no exercise of that name, or no job came to it:\n\n${fence(ungraded.slice(0, 20).join('\n'))}`,
        ]
      : []),
    ...(passedOver.length > 0
      ? [
          `Not looked at, because it belongs to no exercise. It costs nothing:\n\n${fence(passedOver.slice(0, 20).join('\n'))}`,
        ]
      : []),
  ];
}

/** What is wrong, in the same words as at home, and what to do next. */
function verdictOf(result: Result): string[] {
  const told = result.checks.filter(
    ({ outcome }) => outcome === 'fail' || outcome === 'error' || outcome === 'unsupported',
  );
  const messages = [result.message, ...told.map((check) => check.message && renderTold(check))];
  const blocks = messages.flatMap((message) =>
    message === undefined ? [] : [fence(typeof message === 'string' ? message : renderMessage(message, 'red', screen))],
  );
  return [title(result), ...pathOf(result), ...blocks, ...again(result)];
}

function detailsOf(result: Result): string[] {
  const rows = result.checks.map(
    (check) =>
      `| ${marks[check.outcome]} | ${check.stage} | ${inline(check.title)} | ${check.maxPoints > 0 ? `${number(check.points)} of ${number(check.maxPoints)}` : '–'} |`,
  );
  const table = rows.length > 0 ? [['| | Stage | Check | Points |', '|:-:|---|---|--:|', ...rows].join('\n')] : [];
  const [first, ...rest] = verdictOf(result);
  return [first!, ...table, ...(result.outcome === 'pass' ? [] : rest)];
}

function title(result: Result): string {
  return `#### ${marks[result.outcome]} ${inline(result.exercise)}: ${inline(titleOf(result).replace(/^./, (sign) => sign.toLowerCase()))}`;
}

/** How far it got: each stage once. */
function pathOf({ checks }: Result): string[] {
  return checks.length > 0
    ? [
        stagesOf(checks)
          .map(({ stage, outcome }) => `${marks[outcome]} ${stage}`)
          .join(' → '),
      ]
    : [];
}

function renderTold(check: CheckResult): string {
  return `${check.title}\n\n${renderMessage(check.message!, 'red', screen, check.outcome === 'fail' ? { ...(check.hint !== undefined && { hint: check.hint }) } : {})}`;
}

function again({ outcome, exercise, seed, machine }: Result): string[] {
  if (outcome !== 'fail' || !machine) return [];
  const kernel = machine.kind === 'vm' ? ` --kernel ${/^\d+\.\d+/.exec(machine.kernel)?.[0]}` : '';
  return [
    `The same again at home: ${code(`npx grade ${exercise}${kernel} --seed ${seed}`)}. The next hint: ${code(`npx grade hint ${exercise}`)}`,
  ];
}

function footer({ results }: Pick<Report, 'results'>, { headSha, url }: Pick<About, 'headSha' | 'url'>): string {
  const machines = results.some(({ machine }) => machine) ? `, graded in ${machinesOf(results)}` : '';
  return `Commit ${code(headSha.slice(0, 7))}${machines} · [every check](${url})`;
}

/** With the accelerator: an emulated guest is slower, and a teacher wonders why. */
function machinesOf(results: readonly Result[]): string {
  const machines = results.flatMap(({ machine }) =>
    machine ? [`${machine.kind === 'vm' ? 'a throw-away guest' : 'the runner itself'} (${machine.accelerator})`] : [],
  );
  return [...new Set(machines)].join(' and ') || 'no machine';
}

function inline(text: string, max = 300): string {
  return markdownLine(cut(text, max));
}

function fence(text: string, max = 20_000): string {
  return markdownFence(cut(text, max));
}

/** Of the parts, as many as fit whole into `max` bytes of UTF-8, with a word in place of the rest. The first is always there. */
export function fit(parts: readonly string[], max: number, rest: string): string {
  const all = parts.join('\n\n');
  if (Buffer.byteLength(all) <= max) return all;
  const kept: string[] = [];
  let length = Buffer.byteLength(rest) + 2;
  for (const part of parts) {
    if ((length += Buffer.byteLength(part) + 2) > max) break;
    kept.push(part);
  }
  return [...kept, rest].join('\n\n');
}
