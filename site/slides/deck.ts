/**
 * The slides of a lesson, made of its own HTML, so that nothing is written twice. A slide shows one thing, below the heading of its
 * section; what the author marked as <Key> stands large; all the rest is what the speaker says.
 */
import { type Shown, shownOf } from './shown.ts';
import { all, classed, type Element, elementsOf, inner, outer, parsed, replace, tagged, textOf } from './tree.ts';

export interface Slide {
  id: string;
  heading: string;
  /** The second or later slide of its section. */
  again: boolean;
  /** Key sentences, before and behind what is shown. */
  above: string[];
  shown: Shown | null;
  below: string[];
  size: string;
  notes: string[];
  /** Nothing was said since the last key sentence. */
  keyIsLast: boolean;
}

export interface Deck {
  /** What is said to the title. */
  opening: string[];
  slides: Slide[];
  /** What is said to the last slide, which says what to do: a last section that shows nothing. */
  closing: string[];
}

/** From the largest; what fits into none scrolls at the last. */
const sizes = [
  { size: 'huge', lines: 7, columns: 56 },
  { size: 'large', lines: 10, columns: 65 },
  { size: 'medium', lines: 14, columns: 76 },
  { size: 'small', lines: Infinity, columns: Infinity },
];
const linesOfKey = 4;
/** Links: of no use to a room, and they would lead the window away. */
const forReaders = 'Further reading';
/** A key sentence stands beside what is shown only if both can be read. */
const shared = 14;

export function deckOf(html: string, title: string): Deck {
  const root = parsed(html);
  simplify(root);
  const start = fresh('start', title, false);
  const slides = [start];
  let current = start;
  let section = { id: 'opening', heading: title, slides: 0 };
  const open = () => {
    section.slides += 1;
    const again = section.slides > 1;
    slides.push((current = fresh(again ? `${section.id}-${section.slides}` : section.id, section.heading, again)));
  };

  let skipped = false;
  for (const element of elementsOf(root)) {
    const heading = headingOf(element);
    if (heading) skipped = textOf(heading) === forReaders;
    if (skipped) continue;
    const shown = heading ? null : shownOf(element);
    if (heading) {
      section = {
        id: heading.attrs.find(({ name }) => name === 'id')?.value ?? `section-${slides.length}`,
        heading: inner(heading),
        slides: 0,
      };
      open();
    } else if (shown) {
      if (current === start || !fits(current, shown)) {
        const lead = leadOf(current);
        open();
        current.notes.push(...lead);
      }
      current.shown = shown;
      current.notes.push(...shown.notes);
    } else if (tagged('p', 'aside', 'h4')(element)) {
      const keys = all(element, classed('key')).map(inner);
      const before = current;
      if (keys.length > 0 && (current === start || !fits(current, null))) open();
      (current.shown ? current.below : current.above).push(...keys);
      current.keyIsLast = keys.length > 0;
      // A slide that shows something is not left without a word for the sake of one that says it all itself.
      (before.notes.length > 0 ? current : before).notes.push(spoken(element));
    }
  }
  for (const [i, slide] of slides.entries()) {
    slide.size = sizeOf(slide);
    if (slide.notes.length === 0) slide.notes.push(...handedOver(slides[i - 1], slide));
  }
  const closing = current !== start && isBare(current) ? slides.pop()!.notes : [];
  return {
    opening: start.notes,
    slides: slides.slice(1).filter((slide) => !isBare(slide) || slide.notes.length > 0),
    closing,
  };
}

/** The command with which the reader begins: what the last section has in a block of code or names in its text. */
export function commandIn(html: string): string {
  const section = html.slice(html.lastIndexOf('<h2'));
  const [, command] =
    /data-code="(npx grade[^"\u007f]*)/.exec(section) ??
    /<code[^>]*>(npx grade(?: [^<…]*)?)<\/code>/.exec(section) ??
    [];
  return (command ?? 'npx grade shell').trim();
}

function isBare({ shown, above }: Slide): boolean {
  return !shown && above.length === 0;
}

function headingOf(element: Element): Element | undefined {
  const inside = classed('sl-heading-wrapper')(element) ? elementsOf(element) : [element];
  return inside.find(tagged('h2', 'h3'));
}

function fresh(id: string, heading: string, again: boolean): Slide {
  return { id, heading, again, above: [], shown: null, below: [], size: '', notes: [], keyIsLast: false };
}

function fits(slide: Slide, shown: Shown | null): boolean {
  const keys = slide.above.length + slide.below.length + (shown ? 0 : 1);
  const other = shown ?? slide.shown;
  if (shown && (slide.shown || (keys > 0 && !slide.keyIsLast))) return false;
  return keys === 0 || other === null || (other.kind !== 'quiz' && other.lines + keys * linesOfKey <= shared);
}

function sizeOf({ above, below, shown }: Slide): string {
  const lines = (shown?.lines ?? 0) + (above.length + below.length) * linesOfKey;
  return sizes.find((size) => lines <= size.lines && (shown?.columns ?? 0) <= size.columns)!.size;
}

/** 'So it is declared like this:' belongs to what follows. */
function leadOf({ notes, keyIsLast }: Slide): string[] {
  return !keyIsLast && /:\s*<\/p>$/.test(notes.at(-1) ?? '') ? [notes.pop()!] : [];
}

/** A slide without a word of its own begins with the last paragraph of the one before, if that has others. */
function handedOver(before: Slide | undefined, slide: Slide): string[] {
  if (!before || before.notes.length < 2 || before.shown?.kind === 'quiz' || !(slide.again || before.id === 'start'))
    return [];
  return [before.notes.pop()!];
}

/** Explanations that open at a click, buttons that copy: for one who reads alone. */
function simplify(root: ReturnType<typeof parsed>): void {
  for (const element of all(root, classed('meaning', 'copy', 'sl-anchor-link'))) replace(element, 'nothing');
  for (const element of all(root, classed('term'))) replace(element, 'content');
}

/** A link would lead the speaker's window away. */
function spoken(element: Element): string {
  for (const link of all(element, tagged('a'))) replace(link, 'content');
  return outer(element);
}
