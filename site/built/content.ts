/** The content of a page as it was built, without header, menu and footer. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Element, elementsOf, parsed } from '../slides/tree.ts';

/** `path`: of the page, without slashes at the ends. Throws if the page is missing or has no content. */
export async function contentOf(dist: string, path: string): Promise<Element> {
  const html = await readFile(join(dist, path, 'index.html'), 'utf8');
  // Only what is needed is parsed: menus are the larger part of a page.
  const start = html.indexOf('<div class="sl-markdown-content">');
  const [content] = start < 0 ? [] : elementsOf(parsed(html.slice(start, html.indexOf('</main>', start))));
  if (!content) throw new Error(`${path}: has no content`);
  return content;
}
