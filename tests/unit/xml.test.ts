import { expect, test } from 'vitest';
import { parseXml, XmlError } from '../../grader/kit/tracing/xml.ts';

test('elements, attributes and text', () => {
  const root = parseXml(
    '\ufeff<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b">\n<!-- x --><svg a="1" b=\'&lt;&#65;&#x42;\'><g/>one &amp; <t >two</t><![CDATA[<&]]></svg>\n',
  );
  expect(root.name).toBe('svg');
  expect([...root.attributes]).toEqual([
    ['a', '1'],
    ['b', '<AB'],
  ]);
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([
    ['g', ''],
    ['t', 'two'],
  ]);
  expect(root.text).toBe('one & <&');
});

test.each([
  ['<a><b></a>', 'Line 1: unexpected close tag.'],
  ['<a>\n<b>', 'Line 2: unclosed tag: b'],
  ['</a>', 'Line 1: unmatched closing tag: a.'],
  ['<a/><b/>', 'Line 1: documents may contain only one root.'],
  ['hello', 'Line 1: text data outside of root node.'],
  ['', 'Line 1: document must contain a root element.'],
  ['<a>1 < 2</a>', 'Line 1: disallowed character in tag name'],
  ['<a x=1/>', 'Line 1: unquoted attribute value.'],
  ['<a x="1" x="2"/>', 'Line 1: duplicate attribute: x.'],
  ['<a>R&D</a>', 'Line 1: unclosed tag: a'],
  ['<a>&nbsp;</a>', 'Line 1: undefined entity.'],
  ['<a>&#0;</a>', 'Line 1: malformed character entity.'],
  ['<a><!-- x</a>', 'Line 1: unclosed tag: a'],
])('%j is refused', (document, message) => {
  expect(() => parseXml(document)).toThrow(new XmlError(message));
});

test('entities of its own are refused: they can grow without bound', () => {
  expect(() => parseXml('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).toThrow(/entities of its own/);
});

test('depth, number and size do no harm', () => {
  expect(() => parseXml('<a>'.repeat(100_000))).toThrow(/more elements/);
  expect(() => parseXml(`<a>${'<b/>'.repeat(100_000)}</a>`)).toThrow(/more elements/);
  const begin = performance.now();
  for (const hostile of [
    `<a ${'x'.repeat(1e6)}`,
    `<a${' '.repeat(1e6)}`,
    `<a>${'&'.repeat(1e6)}`,
    `<a ${'b="" '.repeat(2e5)}`,
    `<a><!--${'-'.repeat(1e6)}`,
    `</${'a'.repeat(1e6)}`,
  ])
    expect(() => parseXml(hostile)).toThrow(XmlError);
  expect(performance.now() - begin).toBeLessThan(2000);
});
