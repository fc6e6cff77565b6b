/** A <Key> that is a whole paragraph would stand outside of any: MDX takes what stands alone for a block. */
import { defineMdastPlugin } from 'satteri';

export const keyParagraphs = defineMdastPlugin({
  name: 'hookpoint-key',
  mdxJsxFlowElement(node, context) {
    if (node.name !== 'Key') return;
    const children = node.children.flatMap((child): unknown[] =>
      child.type === 'paragraph' ? child.children : [child],
    ) as never;
    context.replaceNode(node, {
      type: 'paragraph',
      children: [{ type: 'mdxJsxTextElement', name: 'Key', attributes: [], children }],
    });
  },
});
