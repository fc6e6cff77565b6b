/** Markdown as GitHub reads it: what in it is more than text. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

interface Node {
  type: string;
  value?: string;
  url?: string;
  children?: Node[];
}

export interface Rendered {
  html: string[];
  links: string[];
  images: string[];
  /** Where GitHub looks for mentions and issues: outside of code. */
  text: string;
  /** Blocks and spans of code. */
  code: string[];
}

export function rendered(markdown: string): Rendered {
  const found: Rendered = { html: [], links: [], images: [], text: '', code: [] };
  const visit = (node: Node): void => {
    if (node.type === 'html') found.html.push(node.value!);
    if (node.type === 'link' || node.type === 'definition') found.links.push(node.url!);
    if (node.type === 'image' || node.type === 'imageReference') found.images.push(node.url ?? '');
    if (node.type === 'text') found.text += `${node.value}\n`;
    if (node.type === 'code' || node.type === 'inlineCode') found.code.push(node.value!);
    for (const child of node.children ?? []) visit(child);
  };
  visit(fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node);
  found.links = [...new Set(found.links)];
  return found;
}
