/**
 * Which submissions to one exercise have passages in common that others do not: for a human to look at, never a verdict. Pure.
 *
 * A submission is cut into its words and signs, and every run of eight is a passage; white space does not matter, names and comments do. Passages of
 * the starter and the reference solution are nobody's, and so are those that more than a fifth of the class (and at least three learners)
 * wrote: there are few ways to write a short program. Of what is left, the smaller submission's share that the other has as well is
 * the measure, from 0 to 1. Who has fewer than 24 such passages is not compared: too little is left to tell a copy from the obvious.
 */

export interface Written {
  login: string;
  /** By file name. */
  files: ReadonlyMap<string, string>;
}

export interface Similar {
  logins: [string, string];
  /** 0 to 1. */
  share: number;
  /** Passages that both have and others do not. */
  passages: number;
  /** Where the first of them begin in the first one's files, 'file:line'. */
  lines: string[];
}

const passageLength = 8;
const fewestPassages = 24;
const common = { share: 0.2, least: 3 };
/** From here on a pair is named. */
export const similarFrom = 0.6;
const mostLines = 5;

/** Pairs from `similarFrom` on, the most similar first. `ours`: the starter's and the solution's files. */
export function findSimilar(written: readonly Written[], ours: readonly string[]): Similar[] {
  const known = new Set(ours.flatMap((text) => [...passagesOf(text).keys()]));
  const all = written.map(({ login, files }) => ({ login, passages: ownPassages(files, known) }));
  const writers = new Map<string, number>();
  for (const { passages } of all)
    for (const passage of passages.keys()) writers.set(passage, (writers.get(passage) ?? 0) + 1);
  const most = Math.max(common.least, Math.floor(written.length * common.share));
  const rare = all
    .map(({ login, passages }) => ({
      login,
      passages: new Map([...passages].filter(([passage]) => writers.get(passage)! <= most)),
    }))
    .filter(({ passages }) => passages.size >= fewestPassages)
    .sort((a, b) => (a.login < b.login ? -1 : 1));
  const pairs = rare.flatMap((a, i) => rare.slice(i + 1).map((b) => compare(a, b)));
  return pairs.filter(({ share }) => share >= similarFrom).sort((a, b) => b.share - a.share || b.passages - a.passages);
}

interface Rare {
  login: string;
  /** To where it begins. */
  passages: Map<string, string>;
}

function compare(a: Rare, b: Rare): Similar {
  const shared = [...a.passages].filter(([passage]) => b.passages.has(passage));
  return {
    logins: [a.login, b.login],
    share: shared.length / Math.min(a.passages.size, b.passages.size),
    passages: shared.length,
    lines: [...new Set(shared.map(([, line]) => line))].slice(0, mostLines),
  };
}

function ownPassages(files: Written['files'], known: ReadonlySet<string>): Map<string, string> {
  const own = new Map<string, string>();
  for (const [name, text] of files)
    for (const [passage, line] of passagesOf(text))
      if (!known.has(passage) && !own.has(passage)) own.set(passage, `${name}:${line}`);
  return own;
}

/** Each passage once, with the line in which it begins. */
function passagesOf(text: string): Map<string, number> {
  const words: { word: string; line: number }[] = [];
  for (const [i, line] of text.split('\n').entries())
    for (const [word] of line.matchAll(/\w+|[^\s\w]/gu)) words.push({ word, line: i + 1 });
  const passages = new Map<string, number>();
  for (let i = 0; i + passageLength <= words.length; i += 1) {
    const passage = words
      .slice(i, i + passageLength)
      .map(({ word }) => word)
      .join(' ');
    if (!passages.has(passage)) passages.set(passage, words[i]!.line);
  }
  return passages;
}
