/** The walk through a log as text, for whoever has no terminal to step in, or hears it: the path that failed. Pure. */
import {
  type Failed,
  failureOf,
  followLog,
  nextOf,
  nextOnPath,
  pathTo,
  sourceAround,
  type StepView,
  viewOf,
  type Walk,
} from '../explain/walk/index.ts';
import type { Sources } from '../explain/source.ts';
import { ascii, marks, painter, type Screen, wrap } from './paint.ts';

/** Steps. More nobody reads; the last ones lead to the failure. */
const most = 1000;

/** `sources`: the reader's program, of which the lines around the last one are shown. */
export function renderWalkText(log: string, screen: Screen, sources: Sources = new Map()): string {
  const walk = followLog(log);
  const failed = failureOf(walk, log);
  if (walk.last < 0) return `${noSteps}\n`;
  const parts = [
    ...causesOf(walk, failed, screen),
    ...ownLines(walk, sources, screen),
    pathOf(walk, failed.messages.length > 0, screen),
  ];
  const text = `${parts.join('\n\n')}\n`;
  return screen.unicode ? text : ascii(text);
}

export const noSteps =
  'There is nothing to walk through: the log has no instruction in it. Paste all that the verifier printed.';

/** What it said, and for each register or slot that this is about how it came to that. */
function causesOf(walk: Walk, { messages, causes }: Failed, screen: Screen): string[] {
  const paint = painter(screen);
  const said = messages.slice(0, 4).map((message) => `  ${message}`);
  const parts = said.length > 0 ? [`${paint('bold', 'What the verifier said')}\n${said.join('\n')}`] : [];
  for (const { name, is, links } of causes) {
    const lines = links.map(({ step, words }) => `${nameOf(walk, step)}: ${words}`);
    parts.push(
      [
        ...wrap(
          `Where the verifier stopped, ${paint('bold', name)} ${is}.${lines.length > 0 ? ' How it came to that:' : ''}`,
          screen.width,
        ),
        ...lines.flatMap((line) => indented(line, screen)),
      ].join('\n'),
    );
  }
  return parts;
}

/** The program around the line at which the verifier stopped; nothing without the program. */
function ownLines(walk: Walk, sources: Sources, screen: Screen): string[] {
  const around = sources.size > 0 ? sourceAround(walk, walk.last, sources, 7) : null;
  if (!around) return [];
  const paint = painter(screen);
  const lines = around.lines.map(({ line, text, isCurrent }) => {
    const shown = `${isCurrent ? '>' : ' '} ${String(line).padStart(5)}  ${text.replaceAll('\t', '    ')}`.trimEnd();
    return isCurrent ? paint('bold', shown) : shown;
  });
  return [[paint('bold', `Where that is in ${around.file}`), ...lines].join('\n')];
}

function pathOf(walk: Walk, hasFailed: boolean, screen: Screen): string {
  const path = pathTo(walk, walk.last);
  const next = nextOnPath(walk);
  const paint = painter(screen);
  const shown = path.slice(-most);
  const title = hasFailed ? 'The path that failed' : 'The path to the end of the log';
  const lines = [paint('bold', `${title}: ${path.length === 1 ? 'one step' : `${path.length} steps`}`)];
  if (shown.length < path.length) lines.push(`  ${path.length - shown.length} steps before these are left out.`);
  let last = '';
  for (const step of shown) {
    const view = viewOf(walk, step, nextOf(walk, step, next));
    const source = sourceOf(view);
    if (source !== '' && source !== last) lines.push('', ...wrap(paint('cyan', source), screen.width));
    if (source !== '') last = source;
    lines.push(...stepLines(view, hasFailed && step === walk.last, screen));
  }
  return lines.join('\n');
}

function stepLines(view: StepView, isLast: boolean, screen: Screen): string[] {
  const paint = painter(screen);
  const depth = '  '.repeat(view.frame);
  const number = String(view.insn).padStart(5);
  const head = `${number}  ${depth}${view.text}`;
  const stopped = isLast ? `  ${paint('red', `${marks(screen).fail} the verifier stopped here`)}` : '';
  const changed = view.values.filter((value) => value.changed && !(value.printed === '' && value.was === undefined));
  return [
    `${isLast ? paint('bold', head) : head}${stopped}`,
    ...view.words.flatMap((words) => indented(words, screen, 9)),
    ...changed.flatMap(({ name, words }) => indented(`${name}: ${words}`, screen, 9)),
  ];
}

/** 'a.bpf.c:12  return *value;' */
export function sourceOf({ place, source }: Pick<StepView, 'place' | 'source'>): string {
  return [place, source].filter(Boolean).join('  ');
}

/** 'Line 12, instruction 6' */
function nameOf({ steps }: Walk, step: number): string {
  const { insn, place } = steps[step]!;
  return place && 'path' in place ? `line ${place.line}, instruction ${insn}` : `instruction ${insn}`;
}

function indented(text: string, screen: Screen, by = 2): string[] {
  return wrap(text, screen.width - by).map((line) => `${' '.repeat(by)}${line}`);
}
