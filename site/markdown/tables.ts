/** The empty corner of a table heads nothing, and a screen reader should not be told that it does. */
import { defineHastPlugin } from 'satteri';

export const emptyCorners = defineHastPlugin({
  name: 'hookpoint-tables',
  element: {
    filter: ['th'],
    visit(node, context) {
      if (node.children.length === 0)
        context.replaceNode(node, { type: 'element', tagName: 'td', properties: {}, children: [] });
    },
  },
});
