import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import {
  csvCell,
  html,
  markdownCode,
  markdownFence,
  markdownLine,
  withoutWorkflowCommands,
  xml,
  xmlAttribute,
} from '../../../grader/report/escape.ts';
import { attacks, hostileText } from './results.ts';

test('HTML: markup becomes text, controls and escapes go', () => {
  expect(html(`<a href="x" title='y'>&\u001b[31mred\u0007\u202e`)).toBe(
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;red',
  );
});

test('XML: what 1.0 forbids goes, line ends in attributes stay line ends', () => {
  expect(xml('a\u0000\u000b\ufffe\ud800]]>\n')).toBe('a\ufffd\ufffd]]&gt;\n');
  expect(xmlAttribute('a\n\tb"')).toBe('a&#10;&#9;b&quot;');
});

describe('CSV', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', '"\'\t=1"'],
    ['  =1', "'  =1"],
    ['\uff1d1', "'\uff1d1"],
    ['a,"b"', '"a,""b"""'],
    ['a\r\nb', 'a b'],
    ['plain', 'plain'],
    ['', ''],
  ])('%j is %j', (text, cell) => expect(csvCell(text)).toBe(cell));

  test('a number stays one', () => expect(csvCell(-1)).toBe('-1'));
});

describe('Markdown', () => {
  const text = (markdown: string) => marked.parse(markdown, { async: false });

  test.each(attacks)('%j in a line is only text', (attack) => {
    const line = markdownLine(attack);
    expect(text(`x ${line}`)).toMatch(/^<p>[^<]*<\/p>\n$/);
    expect(text(line)).toMatch(/^(<p>[^<]*<\/p>\n)?$/);
    expect(line).not.toMatch(/[@#]\w|https?:\/\/|www\./i);
  });

  test.each([...attacks, 'a `` b', '`', '```', ''])('%j between backticks is only code', (attack) => {
    expect(text(`x ${markdownCode(attack)}`)).toMatch(/^<p>x <code>[^<]*<\/code><\/p>\n$/);
    const cells = text(`| a | b |\n|---|---|\n| ${markdownCode(attack)} | c |`);
    expect(cells.match(/<td>/g)).toHaveLength(2);
  });

  test.each([hostileText, '````\n`````` x\n', '```\n</details>'])('a fence holds %j', (attack) => {
    expect(text(markdownFence(attack))).toMatch(/^<pre><code class="language-text">[^<]*<\/code><\/pre>\n$/);
  });

  test('versions and words stay as they are', () => {
    expect(markdownLine('Linux 6.12.117+deb13-amd64, "hello.bpf.c": 3.5 s')).toBe(
      'Linux 6.12.117+deb13-amd64, "hello.bpf.c": 3.5 s',
    );
  });

  test('no line is a workflow command', () => {
    expect(withoutWorkflowCommands('::error::x\n  ::set-output name=a::b\na::b\n##[group]x').split('\n')).toEqual([
      ':\u200b:error::x',
      '  :\u200b:set-output name=a::b',
      'a::b',
      '#\u200b#[group]x',
    ]);
  });
});
