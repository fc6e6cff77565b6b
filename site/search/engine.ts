/** The search: pure, so that a test asks it without a browser. In the page it runs in a worker. */
import { distance } from 'fastest-levenshtein';
import MiniSearch from 'minisearch';
import { alsoCalled, asked, formsOf, otherNames, stemOf, wordsOf } from './words.ts';

/** As search.json has it: a page, and what can be found in it. */
export interface SearchPage {
  kind: 'Lesson' | 'Exercise' | 'Term' | 'Tool';
  /** Of the chapter, or '' if it is in none. */
  chapter: string;
  title: string;
  /** Below the base. */
  path: string;
  sections: SearchSection[];
}

export interface SearchSection {
  /** '' for what comes before the first heading. */
  heading: string;
  /** Of the heading, or ''. */
  anchor: string;
  text: string;
  /** Code and terminals. */
  code: string;
}

export interface Hit {
  kind: SearchPage['kind'];
  chapter: string;
  title: string;
  heading: string;
  /** Below the base, with its anchor. */
  address: string;
  /** A piece of its text; every second part is what was looked for. */
  excerpt: string[];
}

export interface Found {
  hits: Hit[];
  /** What was looked for, where a word of the question was taken for a typo; else null. */
  corrected: string | null;
}

export interface Search {
  (question: string): Found;
}

const mostHits = 20;
/** Of one page; the others are in it. */
const mostOfPage = 2;
const boost = { title: 5, heading: 4, chapter: 1, text: 1, code: 0.4 };

interface Entry {
  id: number;
  page: SearchPage;
  section: SearchSection;
}

export function makeSearch(pages: readonly SearchPage[]): Search {
  const entries = pages
    .flatMap((page) => page.sections.map((section) => ({ page, section })))
    .map((entry, id): Entry => ({ id, ...entry }));
  const known = new Map<string, number>();
  const forms = new Map<string, string[]>();
  const index = new MiniSearch<Entry>({
    fields: Object.keys(boost),
    extractField: ({ id, page, section }, field) =>
      field === 'id'
        ? String(id)
        : field === 'title' || field === 'chapter'
          ? page[field]
          : section[field as 'heading' | 'text' | 'code'],
    tokenize: wordsOf,
    processTerm: (word) => {
      const times = known.get(word) ?? 0;
      known.set(word, times + 1);
      if (times === 0) {
        forms.set(word, formsOf(word));
        for (const part of word.split(/[_.-]/)) if (!known.has(part)) known.set(part, 1);
      }
      return forms.get(word) ?? formsOf(word);
    },
  });
  index.addAll(entries);
  const stems = new Set([...known.keys()].map(stemOf));

  /** Weighs how much is asked of an entry: all words, or any; the words themselves, or others for them. */
  function scores(words: readonly string[], combineWith: 'AND' | 'OR'): Map<number, number> {
    const found = index.search(words.join(' '), {
      combineWith,
      boost,
      tokenize: (text) => text.split(' '),
      processTerm: (word) => (/[_.-]/.test(word) ? word : stemOf(word)),
      prefix: (_, i) => i === words.length - 1 && words[i]!.length > 1,
      weights: { prefix: 0.4, fuzzy: 0 },
    });
    return new Map(found.map(({ id, score }) => [Number(id), score]));
  }

  return (question) => {
    // 'core-re' is no word here, but its parts may be.
    const typed = asked(question).flatMap((word) => (known.has(word) ? word : word.split('-')));
    const words = typed.map((word, i) => correct(word, known, stems, i === typed.length - 1));
    const others = alsoCalled(words);
    const total = new Map<number, number>();
    const add = (found: Map<number, number>, weight: number) => {
      const best = Math.max(0, ...found.values());
      for (const [id, score] of found) total.set(id, (total.get(id) ?? 0) + (weight * score) / best);
    };
    if (words.length > 0) {
      const all = scores(words, 'AND');
      add(all, 2);
      add(scores(words, 'OR'), 1);
      if (others.length > 0) add(scores(others, 'OR'), all.size > 0 ? 0.8 : 2);
    }
    const phrase = words.join(' ');
    const ranked = [...total]
      .map(([id, score]) => ({ entry: entries[id]!, score: score * liking(entries[id]!, phrase) }))
      .sort((a, b) => b.score - a.score);
    const hits: Hit[] = [];
    for (const { entry } of ranked) {
      const address = entry.page.path + (entry.section.anchor && `#${entry.section.anchor}`);
      if (hits.filter(({ title }) => title === entry.page.title).length < mostOfPage)
        hits.push(hitOf(entry, address, [...words, ...others]));
      if (hits.length === mostHits) break;
    }
    return { hits, corrected: words.every((word, i) => word === typed[i]) ? null : phrase };
  };
}

