/** Languages of code blocks: one that nobody knows would only be a warning, and a block without colours. */
import { readFile } from 'node:fs/promises';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundledLanguages, createHighlighter } from 'shiki';
import { assembly } from '../../../site/grammars/assembly.ts';
import { bpfC } from '../../../site/grammars/bpf-c.ts';
import { bpftrace } from '../../../site/grammars/bpftrace.ts';
import { verifier } from '../../../site/grammars/verifier.ts';
import { repository } from '../../support/clone.ts';

const own = [assembly, bpfC, bpftrace, verifier];
const highlighter = await createHighlighter({ themes: ['github-light-default'], langs: ['c', ...own] as never });

/** Words of `code` that have a colour of their own. */
function coloured(code: string, lang: string): string[] {
  // By default Shiki leaves the rest of a line without colours after half a second, which a busy machine needs for a grammar's first line.
  const options = { lang: lang as never, theme: 'github-light-default', tokenizeTimeLimit: 0 } as const;
  const { tokens, fg } = highlighter.codeToTokens(code, options);
  return tokens
    .flat()
    .filter(({ color }) => color?.toLowerCase() !== fg?.toLowerCase())
    .map(({ content }) => content.trim())
    .filter(Boolean);
}

test.each([
  [
    'bpftrace',
    'tracepoint:syscalls:sys_exit_read /pid == 7/ { @sizes = hist(args.ret); }',
    ['tracepoint', 'pid', '7', 'hist'],
  ],
  ['bpfasm', '3: (15) if r0 == 0x0 goto pc+2', ['if', 'r0', 'goto']],
  ['verifier', "R0 invalid mem access 'map_value_or_null'", ["R0 invalid mem access 'map_value_or_null'"]],
  ['c', '__u64 *n = bpf_map_lookup_elem(&map, &key);', ['__u64', 'bpf_map_lookup_elem']],
])('%s has words with colours', (lang, code, words) => {
  for (const word of words) expect(coloured(code, lang)).toContain(word);
});

test('every fence of lessons and tasks names a language that is known', async () => {
  const known = new Set([
    ...Object.keys(bundledLanguages),
    ...own.flatMap(({ name, ...rest }) => [name, ...(('aliases' in rest && rest.aliases) || [])]),
    'text',
    'txt',
    'ansi',
    'sh',
  ]);
  let fences = 0;
  for await (const page of glob('content/{docs,exercises}/**/*.mdx', { cwd: repository })) {
    for (const [, language] of (await readFile(join(repository, page), 'utf8')).matchAll(/^```(\w+)/gm)) {
      fences += 1;
      expect(known.has(language!), `${page}: ${language}`).toBe(true);
    }
  }
  expect(fences).toBeGreaterThan(20);
});
