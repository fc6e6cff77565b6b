/** A call with its arguments and its result, in words. */
import { parameters } from './parameters.ts';
import { wordsFor } from './values.ts';
import type { State, Walk } from './walk.ts';

/**
 * Sentences about a call of a helper, kfunc or function; none of anything else. `next`: the step that follows on the
 * path.
 */
export function wordsOfCall(walk: Walk, step: number, next: number | undefined): string[] {
  const { operation, frame } = walk.steps[step]!;
  if (operation.kind !== 'call' && operation.kind !== 'function') return [];
  const name = operation.kind === 'call' ? operation.name : 'A function of the program';
  const given = argumentsOf(name, walk.before(step), walk.steps[0]!.insn === 0);
  const called = `${name} is called${given.length === 0 ? '' : ` with ${given.join('; ')}`}.`;
  const inside = next !== undefined && walk.steps[next]!.frame > frame;
  if (inside)
    return [
      called,
      operation.kind === 'function'
        ? 'The verifier goes on in it, with registers and a stack of its own; it gets r1 to r5.'
        : 'It calls back a function of the program: the verifier goes on in that.',
    ];
  if (step === walk.last) return [called];
  const result = walk.after(step).get('r0');
  const returned =
    result === undefined || result === ''
      ? 'What it returns is in r0; the log does not print it.'
      : `It returns, in r0, ${wordsFor(result)}.`;
  return [called, `${returned} r1 to r5 have no value after it.`];
}

/** `whole`: the log begins where the program does, so what it has not set has no value. */
function argumentsOf(name: string, before: State, whole: boolean): string[] {
  const named = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  const given: string[] = [];
  for (let number = 1; number <= (named?.length ?? 5); number += 1) {
    const register = `r${number}`;
    // Whose parameters are unknown is called with what was set last.
    if (!named && !before.has(register)) break;
    const what = named ? `${named[number - 1]} (${register})` : register;
    given.push(`${what}: ${wordsFor(before.get(register) ?? (whole ? undefined : ''))}`);
  }
  return given;
}
