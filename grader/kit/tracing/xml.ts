/** Elements of an XML document that nobody vouches for: well-formed or refused, and not larger than anybody can look at. */
import { SaxesParser } from 'saxes';

export interface Element {
  name: string;
  attributes: Map<string, string>;
  children: Element[];
  /** Its own text, without that of its children. */
  text: string;
}

/** The document is not well-formed, or too large. The message is for the learner. */
export class XmlError extends Error {
  override name = 'XmlError';
}

const limits = { elements: 20_000, depth: 256, attributes: 64 };

/**
 * The root element. Throws XmlError with what is wrong, and in which line. The parser does not read DTDs, so a document
 * has no entities but XML's own five, and cannot grow.
 */
export function parseXml(document: string): Element {
  const top: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const inside = [top];
  const parser = new SaxesParser();
  let elements = 0;
  const fail = (what: string): never => {
    throw new XmlError(`Line ${parser.line}: ${what}`);
  };
  parser.on('error', ({ message }) => fail(message.replace(/^\d+:\d+: /, '').slice(0, 300)));
  parser.on(
    'doctype',
    (text) => void (/<!ENTITY/i.test(text) && fail('A document may not bring entities of its own.')),
  );
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: new Map(Object.entries(attributes)), children: [], text: '' };
    if (++elements > limits.elements || inside.length > limits.depth || element.attributes.size > limits.attributes)
      fail('There are more elements than anybody can look at.');
    inside.at(-1)!.children.push(element);
    inside.push(element);
  });
  parser.on('closetag', () => void inside.pop());
  const add = (text: string) => void (inside.at(-1)!.text += text);
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(document).close();
  return top.children[0] ?? fail('There is no element.');
}