/** A page that is called as the question is what is meant, and its beginning is where it says what it is about. */
function liking({ page, section }: Entry, phrase: string): number {
  const stem = (text: string) => wordsOf(text).map(stemOf).join(' ');
  const wanted = stem(phrase);
  const named = stem(page.title) === wanted ? 1.5 : stem(section.heading) === wanted ? 1.3 : 1;
  return named * (section.heading === '' ? 1.15 : 1) * (page.kind === 'Term' ? 0.75 : 1);
}

/** The word itself, if it or its stem is known, or it may still become one; else the nearest that is known; else itself. */
function correct(
  word: string,
  known: ReadonlyMap<string, number>,
  stems: ReadonlySet<string>,
  isLast: boolean,
): string {
  if (known.has(word) || otherNames.has(word) || stems.has(stemOf(word)) || /\d/.test(word)) return word;
  const all = [...known.keys()];
  if (word.length < 3 || (isLast && all.some((other) => other.startsWith(word)))) return word;
  const swapped = [...word].slice(1).map((_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2));
  const near = all.filter(
    (other) =>
      swapped.includes(other) ||
      (other.length > 3 && distance(word, other) <= (word.length > 7 ? 2 : word.length > 3 ? 1 : 0)),
  );
  const cost = (other: string) => (swapped.includes(other) ? 0.5 : distance(word, other));
  near.sort((a, b) => cost(a) - cost(b) || known.get(b)! - known.get(a)!);
  return near[0] ?? word;
}

function hitOf({ page, section }: Entry, address: string, words: readonly string[]): Hit {
  const { kind, chapter, title } = page;
  return { kind, chapter, title, heading: section.heading, address, excerpt: excerptOf(section, words) };
}

const before = 60;
const length = 180;

/** Around the place where most of the words are together. */
function excerptOf({ text, code }: SearchSection, words: readonly string[]): string[] {
  const stems = new Set(words.map(stemOf));
  const isWanted = (word: string) => words.includes(word) || formsOf(word).some((form) => stems.has(form));
  const placesIn = (source: string) =>
    [...source.matchAll(/[\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*/gu)]
      .filter(([word]) => isWanted(word.toLowerCase()))
      .map(({ index, 0: word }) => ({ at: index, word }));
  const source = placesIn(text).length > 0 || code === '' || placesIn(code).length === 0 ? text : code;
  const places = placesIn(source);
  const around = (at: number) =>
    new Set(places.filter((other) => other.at >= at && other.at < at + length - before).map(({ word }) => word)).size;
  const best = places.reduce((a, b) => (around(b.at) > around(a.at) ? b : a), places[0] ?? { at: 0, word: '' });
  const start = best.at <= before ? 0 : source.lastIndexOf(' ', best.at - before) + 1;
  const end = start + length >= source.length ? source.length : source.lastIndexOf(' ', start + length);
  const parts = [start > 0 ? '… ' : ''];
  let from = start;
  for (const { at, word } of places.filter((place) => place.at >= start && place.at + place.word.length <= end)) {
    parts[parts.length - 1] += source.slice(from, at);
    parts.push(word, '');
    from = at + word.length;
  }
  parts[parts.length - 1] += source.slice(from, end) + (end < source.length ? ' …' : '');
  return parts;
}
