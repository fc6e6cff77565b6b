import { createHash } from 'node:crypto';
import { HtmlValidate } from 'html-validate';
import { parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../../grader/report/html.ts';
import { palettes } from '../../../grader/report/html-style.ts';
import { makeReport } from '../../../grader/report/json.ts';
import type { Report } from '../../../grader/verdict/result.ts';
import { elements, textOf } from './dom.ts';
import { errored, everyOutcome, failed, hostile, hostileResult, pass, result, skipped } from './results.ts';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
});
const complaintsAbout = async (page: string) =>
  (await validator.validateString(page)).results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${ruleId} line ${line}: ${message}`),
  );
const dom = (...results: Parameters<typeof makeReport>[0]) => elements(parse(renderHtml(makeReport(results))));
const text = (...results: Parameters<typeof makeReport>[0]) => textOf(parse(renderHtml(makeReport(results))));

const failedCommand: Report = {
  ...makeReport([pass]),
  error: { message: 'The guest was lost.', remedy: 'npx grade doctor' },
};

test.each([
  ['every outcome', makeReport(everyOutcome)],
  ['one result', makeReport([result()])],
  ['hostile text', makeReport(hostile)],
  ['no results', makeReport([])],
  ['a command that failed', failedCommand],
])('it is valid HTML: %s', async (_, report) => {
  expect(await complaintsAbout(renderHtml(report))).toEqual([]);
});

test.each([
  ['an element that is not closed', (page: string) => page.replace('</article>', '')],
  ['an id twice', (page: string) => page.replace('<main>', '<main><p id="exercise-1">x</p>')],
  ['a heading that is skipped', (page: string) => page.replaceAll(/h2/g, 'h5')],
])('the validator refuses %s', async (_, damage) => {
  expect(await complaintsAbout(damage(renderHtml(makeReport([result()]))))).not.toEqual([]);
});

test('it loads nothing: no script, no external address, and a policy against both', () => {
  const page = renderHtml(makeReport([...everyOutcome, ...hostile]));
  const all = elements(parse(page));
  expect([...new Set(all.map(({ name }) => name))].sort()).toEqual([
    'a',
    'article',
    'body',
    'caption',
    'code',
    'dd',
    'details',
    'div',
    'dl',
    'dt',
    'figcaption',
    'figure',
    'footer',
    'h1',
    'h2',
    'h3',
    'head',
    'header',
    'html',
    'li',
    'main',
    'mark',
    'meta',
    'ol',
    'p',
    'pre',
    'section',
    'span',
    'strong',
    'style',
    'summary',
    'table',
    'tbody',
    'td',
    'th',
    'thead',
    'title',
    'tr',
    'wbr',
  ]);
  const attributes = [...new Set(all.flatMap(({ attributes }) => Object.keys(attributes)))].sort();
  expect(attributes).toEqual([
    'aria-hidden',
    'aria-label',
    'aria-labelledby',
    'charset',
    'class',
    'content',
    'href',
    'http-equiv',
    'id',
    'lang',
    'name',
    'scope',
  ]);
  expect(all.flatMap(({ attributes }) => attributes['href'] ?? []).every((href) => /^#exercise-\d+$/.test(href))).toBe(
    true,
  );
  const styles = all.filter(({ name }) => name === 'style');
  expect(styles).toHaveLength(1);
  expect(styles[0]!.ownText).not.toMatch(/url\(|@import|https?:/);
  const policy = all.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')!.attributes[
    'content'
  ];
  expect(policy).toBe(
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(styles[0]!.ownText).digest('base64')}'; base-uri 'none'; form-action 'none'`,
  );
});

test('a script stays text in every field that is shown', () => {
  const hurt = marked(hostileResult());
  const shown = text(hurt);
  const fields = [
    'exercise',
    'submission',
    'digest',
    'seed',
    'rationale',
    'hint',
    'waitsFor',
    'text',
    'expected',
    'actual',
    'state',
    'help',
    'file',
    'source',
    'lesson',
    'log',
    'logFile',
    'accelerator',
    'kernel',
    'arch',
    'image',
  ];
  for (const field of fields) expect(shown).toContain(`<script>${field}</script>`);
  // In the head, as heading, of the article; and each check's.
  expect(shown.split('<script>title</script>').length - 1).toBe(3 + hurt.checks.length);
  expect(dom(hurt).some(({ name }) => name === 'script')).toBe(false);
});

test('how far it got, what was expected and seen, the line, the hint, the setting', () => {
  const page = renderHtml(makeReport([result()]));
  const all = elements(parse(page));
  expect(
    all.filter(({ name, parent }) => name === 'li' && parent === 'ol').map(({ attributes }) => attributes['class']),
  ).toEqual(['pass', 'fail', 'skipped']);
  expect(all.find(({ name }) => name === 'mark')!.ownText).toBe('value');
  const shown = textOf(parse(page));
  for (const words of [
    'Say hello from the kernel',
    'Not yet',
    '1 of 6 points',
    'Why it is checked: Only the verifier can say what it accepts.',
    'hello.bpf.c, line 17, column 10',
    "R0 invalid mem access 'map_value_or_null'",
    'Which line does the message name?',
    '0: (b7) r1 = 0',
    'Waits for “The verifier accepts it”.',
    'Linux 6.12.117, x86_64',
    'npx grade programs/hello --seed 8f3a61',
    '2026-01-01 00:00 UTC',
  ])
    expect(shown).toContain(words);
});

test('what a message points at is marked also where bytes are not letters', () => {
  const marked = (source: string, column: number) =>
    dom(
      result({
        checks: [{ ...failed, message: { text: 'x', location: { file: 'a.c', line: 1, column, source } } }, skipped],
      }),
    )
      .filter(({ name }) => name === 'mark')
      .map(({ ownText }) => ownText);
  expect(marked('/* é */ xyz(1);', 10)).toEqual(['xyz']);
  expect(marked('a = b', 4)).toEqual(['b']);
  expect(marked('a', 99)).toEqual([]);
});

test('what was not judged has no points', () => {
  expect(text(errored)).not.toMatch(/of 6 points|0 of 0/);
  expect(text(...everyOutcome)).toContain('7 of 12 points in 2 exercises that could be graded');
});

test('several learners are a column of their own', () => {
  const both = [pass, { ...pass, submission: 'submissions/bob/programs/hello' }];
  expect(
    dom(...both)
      .filter(({ name, parent }) => name === 'th' && parent === 'tr')
      .slice(0, 5)
      .map(({ ownText }) => ownText),
  ).toEqual(['Learner', 'Exercise', 'Verdict', 'Points', 'How far']);
  expect(dom(...both).find(({ name }) => name === 'h1')!.ownText).toBe('Report: 2 exercises by 2 learners');
});

describe('contrast (WCAG 2.2 AA, 4.5 to 1)', () => {
  test.each(
    Object.entries(palettes).flatMap(([name, pairs]) =>
      Object.entries(pairs).map(([role, [ink, ground]]) => [name, role, ink, ground] as const),
    ),
  )('%s %s', (_name, _role, ink, ground) => {
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test('the measure itself', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48);
  });
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [red, green, blue] = [1, 3, 5]
      .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

/** Every text that may be anything becomes a script with the name of its field. */
function marked<T>(value: T, field = ''): T {
  if (typeof value === 'string')
    return (['outcome', 'stage', 'kind', 'startedAt', 'id'].includes(field) ? value : `<script>${field}</script>`) as T;
  if (Array.isArray(value)) return value.map((one) => marked(one, field)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, marked(inner, name)])) as T;
}
