/** The rectangles of a flame graph in SVG, as flamegraph.pl and those after it write them. Pure. */
import { plain } from '../../verdict/text.ts';
import { type Element, parseXml, XmlError } from './xml.ts';

export interface Rectangle {
  /** What its title says up to ' (': the name of the function. */
  name: string;
  x: number;
  y: number;
  width: number;
}

/**
 * All <rect> that have a <title>: inside, or beside them in the same <g>. Throws XmlError if it is no SVG, or a number
 * of such a rectangle cannot be read.
 */
export function rectangles(svg: string): Rectangle[] {
  const root = parseXml(svg);
  if (root.name !== 'svg') throw new XmlError(`The root element is <${root.name.slice(0, 50)}>, not <svg>.`);
  const found: Rectangle[] = [];
  const visit = (element: Element): void => {
    for (const child of element.children) {
      if (child.name === 'rect') {
        const title = titleOf(child) ?? (element.name === 'g' ? titleOf(element) : undefined);
        if (title !== undefined)
          found.push({
            name: nameIn(title),
            x: number(child, 'x'),
            y: number(child, 'y'),
            width: number(child, 'width'),
          });
      }
      visit(child);
    }
  };
  visit(root);
  return found;
}

/** How much of the whole picture's width the rectangles of a name take up together: 0 to 1. */
export function widthOf(all: readonly Rectangle[], name: string): number {
  const left = Math.min(...all.map(({ x }) => x));
  const right = Math.max(...all.map(({ x, width }) => x + width));
  return right > left
    ? all.reduce((sum, { name: own, width }) => sum + (own === name ? width : 0), 0) / (right - left)
    : 0;
}

/** Whether one is in another's span, in another row: its caller is below it, or above where the picture hangs down. */
export function standsOn(one: Rectangle, other: Rectangle): boolean {
  const slack = 0.5;
  return one.y !== other.y && one.x >= other.x - slack && one.x + one.width <= other.x + other.width + slack;
}

function titleOf(element: Element): string | undefined {
  return element.children.find(({ name }) => name === 'title')?.text;
}

function nameIn(title: string): string {
  return plain(title.trim().replace(/ \([^()]*\)$/, '')).slice(0, 200);
}

function number(rect: Element, attribute: string): number {
  const text = rect.attributes.get(attribute) ?? '0';
  const value = /^-?[0-9]{1,9}(\.[0-9]{1,20})?(px|%)?$/.test(text.trim()) ? parseFloat(text) : NaN;
  if (Number.isNaN(value))
    throw new XmlError(`A rectangle's ${attribute} is ${JSON.stringify(text.slice(0, 50))}, which is no number.`);
  return value;
}
