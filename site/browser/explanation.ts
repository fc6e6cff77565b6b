/** An explanation as a piece of the page, and as text to copy: parts, order and words are those of `grade explain`. All of it is hostile text. */
import type { ExplanationDocument } from '../../grader/report/explanation.ts';
import { endOfLog, excerptOf, factsOf, othersOf, placeOf } from '../../grader/report/message-parts.ts';
import type { Location } from '../../grader/verdict/result.ts';

/** Written lessons: '<chapter>/<lesson>' -> title and address. */
export type Lessons = Readonly<Record<string, { title: string; url: string }>>;

export function elementsOf({ message, recognised, more }: ExplanationDocument, lessons: Lessons): HTMLElement[] {
  const { location } = message;
  const first = element('p', `said ${recognised ? 'known' : 'unknown'}`);
  if (location) first.append(element('span', 'place', placeOf(location)), ': ');
  first.append(message.text);
  const parts: HTMLElement[] = [first];
  if (location?.source !== undefined) parts.push(excerpt(location));
  const facts = element('dl', 'facts');
  for (const [label, text] of factsOf(message)) facts.append(element('dt', label, label), element('dd', label, text));
  const lesson = lessonOf(message.lesson, lessons);
  if (lesson) {
    const link = element('a', '', lesson.title);
    link.href = lesson.url;
    const value = element('dd', 'lesson');
    value.append(link);
    facts.append(element('dt', 'lesson', 'lesson'), value);
  }
  if (facts.childElementCount > 0) parts.push(facts);
  const end = endOfLog(message);
  if (end) parts.push(element('p', 'of-log', end.title), logOf(end.lines));
  if (more > 0) parts.push(element('p', 'others', othersOf(more)));
  return parts;
}

export function textOf({ message, more }: ExplanationDocument, lessons: Lessons): string {
  const { location } = message;
  const lesson = lessonOf(message.lesson, lessons);
  const facts = [
    ...factsOf(message).map(([label, text]) => `${label}: ${text}`),
    ...(lesson ? [`lesson: ${lesson.title} (${new URL(lesson.url, document.baseURI).href})`] : []),
  ];
  const end = endOfLog(message);
  return (
    [
      `${location ? `${placeOf(location)}: ` : ''}${message.text}`,
      location?.source !== undefined ? `${location.line} | ${excerptOf(location).text}` : '',
      facts.join('\n'),
      end ? `${end.title}:\n${end.lines.join('\n')}` : '',
      othersOf(more),
    ]
      .filter(Boolean)
      .join('\n\n') + '\n'
  );
}

/** Own names only: a log may say 'constructor' as well. */
function lessonOf(lesson: string | undefined, lessons: Lessons): Lessons[string] | undefined {
  return lesson !== undefined && Object.hasOwn(lessons, lesson) ? lessons[lesson] : undefined;
}

function logOf(lines: readonly string[]): HTMLElement {
  const log = element('pre', 'log');
  // The line breaks are for those who copy it.
  log.append(...lines.map((line) => element('span', 'line', `${line}\n`)));
  return log;
}

function excerpt(location: Location): HTMLElement {
  const { text, caret } = excerptOf(location);
  const code = element('code', 'line');
  const at = caret === null || caret >= text.length ? text.length : caret;
  code.append(element('span', 'number', String(location.line)), text.slice(0, at));
  if (at < text.length) code.append(element('mark', '', text.slice(at, at + 1)), text.slice(at + 1));
  const pre = element('pre', 'excerpt');
  pre.append(code);
  return pre;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  text?: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
