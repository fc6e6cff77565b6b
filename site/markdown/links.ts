/** Links of Markdown: those within the site get its base, and names of helpers lead to their reference. */
import { defineHastPlugin, defineMdastPlugin } from 'satteri';
import { fileAnchor, isBeside } from '../course/beside.ts';
import { referenceOf } from '../course/reference.ts';

/**
 * '/maps/locks/' becomes '/hookpoint/maps/locks/' on a site that is published below /hookpoint. 'program/x.go', a file beside
 * the task of an exercise, becomes its place on the exercise's page.
 */
export function siteLinks(base: string) {
  const prefix = base.replace(/\/$/, '');
  return defineHastPlugin({
    name: 'hookpoint-links',
    element: {
      filter: ['a'],
      visit(node, context) {
        const href = node.properties?.href;
        if (typeof href !== 'string') return;
        if (isBeside(href)) context.setProperty(node, 'href', `#${fileAnchor(href)}`);
        else if (/^\/(?!\/)/.test(href)) context.setProperty(node, 'href', prefix + href);
      },
    },
  });
}

export const helperLinks = defineMdastPlugin({
  name: 'hookpoint-helpers',
  inlineCode(node, context) {
    const url = referenceOf(node.value.replace(/\(.*$/, ''));
    if (url && context.parent(node)?.type !== 'link')
      context.replaceNode(node, { type: 'link', url, children: [{ type: 'inlineCode', value: node.value }] });
  },
});
