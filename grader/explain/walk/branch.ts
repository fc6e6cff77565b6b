/** What a branch taught the verifier: which way it went, what holds there, and what does not follow from it. */
import { isPacket, isSame, mayBeNull, wordsFor } from './values.ts';
import { inOrder, type Walk } from './walk.ts';

const opposite: Record<string, string> = {
  '==': '!=',
  '!=': '==',
  '>': '<=',
  '<=': '>',
  '<': '>=',
  '>=': '<',
  's>': 's<=',
  's<=': 's>',
  's<': 's>=',
  's>=': 's<',
};
const spoken: Record<string, string> = {
  '==': 'is',
  '!=': 'is not',
  '>': 'is above',
  '>=': 'is at least',
  '<': 'is below',
  '<=': 'is at most',
  's>': 'is above',
  's>=': 'is at least',
  's<': 'is below',
  's<=': 'is at most',
};

/**
 * True if the path goes where the jump leads, null if the log does not show it. `next`: the step that follows on the
 * path.
 */
export function isTaken({ steps }: Walk, step: number, next: number | undefined): boolean | null {
  const { operation, insn } = steps[step]!;
  if (next === undefined || (operation.kind !== 'jump' && operation.kind !== 'goto') || operation.offset === 0)
    return null;
  if (steps[next]!.insn === insn + 1 + operation.offset) return true;
  return steps[next]!.insn === insn + 1 ? false : null;
}

/** Sentences about a conditional jump; none of anything else. */
export function wordsOfBranch(walk: Walk, step: number, next: number | undefined): string[] {
  const { operation } = walk.steps[step]!;
  if (operation.kind !== 'jump') return [];
  const taken = isTaken(walk, step, next);
  if (taken === null) return ['The log does not show which way this path goes on.'];
  const before = walk.before(step);
  const after = next === undefined ? walk.after(step) : walk.before(next);
  const holds = condition(operation.left, taken ? operation.test : opposite[operation.test], operation, before, taken);
  const sentences = [`This path ${taken ? 'takes the jump' : 'goes on without the jump'}: ${holds}.`];
  for (const name of inOrder(after.keys())) {
    const [was, is] = [before.get(name), after.get(name)];
    if (is === undefined || is === '' || name === 'r10') continue;
    const named = name === operation.left || name === operation.right;
    if (!isSame(was, is) && (named || (was !== undefined && was !== '')))
      sentences.push(`From here on ${name} is ${wordsFor(is)}${packetRange(is)}.`);
  }
  const unsure = inOrder(after.keys()).filter((name) => mayBeNull(after.get(name)));
  if (unsure.length > 0) sentences.push(`${inWords(unsure)} may still be NULL after it.`);
  return sentences;
}

/** 'r0 is not 0', 'r3 (data) is at most r2 (data_end)'. */
function condition(
  left: string,
  test: string | undefined,
  { right, narrow, test: asked }: { right: string; narrow: boolean; test: string },
  before: ReadonlyMap<string, string>,
  taken: boolean,
): string {
  const low = narrow ? `the lower half of ${left}` : left;
  const number = /^-?0x[0-9a-f]{1,16}$/.test(right) ? String(BigInt(right.replace('-', ''))) : right;
  const other = right.startsWith('-0x') ? `-${number}` : number;
  if (asked === '&') return `${low} has ${taken ? 'one of the bits' : 'none of the bits'} of ${right}`;
  const nullable = mayBeNull(before.get(left)) && other === '0';
  const value = nullable ? 'NULL' : before.get(right) === undefined ? other : `${other}${role(before.get(right)!)}`;
  return `${low}${role(before.get(left))} ${spoken[test ?? '=='] ?? test} ${value}`;
}

function role(printed: string | undefined): string {
  if (printed?.startsWith('pkt_end(')) return ' (the end of the packet)';
  return isPacket(printed) ? ' (in the packet)' : '';
}

function packetRange(printed: string): string {
  const range = isPacket(printed) ? /[(,]r=(\d+)/.exec(printed)?.[1] : undefined;
  return range === undefined || range === '0' ? '' : `, and ${range} bytes of the packet are known to be there`;
}

export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
