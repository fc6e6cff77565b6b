/**
 * Shapes: how bytes in the kernel are read as numbers, texts and structs. A shape is written as data:
 * `'u32'`, `'char[16]'`, `{ hits: 'u64', name: 'char[16]' }`, `['u32', 4]`.
 */

/** At most 32 bits: a JavaScript number. `be` is big-endian, as ports and addresses are in a frame. */
export type SmallInteger = 'u8' | 's8' | 'u16' | 's16' | 'u32' | 's32' | 'be16' | 'be32';
/** 64 bits: a bigint. */
export type WideInteger = 'u64' | 's64' | 'be64';
/**
 * - `ipv4`: four bytes, read as '10.0.0.1'; `mac`: six bytes, read as '02:00:…';
 * - `char[n]`: text that ends at its first zero byte, or fills the array;
 * - `bytes[n]`: n bytes as they are;
 * - `[shape, n]`: an array;
 * - an object: a struct, with its members in this order.
 */
export type Shape =
  | SmallInteger
  | WideInteger
  | 'ipv4'
  | 'mac'
  | `char[${number}]`
  | `bytes[${number}]`
  | readonly [Shape, number]
  | { readonly [member: string]: Shape };

/** What a value of a shape is in TypeScript once read: `Read<{ hits: 'u64' }>` is `{ hits: bigint }`. */
export type Read<S> = S extends WideInteger
  ? bigint
  : S extends SmallInteger
    ? number
    : S extends `bytes[${number}]`
      ? Uint8Array
      : S extends string
        ? string
        : S extends readonly [infer One, number]
          ? Read<One>[]
          : { -readonly [Member in keyof S]: Read<S[Member]> };

/** What may be written: as `Read`, and numbers where 64 bits are wanted. */
export type Written<S> = S extends WideInteger
  ? bigint | number
  : S extends SmallInteger
    ? number
    : S extends `bytes[${number}]`
      ? Uint8Array
      : S extends string
        ? string
        : S extends readonly [infer One, number]
          ? readonly Written<One>[]
          : { readonly [Member in keyof S]: Written<S[Member]> };

/** A shape with its place in memory decided: sizes and offsets in bytes. */
export interface Codec {
  size: number;
  alignment: number;
  read(bytes: Buffer, offset: number): unknown;
  /** Throws RangeError for a number that does not fit, TypeError for a value of another kind. */
  write(bytes: Buffer, offset: number, value: unknown): void;
}

/** The shape laid out as a C compiler does on a 64-bit machine: natural alignment, padding between and at the end. */
export function layOut(shape: Shape): Codec {
  if (typeof shape === 'string') return scalar(shape);
  if (isArray(shape)) return arrayOf(layOut(shape[0]), shape[1]);
  const members: Member[] = [];
  let end = 0;
  for (const [name, inner] of Object.entries(shape)) {
    const codec = layOut(inner);
    const offset = roundUp(end, codec.alignment);
    members.push({ name, offset, codec });
    end = offset + codec.size;
  }
  const alignment = Math.max(1, ...members.map(({ codec }) => codec.alignment));
  return structOf(members, roundUp(end, alignment), alignment);
}

export interface Member {
  name: string;
  offset: number;
  codec: Codec;
}

/** Bytes between the members are written as zeros. */
export function structOf(members: readonly Member[], size: number, alignment: number): Codec {
  return {
    size,
    alignment,
    read: (bytes, at) =>
      Object.fromEntries(members.map(({ name, offset, codec }) => [name, codec.read(bytes, at + offset)])),
    write(bytes, at, value) {
      if (typeof value !== 'object' || value === null) throw new TypeError('A struct is written from an object.');
      const given = value as Record<string, unknown>;
      for (const { name, offset, codec } of members) codec.write(bytes, at + offset, given[name]);
    },
  };
}

export function arrayOf(codec: Codec, count: number): Codec {
  return {
    size: codec.size * count,
    alignment: codec.alignment,
    read: (bytes, at) => Array.from({ length: count }, (_, index) => codec.read(bytes, at + index * codec.size)),
    write(bytes, at, value) {
      if (!Array.isArray(value) || value.length !== count)
        throw new TypeError(`An array of ${count} is written from ${count} values.`);
      value.forEach((one, index) => codec.write(bytes, at + index * codec.size, one));
    },
  };
}

/** A value's bytes, exactly the codec's size. */
export function toBytes(codec: Codec, value: unknown): Uint8Array {
  const bytes = Buffer.alloc(codec.size);
  codec.write(bytes, 0, value);
  return new Uint8Array(bytes);
}

/** Throws RangeError if there are fewer bytes than the codec's size. */
export function fromBytes(codec: Codec, bytes: Uint8Array): unknown {
  if (bytes.length < codec.size) throw new RangeError(`${bytes.length} bytes where ${codec.size} are read.`);
  return codec.read(Buffer.from(bytes), 0);
}

