/** Reads register states as the verifier prints them: 'R1_w=map_value_or_null(id=1,map=h,ks=4,vs=8) R2=scalar(umax=255)'. */

export interface Value {
  /** 'number', 'ctx', 'map_value', 'pkt', 'fp', 'ptr_task_struct' …, always without '_or_null'. */
  type: string;
  orNull: boolean;
  /** Of a number that is known. */
  constant?: bigint;
  /** What stands in parentheses: id, map, vs, r, off, umax … Names as in Linux 6.12. */
  attributes: ReadonlyMap<string, string>;
}

// A value has no space but in 'var_off=(0x0; 0xff)'.
const states = /\bR(\d{1,2})(?:_[a-zA-Z]+)?=([\w-]*(?:\[\d+\][+-]?\d*)?)(\((?:[^()]|\([^()]*\))*\))?/g;
// A line of states has at most eleven registers.
const longestLine = 8000;

/** By register number. */
export function parseStates(text: string): Map<number, Value> {
  const found = new Map<number, Value>();
  for (const [, register, word = '', attributes = ''] of text.slice(0, longestLine).matchAll(states)) {
    const value = parseValue(word, attributes);
    if (value && Number(register) <= 10) found.set(Number(register), value);
  }
  return found;
}

/** One value as the verifier prints it, such as 'map_value_or_null(id=1,map=h,ks=4,vs=8)'; null if it is none. */
export function readValue(printed: string): Value | null {
  const found = /^([\w-]*(?:\[\d+\][+-]?\d*)?)(\(.*\))?$/.exec(printed.slice(0, longestLine));
  return found && parseValue(found[1]!, found[2] ?? '');
}

/** A type as messages name it, such as 'map_value_or_null' or 'inv'. */
export function namedValue(word: string): Value {
  return parseValue(word, '') ?? { type: word, orNull: false, attributes: new Map() };
}

/** Numbers in both notations; null if it is none. 64 bits that say a negative number become one where `signed`. */
export function toNumber(text: string | undefined, signed: boolean): bigint | null {
  if (text === undefined || !/^-?(?:0x[0-9a-f]{1,16}|\d{1,20})$/.test(text)) return null;
  const value = text.startsWith('-0x') ? -BigInt(text.slice(1)) : BigInt(text);
  return signed ? BigInt.asIntN(64, value) : value;
}

function parseValue(word: string, parenthesised: string): Value | null {
  const attributes = parseAttributes(parenthesised.slice(1, -1));
  // Until 5.17 a number is 'inv'; a P means that its exact value matters.
  const bare = word.replace(/^(?:inv|scalar)?P?(?=-?\d|0x|$)/, '');
  if (word === '') return null;
  if (bare === '' || word === 'inv' || word === 'scalar') return { type: 'number', orNull: false, attributes };
  const constant = toNumber(bare, true);
  if (constant !== null) return { type: 'number', orNull: false, constant, attributes };
  const stack = /^fp(?:\[\d+\])?([+-]?\d+)?$/.exec(word);
  if (stack)
    return {
      type: 'fp',
      orNull: false,
      attributes: stack[1] ? new Map([...attributes, ['off', stack[1]]]) : attributes,
    };
  return { type: word.replace('_or_null', ''), orNull: word.includes('_or_null'), attributes };
}

/** 'smin=smin32=0,umax_value=4' has three names with two values. */
function parseAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const part of text.split(/,(?![^(]*\))/)) {
    const names = part.split('=');
    const value = names.pop()!;
    for (const name of names) attributes.set(name.replace(/_value$/, ''), value);
  }
  return attributes;
}
