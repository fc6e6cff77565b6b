/** The search's dialog: what is typed goes to a worker, and what it finds is a list of links. */
import type { Found, Hit } from '../search/engine.ts';

export interface Asked {
  id: number;
  question: string;
  /** Where the site is published, without a slash at the end. */
  base: string;
}

export interface Answered {
  id: number;
  /** Null if there is nothing to search in. */
  found: Found | null;
}

const site = document.querySelector<HTMLElement>('site-search');
if (site) prepare(site);

function prepare(box: HTMLElement): void {
  const find = <E extends HTMLElement>(selector: string) => box.querySelector<E>(selector)!;
  const [dialog, field, status, list] = [
    find<HTMLDialogElement>('dialog'),
    find<HTMLInputElement>('input'),
    find('.status'),
    find('.hits'),
  ];
  const hint = status.textContent;
  const base = box.dataset.base!.replace(/\/$/, '');
  let worker: Worker | null = null;
  let last = 0;
  /** Somebody pressed Enter before there was an answer. */
  let isEager = false;

  const ask = () => {
    last += 1;
    worker!.postMessage({ id: last, question: field.value, base } satisfies Asked);
  };
  const open = () => {
    if (!worker) {
      worker = new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => data.id === last && show(data.found));
      // What it looks in is there by the time that something is typed.
      ask();
    }
    dialog.showModal();
    field.select();
  };
  const show = (found: Found | null) => {
    const asked = field.value.trim();
    list.replaceChildren(...(asked === '' ? [] : (found?.hits ?? []).map((hit) => itemOf(hit, base))));
    status.textContent = asked === '' ? hint : said(found, asked);
    list.scrollTop = 0;
    if (isEager) list.querySelector('a')?.click();
    isEager = false;
  };

  find('[data-open-modal]').addEventListener('click', open);
  find('[data-close]').addEventListener('click', () => dialog.close());
  addEventListener('keydown', (event) => {
    if (!(event.metaKey || event.ctrlKey) || event.key !== 'k') return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
  field.addEventListener('input', ask);
  find('form').addEventListener('submit', (event) => {
    event.preventDefault();
    isEager = true;
    ask();
  });
  dialog.addEventListener('click', ({ target }) => {
    // The dialog itself is where its backdrop is.
    if (target === dialog || (target as Element).closest('a')) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const stops = [field, ...list.querySelectorAll('a')];
    const at = stops.indexOf(document.activeElement as HTMLAnchorElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]!.focus();
  });
}

function said(found: Found | null, asked: string): string {
  if (!found) return 'The search is only there in the built site, or could not be loaded.';
  const { hits, corrected } = found;
  if (hits.length === 0) return `Nothing about “${asked}”. Try another word for it.`;
  return `${hits.length === 1 ? '1 place' : `${hits.length} places`}${corrected === null ? '' : ` about “${corrected}”`}`;
}

function itemOf({ kind, chapter, title, heading, address, excerpt }: Hit, base: string): HTMLElement {
  const link = document.createElement('a');
  link.href = base + address;
  link.append(
    part('span', 'label', chapter === '' ? kind : `${kind} · ${chapter}`),
    part('strong', '', heading === '' ? title : `${title}: ${heading}`),
    part('span', 'excerpt', ''),
  );
  link.lastElementChild!.append(...excerpt.map((text, i) => (i % 2 === 0 ? text : part('mark', '', text))));
  const item = document.createElement('li');
  item.append(link);
  return item;
}

function part(name: string, className: string, text: string): HTMLElement {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.textContent = text;
  return element;
}
