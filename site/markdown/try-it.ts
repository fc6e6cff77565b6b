/** A block of a program that can be tried in the lab says which it is; the button is the page's script's (site/lab/workbench/opener.ts). */
import { definePlugin } from '@expressive-code/core';

export function triedPrograms() {
  return definePlugin({
    name: 'hookpoint-try-it',
    hooks: {
      postprocessRenderedBlock({ codeBlock, renderData }) {
        const program = codeBlock.metaOptions.getString('try');
        if (program !== undefined) renderData.blockAst.properties['data-try'] = program;
      },
    },
  });
}
