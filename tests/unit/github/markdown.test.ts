import { describe, expect, test } from 'vitest';
import { Random } from '../../../grader/verdict/random.ts';
import { fit } from '../../../grader/github/comment.ts';
import { markdownCode as code, markdownFence as fence, markdownLine as inline } from '../../../grader/report/escape.ts';
import { rendered } from '../../github/rendered.ts';

const pieces = [
  '`',
  '```',
  '````',
  '~~~',
  '\n',
  '\r\n',
  '<b>',
  '</details>',
  '<!--',
  '-->',
  '[a](http://x.y)',
  '![a](b)',
  '@octocat',
  'a@b.cd',
  '#1',
  'GH-1',
  'http://x.y',
  'www.x.y',
  '|',
  '\\',
  '*a*',
  '_a_',
  '# a',
  '- a',
  '1. a',
  '> a',
  '    a',
  '&lt;',
  '&#64;',
  '\u001b[2J',
  '\u202e',
  '\u0000',
  '$x$',
  ':tada:',
  '[x]: http://x.y',
  'a',
];

function nasty(random: Random): string {
  return Array.from({ length: 1 + random.int(0, 11) }, () => random.pick(pieces)).join(random.pick(['', ' ']));
}

const texts = Array.from({ length: 300 }, (_, i) => nasty(new Random(`c0ffee${i.toString(16).padStart(4, '0')}`)));

describe('whatever the text is', () => {
  test('a line of it is text', () => {
    for (const text of texts) {
      const { html, links, images, code: spans, text: said } = rendered(`**bold** ${inline(text)}`);
      expect({ text, html, links, images, spans }).toEqual({ text, html: [], links: [], images: [], spans: [] });
      expect(said).not.toMatch(/@\w|#\d|GH-\d/);
    }
  });

  test('a row of a table stays one', () => {
    for (const text of texts)
      expect(rendered(`| a | b |\n|---|---|\n| ${inline(text)} | end |`).text).toMatch(/end\n$/);
  });

  test('a fence ends where it should', () => {
    for (const text of texts) {
      const { html, links, code: blocks, text: said } = rendered(`before\n\n${fence(text)}\n\nafter`);
      expect({ text, html, links, said, blocks: blocks.length }).toEqual({
        text,
        html: [],
        links: [],
        said: 'before\nafter\n',
        blocks: 1,
      });
    }
  });

  test('code in a line is code', () => {
    for (const text of texts)
      expect(rendered(`a ${code(`x${text}`)} b`)).toMatchObject({ html: [], links: [], images: [] });
  });
});

test('parts are left out whole, and the reader is told', () => {
  expect(fit(['a', 'b'], 10, 'more')).toBe('a\n\nb');
  expect(fit(['aaaa', 'bbbb', 'cccc'], 14, 'more')).toBe('aaaa\n\nmore');
  // Bytes, not signs: GitHub drops a summary that has too many of them.
  expect(fit(['ääää', 'bbbb'], 13, 'more')).toBe('more');
  expect(Buffer.byteLength(fit(Array<string>(1000).fill('→'.repeat(100)), 10_000, 'more'))).toBeLessThan(10_000);
});
