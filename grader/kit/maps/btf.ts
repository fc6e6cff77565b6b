/** A shape laid out as the object's BTF says, member by member. The BTF is the learner's: what does not fit is a CheckFailure. */
import { quote } from '../checks/expect.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import type { BtfType } from '../guest/loader.ts';
import { arrayOf, type Codec, inC, isArray, layOut, type Shape, structOf } from './shape.ts';

type Members = Extract<BtfType, { kind: 'struct' | 'union' }>['members'];

/** `what` begins the sentence that names it: 'The value of the map counts'. */
export function byBtf(shape: Shape, type: BtfType, what: string): Codec {
  if (isArray(shape)) {
    if (type.kind !== 'array' || type.count !== shape[1]) throw another(shape, type, what);
    return arrayOf(byBtf(shape[0], type.of, `An element of ${lower(what)}`), shape[1]);
  }
  if (typeof shape === 'string') {
    const codec = layOut(shape);
    if (type.size !== codec.size || !kindsOf(shape).includes(type.kind)) throw another(shape, type, what);
    return codec;
  }
  if (type.kind !== 'struct' && type.kind !== 'union') throw another(shape, type, what);
  const there = named(type.members);
  const members = Object.entries(shape).map(([name, inner]) => {
    const found = there.find((member) => member.name === name);
    if (!found) throw missing(name, inner, there, what);
    if (found.bits) throw another(inner, { size: found.type.size, kind: 'other' }, `${what}: its bit field ${name}`);
    return { name, offset: found.offset, codec: byBtf(inner, found.type, `${what}: its member ${name}`) };
  });
  return structOf(members, type.size, 1);
}

/** What may be read as this shape, if the size is right. An address is declared as __be32, as an array, as a struct. */
function kindsOf(shape: string): BtfType['kind'][] {
  if (shape.startsWith('char[')) return ['array'];
  if (/^(bytes\[|mac$|ipv4$)/.test(shape)) return ['integer', 'array', 'struct', 'union', 'other'];
  return ['integer'];
}

/** C lets members of a nameless struct or union be named as if they were the outer one's. */
function named(members: Members, base = 0): Members {
  return members.flatMap((member) =>
    member.name === '' && 'members' in member.type
      ? named(member.type.members, base + member.offset)
      : [{ ...member, offset: base + member.offset }],
  );
}

function missing(name: string, shape: Shape, there: Members, what: string): CheckFailure {
  return new CheckFailure({
    text: `${what} has no member ${name}.`,
    expected: `${inC(shape, name)};`,
    actual: there.length
      ? `Members: ${there.map((member) => quote(member.name, 64).slice(1, -1)).join(', ')}.`.slice(0, 1000)
      : 'No members at all.',
    help: 'Compare the names in the struct with those of the task, letter by letter.',
  });
}

function another(shape: Shape, type: BtfType, what: string): CheckFailure {
  return new CheckFailure({
    text: `${what} has another type than the task asks for.`,
    expected: `${inC(shape)}${typeof shape === 'string' ? `, ${layOut(shape).size} bytes` : ''}.`,
    actual: describe(type),
    help: 'Compare the type in the source with the task.',
  });
}

function describe(type: BtfType): string {
  const kind = {
    integer: 'An integer',
    array: 'An array',
    struct: 'A struct',
    union: 'A union',
    other: 'Another kind of type',
  }[type.kind];
  return `${kind} of ${type.size} bytes${type.kind === 'array' ? `, with ${type.count} elements` : ''}.`;
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
