/** The content of a page as it was built, without header, menu and footer. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { all, type Element, elementsOf, parsed, tagged } from '../slides/tree.ts';

/** `path`: of the page, without slashes at the ends. Throws if the page is missing or has no content. */
export async function contentOf(dist: string, path: string): Promise<Element> {
  const html = await readFile(join(dist, path, 'index.html'), 'utf8');
  // Only what is needed is parsed: menus are the larger part of a page.
  const start = html.indexOf('<div class="sl-markdown-content">');
  const [content] = start < 0 ? [] : elementsOf(parsed(html.slice(start, html.indexOf('</main>', start))));
  if (!content) throw new Error(`${path}: has no content`);
  return content;
}

/** What a page says of itself to those who link to it. Throws if it says nothing. */
export async function titleOf(dist: string, path: string): Promise<{ title: string; below: string }> {
  const html = await readFile(join(dist, path, 'index.html'), 'utf8');
  const said = new Map(
    all(parsed(html.slice(0, html.indexOf('</head>'))), tagged('meta')).map(({ attrs }) => {
      const value = (name: string) => attrs.find((attribute) => attribute.name === name)?.value;
      return [value('property'), value('content')];
    }),
  );
  const [title, below] = [said.get('og:title'), said.get('og:description')];
  if (title === undefined || below === undefined) throw new Error(`${path}: does not say what it is`);
  return { title, below };
}
