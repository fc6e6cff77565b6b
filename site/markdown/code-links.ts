/** Names of helpers in blocks of code lead to their reference. */
import { definePlugin } from '@expressive-code/core';
import { h } from '@expressive-code/core/hast';
import { referenceOf } from '../course/reference.ts';

const name = /\b(bpf_[a-z0-9_]+|BPF_MAP_TYPE_[A-Z_]+)\b/;

export function codeLinks() {
  return definePlugin({
    name: 'hookpoint-helpers',
    baseStyles:
      '.ec-line .reference { color: inherit; text-decoration: underline dotted 1px; text-underline-offset: 0.25em; } .ec-line .reference:hover { text-decoration-style: solid; }',
    hooks: {
      postprocessRenderedLine({ renderData, codeBlock }) {
        if (codeBlock.language === 'c') link(renderData.lineAst);
      },
    },
  });
}

type Node = ReturnType<typeof h> | { type: 'text'; value: string };

function link(node: ReturnType<typeof h>): void {
  node.children = (node.children as Node[]).flatMap((child): Node[] => {
    if (child.type !== 'text') {
      link(child);
      return [child];
    }
    const [found] = name.exec(child.value) ?? [];
    const url = found === undefined ? null : referenceOf(found);
    if (found === undefined || !url) return [child];
    const [before = '', ...after] = child.value.split(found);
    const texts = [before, after.join(found)].map((value) => ({ type: 'text' as const, value }));
    return [texts[0]!, h('a.reference', { href: url }, [{ type: 'text', value: found }]), texts[1]!];
  }) as typeof node.children;
}
