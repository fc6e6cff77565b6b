/**
 * What the verifier stopped for: the registers or slots that its message is about, each with the chain that made it
 * what it is.
 */
import { subjects } from '../registers/index.ts';
import { parseVerifierLog } from '../verifier-log.ts';
import { wordsOfBranch } from './branch.ts';
import { type Link, chainOf } from './chain.ts';
import { slotOf } from './instruction.ts';
import { wordsOfLink } from './story.ts';
import { mayBeNull, wordsFor } from './values.ts';
import { frameAfter, pathTo, type Walk } from './walk.ts';

export interface Cause {
  /** 'r0', 'fp-8' */
  name: string;
  /** What it is where the verifier stopped: 'is the number 7', 'has no value'. */
  is: string;
  /** `made`: false of a branch that left it as it was. */
  links: { step: number; words: string; made: boolean }[];
}

export interface Failed {
  /** What the verifier said, the first sentence first. */
  messages: string[];
  causes: Cause[];
  /** The steps of all chains, in their order. */
  steps: number[];
}

const mostCauses = 3;

export function failureOf(walk: Walk, log: string): Failed {
  const { messages } = parseVerifierLog(log);
  if (walk.last < 0 || messages.length === 0) return { messages, causes: [], steps: [] };
  const path = pathTo(walk, walk.last);
  const next = new Map(path.map((step, at) => [step, path[at + 1]]));
  const held = acquisition(walk, path, messages);
  const causes = held
    ? [{ name: 'r0', is: 'is still held', links: [held] }]
    : namesOf(walk, messages)
        .slice(0, mostCauses)
        .map((name) => {
          const links = chainOf(walk, walk.last, name);
          const printed = walk.before(walk.last).get(name);
          return {
            name,
            is: holds(walk, path, printed),
            links: [
              ...links.map((link) => toWords(walk, link, next)),
              ...(mayBeNull(printed) ? openLeft(walk, path, name, links.at(-1)?.step ?? -1, next) : []),
            ],
          };
        });
  const steps = new Set(causes.flatMap(({ links }) => links.filter(({ made }) => made).map(({ step }) => step)));
  return { messages, causes, steps: [...steps].sort((one, other) => one - other) };
}

function holds(walk: Walk, path: readonly number[], printed: string | undefined): string {
  if (printed !== undefined) return `is ${wordsFor(printed)}`;
  const first = walk.steps[path[0]!]!;
  return first.how === 'start' && first.insn === 0
    ? 'has no value: nothing on this path has set it'
    : 'has what a part of the path gave it that the log does not show';
}

/** The last branches since it got its value, none of which asked whether it is NULL. */
function openLeft(
  walk: Walk,
  path: readonly number[],
  name: string,
  since: number,
  next: ReadonlyMap<number, number | undefined>,
): Cause['links'] {
  const { frame } = walk.steps[walk.last]!;
  return path
    .filter((step) => step > since && walk.steps[step]!.operation.kind === 'jump' && walk.steps[step]!.frame === frame)
    .slice(-mostCauses)
    .map((step) => ({
      step,
      words: `${wordsOfBranch(walk, step, next.get(step))[0]} That says nothing of ${name}, which may still be NULL.`,
      made: false,
    }));
}

function toWords(walk: Walk, link: Link, next: ReadonlyMap<number, number | undefined>): Cause['links'][number] {
  return { step: link.step, words: wordsOfLink(walk, link, next.get(link.step)), made: true };
}

/** 'Unreleased reference id=2 alloc_insn=4': the call that gave it. */
function acquisition(walk: Walk, path: readonly number[], messages: readonly string[]): Cause['links'][number] | null {
  const insn = /\balloc_insn=(\d{1,7})/.exec(messages.join('\n'))?.[1];
  const step = insn === undefined ? undefined : path.findLast((one) => walk.steps[one]!.insn === Number(insn));
  if (step === undefined) return null;
  const { operation } = walk.steps[step]!;
  const what = frameAfter(walk, step) === walk.steps[step]!.frame ? walk.after(step).get('r0') : undefined;
  const name = operation.kind === 'call' ? operation.name : 'This instruction';
  return { step, words: `${name} gives what must be given back: r0 is ${wordsFor(what)}.`, made: true };
}

function namesOf(walk: Walk, messages: readonly string[]): string[] {
  const { text } = walk.steps[walk.last]!;
  const read = /read from stack (?:R\d+ )?off (-\d+)(?:\+(\d+))?/.exec(messages[0]!);
  if (read) return [slotOf(Number(read[1]) + Number(read[2] ?? 0))];
  return subjects({ text }, messages[0]!, messages).map((number) => `r${number}`);
}
