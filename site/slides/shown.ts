/** What a slide can show: code, a terminal, a diagram, a table, a list, a question. Everything else of a lesson is spoken. */
import { all, classed, type Element, elementsOf, inner, outer, tagged, textOf } from './tree.ts';

export interface Shown {
  kind: string;
  html: string;
  /** How much it takes, in lines and columns of code. */
  lines: number;
  columns: number;
  /** What belongs to it and is not shown. */
  notes: string[];
}

interface Kind {
  is(element: Element): boolean;
  /** Its lines of text, as they are before they are broken. */
  lines(element: Element): string[];
  /** How many letters go into a line; without it, no line is broken for being long. */
  breaks?: number;
  html?(element: Element): string;
  notes?(element: Element): string[];
}

const kinds: Record<string, Kind> = {
  code: {
    is: classed('expressive-code'),
    lines: (element) => all(element, classed('ec-line')).map(textOf),
    breaks: 92,
  },
  terminal: {
    is: classed('terminal'),
    lines: (element) =>
      textOf(all(element, tagged('pre'))[0]!)
        .trimEnd()
        .split('\n'),
    breaks: 92,
  },
  diagram: { is: classed('diagram'), lines: () => Array<string>(8).fill('') },
  quiz: {
    is: classed('quiz'),
    lines: (element) => elementsOf(element).map(textOf),
    breaks: 60,
    html: question,
    notes: reasons,
  },
  table: {
    is: tagged('table'),
    lines: (element) => all(element, tagged('tr')).flatMap((row) => [textOf(row), '']),
    breaks: 80,
  },
  list: { is: tagged('ul', 'ol'), lines: (element) => all(element, tagged('li')).map(textOf), breaks: 60 },
  other: {
    is: tagged('figure', 'div', 'blockquote', 'pre', 'dl', 'details'),
    lines: (element) => [textOf(element)],
    breaks: 60,
  },
};

/** null if it is for the speaker. */
export function shownOf(element: Element): Shown | null {
  const [kind, found] = Object.entries(kinds).find(([, { is }]) => is(element)) ?? [];
  if (!kind || !found) return null;
  const { breaks = Infinity } = found;
  const lines = found.lines(element);
  return {
    kind,
    html: found.html?.(element) ?? outer(element),
    notes: found.notes?.(element) ?? [],
    lines: lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / breaks)), 0),
    columns: kind === 'code' || kind === 'terminal' ? Math.max(0, ...lines.map(({ length }) => length)) : 0,
  };
}

/** A question as it is put to a class: which answer is right, and why, comes with the next key. */
function question(quiz: Element): string {
  const [asked] = elementsOf(quiz).filter(classed('question'));
  const answers = elementsOf(quiz).filter(tagged('details'));
  const items = answers.map(
    (answer) => `<li class="${classed('right')(answer) ? 'right' : 'wrong'}">${textHtml(elementsOf(answer)[0]!)}</li>`,
  );
  const [why] = answers.filter(classed('right')).map((answer) => inner(elementsOf(answer)[1]!));
  return `<p class="question">${inner(asked!)}</p><div class="answer fragment custom"><ol class="answers">${items.join('')}</ol><p class="why">${why}</p></div>`;
}

/** Of the right answer only that it is: why is on the slide. */
function reasons(quiz: Element): string[] {
  return elementsOf(quiz)
    .filter(tagged('details'))
    .map((answer) => {
      const [text, why] = elementsOf(answer) as [Element, Element];
      return `<p><em>${textHtml(text)}</em> ${classed('right')(answer) ? '<strong>Yes.</strong>' : inner(why).trim()}</p>`;
    });
}

/** A summary has its text in a span of its own. */
function textHtml(summary: Element): string {
  return elementsOf(summary).filter(tagged('span')).map(inner).join('');
}
