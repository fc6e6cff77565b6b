/**
 * The walk through a verifier's log in the page: a list of instructions, what holds at the current one, and keys to go
 * on.
 */
import { type Move, type Opened } from './walk-worker.ts';
import { move, openWalk, viewStep } from './walk-engine.ts';
import { WalkList } from './walk-list.ts';
import { chains, happened, sourceAround, valuesOf } from './walk-step.ts';

type Sources = readonly [name: string, text: string][];

const find = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const [section, box, all, register, query, said] = [
  find('walk'),
  find('walk-steps'),
  find<HTMLInputElement>('walk-all'),
  find<HTMLSelectElement>('walk-register'),
  find<HTMLInputElement>('walk-query'),
  find('walk-said'),
];

const list = new WalkList(box, (step) => void go(step));
let walk: Opened | null = null;
let steps: Int32Array = new Int32Array();
let sources: Sources = [];
let step = 0;
/** Which log is shown: what comes late is of another one. */
let shown = 0;

/** False if there is nothing to walk through. Rejects if the engine cannot be loaded, or fails. */
export async function showWalk(text: string, program: Sources): Promise<boolean> {
  shown += 1;
  const mine = shown;
  const opened = await openWalk(text);
  if (mine !== shown || !opened) return false;
  [walk, sources] = [opened, program];
  [all.checked, query.value] = [false, ''];
  all.closest('label')!.hidden = opened.path.length === opened.starts.length;
  find('walk-chain').replaceChildren(...chains(opened));
  register.replaceChildren();
  section.hidden = false;
  choose();
  await go(opened.path.at(-1)!, false);
  return true;
}

export function hideWalk(): void {
  shown += 1;
  walk = null;
  section.hidden = true;
}

/** After a click the reader is where the answer is. */
export function focusWalk(): void {
  section.scrollIntoView({ block: 'start' });
  box.focus({ preventScroll: true });
}

box.addEventListener('keydown', (event) => void pressed(event));
section.addEventListener('click', ({ target }) => {
  const button = (target as Element).closest<HTMLElement>('button[data-key], button[data-to]');
  if (button?.dataset.to !== undefined) void go(Number(button.dataset.to)).then(inView);
  else if (button) void act(button.dataset.key!).then(inView);
});
all.addEventListener('change', () => {
  choose();
  void go(steps.includes(step) ? step : walk!.path.at(-1)!);
});
register.addEventListener('change', () => void go(step));
find('walk-find').addEventListener('submit', (event) => {
  event.preventDefault();
  void to({ kind: 'find', step, all: all.checked, query: query.value }, `Nothing here has “${query.value}” in it.`);
});
query.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') box.focus();
});

/** What the keys are; the buttons have the same names. */
const keys: Record<string, string> = {
  ArrowDown: 'next',
  j: 'next',
  ArrowUp: 'back',
  k: 'back',
  PageDown: 'page',
  PageUp: 'page back',
  Home: 'first',
  g: 'first',
  End: 'last',
  G: 'last',
  c: 'cause',
  n: 'change',
  N: 'change back',
  v: 'visit',
  '/': 'find',
};

async function pressed(event: KeyboardEvent): Promise<void> {
  const what = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
  if (what === undefined) return;
  event.preventDefault();
  await act(what);
}

async function act(what: string): Promise<void> {
  if (!walk) return;
  const page = Math.max(1, Math.floor(box.clientHeight / 28) - 1);
  const by: Record<string, number> = { next: 1, back: -1, page, 'page back': -page, first: -Infinity, last: Infinity };
  const name = register.value;
  if (what in by) return go(steps[Math.min(Math.max(placeOf(step) + by[what]!, 0), steps.length - 1)]!);
  if (what === 'find') return query.focus();
  if (what === 'cause') return to({ kind: 'cause', step }, '');
  if (what === 'visit') return to({ kind: 'visit', step, all: all.checked }, 'The path comes to this line only once.');
  const direction = what === 'change' ? 1 : -1;
  const when = direction === 1 ? 'after' : 'before';
  return to({ kind: 'change', step, all: all.checked, name, direction }, `${name} does not change ${when} this step.`);
}

async function to(one: Move, otherwise: string): Promise<void> {
  const mine = shown;
  const target = await move(one);
  if (mine !== shown) return;
  if (target === null) said.textContent = otherwise;
  else await go(target);
}

/** It becomes the current step. `isHeard`: what happens there is said to whoever hears the page. */
async function go(target: number, isHeard = true): Promise<void> {
  const mine = shown;
  step = target;
  list.select(placeOf(target));
  const view = await viewStep(target);
  if (mine !== shown || step !== target || !walk) return;
  find('walk-happened').replaceChildren(...happened(view, walk));
  find('walk-source').replaceChildren(...sourceAround(walk, target, sources));
  offer(view.values.map(({ name }) => name));
  find('walk-values').replaceChildren(...valuesOf(view, register.value));
  find('walk-at').textContent = `Step ${placeOf(target) + 1} of ${steps.length}`;
  const changes = view.values.filter(({ changed }) => changed).map(({ name, words }) => `${name} is ${words}.`);
  said.textContent = isHeard ? [...view.words, ...changes].join(' ') : '';
}

/** Whose changes can be followed: what has a value here, and what the message is about. */
function offer(names: readonly string[]): void {
  const causes = walk!.failed.causes.map(({ name }) => name);
  const chosen = register.value || causes[0] || 'r0';
  const offered = [...new Set([...causes, ...names, chosen])].sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );
  register.replaceChildren(...offered.map((name) => new Option(name, name, false, name === chosen)));
}

function choose(): void {
  if (!walk) return;
  steps = all.checked ? Int32Array.from(walk.starts.keys()) : walk.path;
  list.show(walk, steps);
}

function placeOf(target: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** After a click: what happens is below the list on a narrow screen. */
function inView(): void {
  const shown = find('walk-happened').getBoundingClientRect();
  if (shown.top < 0 || shown.top + Math.min(shown.height, 120) > innerHeight)
    find('walk-panes').scrollIntoView({ block: 'start' });
}
