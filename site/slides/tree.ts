/** What is needed of parse5's tree of a piece of HTML. */
import {
  defaultTreeAdapter as adapter,
  type DefaultTreeAdapterTypes,
  parseFragment,
  serialize,
  serializeOuter,
} from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.ChildNode;
type Parent = DefaultTreeAdapterTypes.ParentNode;

export function parsed(html: string): Parent {
  return parseFragment(html);
}

/** With its own tag. */
export const outer = (element: Element): string => serializeOuter(element);
/** Without its own tag. */
export const inner = (element: Parent): string => serialize(element);

export function elementsOf(parent: Parent): Element[] {
  return parent.childNodes.filter(adapter.isElementNode);
}

/** All below, in the order of the text. */
export function all(parent: Parent, wanted: (element: Element) => boolean): Element[] {
  return elementsOf(parent).flatMap((element) => [...(wanted(element) ? [element] : []), ...all(element, wanted)]);
}

export function classed(...names: string[]): (element: Element) => boolean {
  return ({ attrs }) => {
    const own = attrs.find(({ name }) => name === 'class')?.value.split(/\s+/) ?? [];
    return names.some((name) => own.includes(name));
  };
}

export function tagged(...names: string[]): (element: Element) => boolean {
  return ({ tagName }) => names.includes(tagName);
}

export function textOf(node: Node | Parent): string {
  if (adapter.isTextNode(node as Node)) return (node as DefaultTreeAdapterTypes.TextNode).value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

/** Leaves the content of an element where the element was, or nothing. */
export function replace(element: Element, by: 'content' | 'nothing'): void {
  if (by === 'content')
    // oxlint-disable-next-line unicorn/no-useless-spread -- each child leaves the list that is walked
    for (const child of [...element.childNodes]) adapter.insertBefore(element.parentNode!, child, element);
  adapter.detachNode(element);
}
