/**
 * What a step of the walk shows beside the instructions: what happened, the chain, registers and stack, the source. All
 * of it is hostile text.
 */
import type { Shown, StepView } from '../../grader/explain/walk/index.ts';
import type { Opened } from './walk-worker.ts';

/** Lines of source above and below the current one. */
const around = 5;

/** What happened at the step; where the verifier stopped, what it said. */
export function happened(view: StepView, { failed, path }: Opened): HTMLElement[] {
  const said = view.step === path.at(-1) ? failed.messages.slice(0, 4) : [];
  const place = view.place === '' ? '' : `, ${view.place}`;
  const visit = view.visit.of > 1 ? `, visit ${view.visit.number} of ${view.visit.of}` : '';
  const deep = view.frame > 0 ? `, ${view.frame} deep in calls` : '';
  const head = element('p', 'at');
  head.append(
    element('span', 'where', `Instruction ${view.insn}${place}${visit}${deep}: `),
    element('code', '', view.text),
  );
  return [
    head,
    ...said.map((message) => element('p', 'message', message)),
    ...view.words.map((words) => element('p', '', words)),
  ];
}

/** For each register or slot that the message is about, how it came to be what it is; each link leads to its step. */
export function chains({ failed, starts, log }: Opened): HTMLElement[] {
  return failed.causes.flatMap(({ name, is, links }) => {
    const head = element('p', 'cause');
    head.append(
      'Where the verifier stopped, ',
      element('strong', '', name),
      ` ${is}.${links.length > 0 ? ' How it came to that:' : ''}`,
    );
    const list = element('ol', 'chain');
    for (const { step, words } of links) {
      const item = element('li', '');
      const button = element('button', '', words);
      button.type = 'button';
      button.dataset.to = String(step);
      const number = /^\s*\d+/.exec(log.slice(starts[step]!, starts[step]! + 20))?.[0].trim() ?? '';
      button.prepend(element('span', 'number', `${number} `));
      item.append(button);
      list.append(item);
    }
    return links.length > 0 ? [head, list] : [head];
  });
}

/** A table: what changed first, marked with a word as well as a colour. */
export function valuesOf({ values, gone }: StepView, register: string): HTMLElement[] {
  const table = element('table', 'values');
  table.append(element('caption', 'sr-only', 'Registers and stack slots after this step'));
  const head = element('tr', '');
  for (const title of ['Name', 'What it is']) {
    const cell = element('th', 'sr-only', title);
    cell.scope = 'col';
    head.append(cell);
  }
  table.createTHead().append(head);
  const body = table.createTBody();
  for (const value of values) body.append(rowOf(value, register));
  return gone.length > 0 ? [table, element('p', 'gone', `No value any more: ${gone.join(', ')}.`)] : [table];
}

function rowOf({ name, printed, words, changed, was }: Shown, register: string): HTMLElement {
  const row = element('tr', [changed && 'changed', name === register && 'followed'].filter(Boolean).join(' '));
  const title = element('th', '', name);
  title.scope = 'row';
  const cell = element('td', '', words);
  if (changed) cell.prepend(element('span', 'tag', was === undefined ? 'new' : 'changed'), ' ');
  if (printed !== '' && printed !== words) cell.append(element('code', '', printed));
  row.append(title, cell);
  return row;
}

/** The lines around a place: of the reader's program if it is there, else those that the log quotes. */
export function sourceAround(
  { places, placeOf }: Opened,
  step: number,
  sources: readonly [name: string, text: string][],
): HTMLElement[] {
  const place = places[placeOf[step]!];
  if (!place) return [];
  const own = sources.find(([name]) => name === place.file || name.endsWith(`/${place.file}`));
  const quoted = new Map(places.filter(({ file }) => file === place.file).map((one) => [one.line, one.text]));
  const lines = own ? new Map(own[1].split(/\r?\n/).map((text, i) => [i + 1, text])) : quoted;
  if (place.line === 0) return [element('p', 'file', place.file), sourceLine({ ...place, text: place.text }, true)];
  const near = [...lines.keys()].sort((one, other) => one - other);
  const at = near.indexOf(place.line);
  return [
    element('p', 'file', place.file),
    ...near
      .slice(Math.max(0, at - around), at + around + 1)
      .map((line) => sourceLine({ line, text: lines.get(line)! }, line === place.line)),
  ];
}

function sourceLine({ line, text }: { line: number; text: string }, isCurrent: boolean): HTMLElement {
  const made = element('div', isCurrent ? 'line current' : 'line');
  if (isCurrent) made.ariaCurrent = 'true';
  made.append(element('span', 'number', line > 0 ? String(line) : ''), element('code', '', text));
  return made;
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
