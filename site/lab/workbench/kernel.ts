/** What the kernel has, as lists: programs, maps with their values, links. */
import { element } from './elements.ts';
import type { KernelState } from './messages.ts';

export function kernelLists({ programs, maps, links }: KernelState): HTMLElement[] {
  return [
    ...list(
      'Programs',
      'No program is loaded.',
      programs.map(({ id, type, name, facts }) => [head(name || 'without a name', type, id), quiet(facts)]),
    ),
    ...list(
      'Maps',
      'There are no maps.',
      maps.map(({ id, type, name, facts, entries, note }) => [
        head(name || 'without a name', type, id),
        quiet(facts),
        ...(entries.length > 0 ? [values(name, entries)] : []),
        quiet(note),
      ]),
    ),
    ...list(
      'Links',
      'Nothing is attached by a link.',
      links.map(({ id, type, program, facts }) => [
        head(program === null ? 'no program' : `program ${program}`, type, id),
        quiet(facts),
      ]),
    ),
  ];
}

function list(title: string, none: string, rows: HTMLElement[][]): HTMLElement[] {
  const heading = element('h3', title);
  if (rows.length === 0) return [heading, element('p', none, 'try-quiet')];
  const items = element('ul');
  for (const parts of rows) {
    const item = element('li');
    item.append(...parts.filter(({ textContent }) => textContent !== ''));
    items.append(item);
  }
  return [heading, items];
}

function head(name: string, type: string, id: number): HTMLElement {
  const made = element('p');
  made.append(element('b', name), ` ${type} `, element('span', `id ${id}`, 'try-quiet'));
  return made;
}

function quiet(text: string): HTMLElement {
  return element('p', text, 'try-quiet');
}

function values(name: string, entries: KernelState['maps'][number]['entries']): HTMLElement {
  const table = element('table');
  table.setAttribute('aria-label', `Values of ${name}`);
  const top = table.createTHead().insertRow();
  for (const title of ['key', 'value']) {
    const cell = element('th', title);
    cell.scope = 'col';
    top.append(cell);
  }
  const body = table.createTBody();
  for (const { key, value } of entries) {
    const row = body.insertRow();
    row.append(element('td', key), element('td', value));
  }
  return table;
}