/** The shape as C would declare it: '__u32', 'struct { __u64 hits; char name[16]; }'. */
export function inC(shape: Shape, name = ''): string {
  const named = (type: string, suffix = '') => (name ? `${type} ${name}${suffix}` : `${type}${suffix}`);
  if (isArray(shape)) return inC(shape[0], `${name}[${shape[1]}]`);
  if (typeof shape !== 'string') {
    const members = Object.entries(shape).map(([member, inner]) => `${inC(inner, member)};`);
    return named(`struct { ${members.join(' ')} }`);
  }
  const { kind, count } = sized(shape);
  if (kind === 'char') return named('char', `[${count}]`);
  if (kind === 'bytes') return named('__u8', `[${count}]`);
  if (kind === 'mac') return named('__u8', '[6]');
  return named(kind === 'ipv4' ? '__be32' : `__${kind}`);
}

export function isArray(shape: Shape): shape is readonly [Shape, number] {
  return Array.isArray(shape);
}

const integers: Record<string, { size: number; read: keyof Buffer; write: keyof Buffer }> = {
  u8: { size: 1, read: 'readUInt8', write: 'writeUInt8' },
  s8: { size: 1, read: 'readInt8', write: 'writeInt8' },
  u16: { size: 2, read: 'readUInt16LE', write: 'writeUInt16LE' },
  s16: { size: 2, read: 'readInt16LE', write: 'writeInt16LE' },
  be16: { size: 2, read: 'readUInt16BE', write: 'writeUInt16BE' },
  u32: { size: 4, read: 'readUInt32LE', write: 'writeUInt32LE' },
  s32: { size: 4, read: 'readInt32LE', write: 'writeInt32LE' },
  be32: { size: 4, read: 'readUInt32BE', write: 'writeUInt32BE' },
  u64: { size: 8, read: 'readBigUInt64LE', write: 'writeBigUInt64LE' },
  s64: { size: 8, read: 'readBigInt64LE', write: 'writeBigInt64LE' },
  be64: { size: 8, read: 'readBigUInt64BE', write: 'writeBigUInt64BE' },
};

/** The codec of a shape that is neither array nor struct. Throws for a word that is no shape. */
export function scalar(shape: string): Codec {
  const { kind, count } = sized(shape);
  if (kind === 'char') return text(count);
  if (kind === 'bytes') return raw(count);
  if (kind === 'ipv4') return spelled(4, 4, '.', 10);
  if (kind === 'mac') return spelled(6, 1, ':', 16);
  const integer = integers[kind];
  if (!integer) throw new Error(`'${shape}' is no shape: expected such as 'u32', 'be16', 'char[16]' or a struct.`);
  const { size, read, write } = integer;
  return {
    size,
    alignment: size,
    read: (bytes, at) => (bytes[read] as (at: number) => number | bigint)(at),
    write(bytes, at, value) {
      if (typeof value !== 'number' && typeof value !== 'bigint')
        throw new TypeError(`${kind} is written from a number, not from ${typeof value}.`);
      (bytes[write] as (value: number | bigint, at: number) => number)(size === 8 ? BigInt(value) : Number(value), at);
    },
  };
}

function sized(shape: string): { kind: string; count: number } {
  const [, kind, count] = /^(char|bytes)\[(\d{1,7})\]$/.exec(shape) ?? [];
  return kind ? { kind, count: Number(count) } : { kind: shape, count: 1 };
}

/** A program may leave anything in its array: what is no UTF-8 becomes U+FFFD. */
function text(size: number): Codec {
  return {
    size,
    alignment: 1,
    read(bytes, at) {
      const all = bytes.subarray(at, at + size);
      const end = all.indexOf(0);
      return all.toString('utf8', 0, end < 0 ? size : end);
    },
    write(bytes, at, value) {
      if (typeof value !== 'string' || Buffer.byteLength(value) > size)
        throw new RangeError(`char[${size}] is written from a text of at most ${size} bytes.`);
      bytes.fill(0, at, at + size).write(value, at);
    },
  };
}

function raw(size: number): Codec {
  return {
    size,
    alignment: 1,
    read: (bytes, at) => new Uint8Array(bytes.subarray(at, at + size)),
    write(bytes, at, value) {
      if (!(value instanceof Uint8Array) || value.length !== size)
        throw new TypeError(`bytes[${size}] is written from ${size} bytes.`);
      bytes.set(value, at);
    },
  };
}

/** Bytes that people write as numbers with a sign between. */
function spelled(size: number, alignment: number, sign: string, radix: 10 | 16): Codec {
  const one = (byte: number) => (radix === 16 ? byte.toString(16).padStart(2, '0') : String(byte));
  return {
    size,
    alignment,
    read: (bytes, at) => [...bytes.subarray(at, at + size)].map(one).join(sign),
    write(bytes, at, value) {
      const numbers = String(value)
        .split(sign)
        .map((part) => Number.parseInt(part, radix));
      if (numbers.length !== size || !numbers.every((number) => number >= 0 && number <= 255))
        throw new RangeError(`'${String(value)}' is no address of ${size} bytes.`);
      bytes.set(numbers, at);
    },
  };
}

function roundUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
