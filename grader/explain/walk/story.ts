/** A chain in words: 'r0 is what bpf_map_lookup_elem returns: a pointer to a value of the map h (8 bytes), or NULL.' */
import { wordsOfBranch } from './branch.ts';
import type { Link } from './chain.ts';
import { isPacket, wordsFor } from './values.ts';
import type { Walk } from './walk.ts';

/** `next`: the step that follows on the path. */
export function wordsOfLink(walk: Walk, link: Link, next: number | undefined): string {
  return `${sentence(walk, link, next)}${link.times > 1 ? ` (The last of ${link.times} times.)` : ''}`;
}

function sentence(walk: Walk, { step, spot, kind, from }: Link, next: number | undefined): string {
  const { name } = spot;
  const { text, operation } = walk.steps[step]!;
  const [was, is] = [walk.before(step).get(name), walk.after(step).get(name)];
  const called = operation.kind === 'call' ? operation.name : 'a function of the program';
  // Where the log prints nothing, there is nothing to say.
  const now = is === undefined || is === '' ? '' : `: ${wordsFor(is)}`;
  switch (kind) {
    case 'start':
      return name === 'r1' && was === 'ctx()'
        ? 'r1 is the context, which the kernel hands the program.'
        : `${name} is there from the beginning: ${wordsFor(was)}.`;
    case 'call':
      return `r0 is what ${called} returns${now}.`;
    case 'constant':
      return `${name} is set: ${text}${is && is !== '' && !/^(?:inv)?P?-?\w+$/.test(is) ? ` is ${wordsFor(is)}` : ''}.`;
    case 'copy':
      return `${name} is a copy of ${from}.`;
    case 'calculation':
      return `${name} is calculated: ${text}${now === '' ? '' : ` makes it ${wordsFor(is)}`}.`;
    case 'read':
      return `${name} is read from ${sourceOf(walk, step)}${now}.`;
    case 'fill':
      return `${name} is read back from the stack, at ${from}${now}.`;
    case 'spill':
      return from ? `${from} is stored on the stack, at ${name}${now}.` : `${name}, on the stack, is written: ${text}.`;
    case 'test':
      return tested(walk, step, name, next);
    case 'change':
      return changed(was, is, name, operation.kind === 'call' ? operation.name : text);
    case 'argument':
      return `${name} is handed to a function of the program${now}.`;
    case 'callback':
      return `${name} is what ${called} hands the function that it calls back${now}.`;
    case 'return':
      return 'r0 is what the function of the program returns.';
    case 'void':
      return `The call of ${called} may use ${name} as it likes: it has no value after that.`;
  }
}

function sourceOf(walk: Walk, step: number): string {
  const { operation } = walk.steps[step]!;
  if (operation.kind !== 'load') return 'memory';
  const through = walk.before(step).get(operation.base) ?? '';
  if (through.startsWith('ctx(')) return 'the context';
  return through === ''
    ? `memory, through ${operation.base}`
    : `memory, through ${operation.base}, ${wordsFor(through)}`;
}

function tested(walk: Walk, step: number, name: string, next: number | undefined): string {
  const [first = '', ...others] = wordsOfBranch(walk, step, next);
  const about = others.filter((words) => new RegExp(`\\b${name}\\b`).test(words));
  const { operation } = walk.steps[step]!;
  const isNamed = operation.kind === 'jump' && [operation.left, operation.right].includes(name);
  const packet = isNamed || about.length > 0 ? '' : packetWords(name, walk.after(step).get(name));
  return `${[first, ...about].join(' ')}${packet}`;
}

/** What a test of another pointer into the packet is worth for this one. */
function packetWords(name: string, printed: string | undefined): string {
  const range = isPacket(printed) ? /[(,]r=(\d+)/.exec(printed!)?.[1] : undefined;
  if (range === undefined) return '';
  return range === '0'
    ? ` It does not count for ${name}: no byte behind it is known to be there.`
    : ` For ${name}, too, ${range} bytes of the packet are known to be there.`;
}

function changed(was: string | undefined, is: string | undefined, name: string, by: string): string {
  if (name.startsWith('fp')) return `${by} writes to the stack, at ${name}: ${wordsFor(is)}.`;
  return `${by} changes ${name}: it was ${wordsFor(was)}, and is ${wordsFor(is)}.`;
}
