/** The walk through a log as a document. Pure. */
import { failureOf, followLog, nextOf, nextOnPath, pathTo, viewOf, type Walk } from '../explain/walk/index.ts';
import { plain } from '../verdict/text.ts';
import { mostSteps, walkSchema, type WalkDocument } from './walk-schema.ts';

/** Null if the log has no instruction. Throws if it does not obey its schema. */
export function makeWalk(log: string): WalkDocument | null {
  const walk = followLog(log);
  if (walk.last < 0) return null;
  const { messages, causes } = failureOf(walk, log);
  const path = pathTo(walk, walk.last);
  const next = nextOnPath(walk);
  return walkSchema.parse({
    messages: messages.slice(0, 100).map((message) => plain(message, 1000)),
    causes: causes.slice(0, 20).map(({ name, is, links }) => ({
      name,
      is: plain(is, 2000),
      chain: links
        .slice(-mostSteps)
        .map(({ step, words }) => ({ step, insn: walk.steps[step]!.insn, words: plain(words, 4000) })),
    })),
    path: path.slice(-mostSteps).map((step) => stepOf(walk, step, nextOf(walk, step, next))),
    leftOut: Math.max(0, path.length - mostSteps),
    steps: walk.steps.length,
  });
}

function stepOf(walk: Walk, step: number, next: number | undefined): WalkDocument['path'][number] {
  const view = viewOf(walk, step, next);
  return {
    step,
    insn: view.insn,
    text: plain(view.text, 1000),
    frame: view.frame,
    place: plain(view.place, 1000),
    source: plain(view.source, 1000),
    words: view.words.slice(0, 100).map((words) => plain(words, 4000)),
    changed: view.values
      .filter(({ changed, printed, was }) => changed && !(printed === '' && was === undefined))
      .slice(0, 200)
      .map(({ name, printed, words }) => ({ name, printed: plain(printed, 1000), words: plain(words, 2000) })),
  };
}
