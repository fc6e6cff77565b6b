/** What a key does to the walk through a log: the state after it. Pure. */
import { causeOf, changeOf, findIn, stepBy, visitAfter } from '../explain/walk/index.ts';
import type { WalkView } from './walk-screen.ts';

export interface WalkState extends WalkView {
  lastQuery: string;
}

export interface Pressed {
  /** As readline names it: 'up', 'return', 'j'. */
  name: string;
  ctrl: boolean;
  /** What was typed. */
  text: string;
}

/** `page` is how many steps a page is. */
export function press(state: WalkState, key: Pressed, page: number): WalkState | 'quit' {
  if (key.ctrl && (key.name === 'c' || key.name === 'd')) return 'quit';
  if (state.query !== null) return typed(state, state.query, key);
  const { walk, failed, list, step } = { ...state };
  const fresh = { ...state, notice: null };
  const to = (target: number | null, otherwise: string): WalkState =>
    target === null ? { ...fresh, notice: otherwise } : { ...fresh, step: target };
  // Of a letter the name is the small one, whether it is or not.
  switch (/^[A-Z/?]$/.test(key.text) ? key.text : key.name) {
    case 'q':
    case 'escape':
      return 'quit';
    case 'down':
    case 'j':
    case 'return':
    case 'space':
      return to(stepBy(list, step, 1), '');
    case 'up':
    case 'k':
      return to(stepBy(list, step, -1), '');
    case 'pagedown':
      return to(stepBy(list, step, page), '');
    case 'pageup':
      return to(stepBy(list, step, -page), '');
    case 'home':
    case 'g':
      return to(list[0]!, '');
    case 'end':
    case 'G':
      return to(list.at(-1)!, '');
    case 'n':
      return to(changeOf(walk, list, step, state.register, 1), `${state.register} does not change after this step.`);
    case 'N':
      return to(changeOf(walk, list, step, state.register, -1), `${state.register} does not change before this step.`);
    case 'c':
      return to(
        failed.steps.length > 0 ? causeOf(failed, walk.last, step) : walk.last,
        'The message is about no register.',
      );
    case 'v':
      return to(visitAfter(walk, list, step), 'The path comes to this line only once.');
    case 'r':
      return { ...fresh, register: nextRegister(state) };
    case 'a':
      return otherList(fresh);
    case 's':
      return { ...fresh, isSource: !fresh.isSource };
    case '/':
      return { ...fresh, query: '' };
    default:
      return fresh;
  }
}

function typed(state: WalkState, query: string, key: Pressed): WalkState {
  if (key.name === 'escape') return { ...state, query: null, notice: null };
  if (key.name === 'backspace')
    return query === '' ? { ...state, query: null } : { ...state, query: query.slice(0, -1) };
  if (key.name !== 'return' && key.name !== 'enter')
    return /^[\x20-\x7e]+$/.test(key.text) ? { ...state, query: query + key.text } : state;
  // Without a word the last one is looked for again.
  const wanted = query === '' ? state.lastQuery : query;
  const found = findIn(state.walk, state.list, state.step, wanted);
  return {
    ...state,
    query: null,
    lastQuery: wanted,
    step: found ?? state.step,
    notice: found === null ? `Nothing here has “${wanted}” in it.` : null,
  };
}

/** Those that have a value here, one after the other. */
function nextRegister({ walk, step, register }: WalkState): string {
  const names = [...new Set([...walk.after(step).keys(), register])].sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );
  return names[(names.indexOf(register) + 1) % names.length]!;
}

function otherList(state: WalkState): WalkState {
  const { walk, path, list } = state;
  if (path.length === walk.steps.length) return { ...state, notice: 'The log has this one path only.' };
  const all = list.length === walk.steps.length ? path : [...walk.steps.keys()];
  return { ...state, list: all, step: all.includes(state.step) ? state.step : walk.last };
}
