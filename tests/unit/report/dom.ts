/** What a browser makes of HTML, as a flat list. */
import type { DefaultTreeAdapterTypes } from 'parse5';

export interface Element {
  name: string;
  attributes: Record<string, string>;
  /** Of this element alone, without its children's. */
  ownText: string;
  /** How many elements are directly in it. */
  children: number;
  parent: string;
}

export function elements(node: DefaultTreeAdapterTypes.Node, parent = ''): Element[] {
  if (!('childNodes' in node)) return [];
  const own = node.childNodes;
  const inner = own.flatMap((child) => elements(child, 'tagName' in node ? node.tagName : ''));
  if (!('tagName' in node)) return inner;
  const ownText = own.map((child) => ('value' in child ? child.value : '')).join('');
  const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
  return [
    { name: node.tagName, attributes, ownText, children: own.filter((child) => 'tagName' in child).length, parent },
    ...inner,
  ];
}

/** All text, in order. */
export function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}
