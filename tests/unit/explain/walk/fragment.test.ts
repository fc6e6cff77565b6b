import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fromFragment, isFragment, longestFragment, toFragment } from '../../../../grader/explain/walk/fragment.ts';
import { corpus } from '../../../support/corpus.ts';

test('every log of the corpus comes back from a link as it was, and fits', async () => {
  for (const { log } of corpus) {
    const fragment = (await toFragment(log))!;
    expect(fragment.length).toBeLessThan(12_000);
    expect(isFragment(fragment)).toBe(true);
    expect(fragment).toMatch(/^#log=[\w-]+$/);
    expect(await fromFragment(fragment)).toEqual({ text: log });
  }
});

test('letters of all kinds', async () => {
  const text = '“ü” \u{1f41d} <script>\r\n\t';
  expect(await fromFragment((await toFragment(text))!)).toEqual({ text });
});

test('what is too long is no link', async () => {
  let noise = '';
  for (let i = 1; noise.length < longestFragment * 3; i += 1) noise += `${(i * 2654435761) % 4294967296}`;
  expect(await toFragment(noise)).toBeNull();
});

test.each(['#log=', '#log=%20', '#log=AAAA', '#log=7', `#log=${'A'.repeat(999)}`])(
  '%s says that it is broken',
  async (hash) => {
    expect(await fromFragment(hash)).toEqual({ problem: expect.stringContaining('cut or changed') });
  },
);

test('a small link that holds far too much is not unpacked', async () => {
  const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024)).toString('base64url');
  expect(await fromFragment(`#log=${bomb}`)).toEqual({ problem: expect.stringContaining('16 MiB') });
});
