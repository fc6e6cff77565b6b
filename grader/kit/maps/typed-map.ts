/** A map read and written as numbers, texts and structs instead of bytes. */
import { CheckFailure } from '../../verdict/failure.ts';
import { type Codec, fromBytes, type Read, toBytes, type Written } from './shape.ts';

/** What is used of a map in bytes: a BpfMap. */
interface RawMap {
  readonly about: { name: string; type: string; keySize: number; valueSize: number };
  entries(): Promise<[key: Uint8Array, values: Uint8Array[]][]>;
  lookup(key: Uint8Array): Promise<Uint8Array[] | null>;
  update(key: Uint8Array, value: Uint8Array): Promise<void>;
  delete(key: Uint8Array): Promise<void>;
}

/**
 * Comes from `BpfMap.typed` or `BpfMap.typedByBtf`. A map that has a value for each CPU is read with `perCpu`,
 * `total` and `entriesPerCpu`; any other with `get` and `entries`.
 *
 * ```ts
 * const counts = (await kit.program(file).map('counts')).typed({ key: 'u32', value: 'u64' });
 * await counts.set(6, 0n);
 * const hits = await counts.get(6); // bigint, or null if there is no such key
 * ```
 */
export class TypedMap<K, V> {
  /** The same map in bytes. */
  readonly raw: RawMap;
  readonly #key: Codec;
  readonly #value: Codec;

  constructor(raw: RawMap, key: Codec, value: Codec) {
    this.raw = raw;
    this.#key = key;
    this.#value = value;
  }

  /** The value at a key; null if there is none. */
  async get(key: Written<K>): Promise<Read<V> | null> {
    this.#one();
    return (await this.perCpu(key))?.[0] ?? null;
  }

  /** The value of each possible CPU, CPU 0 first; null if there is no such key. */
  async perCpu(key: Written<K>): Promise<Read<V>[] | null> {
    const values = await this.raw.lookup(toBytes(this.#key, key));
    return values && values.map((value) => this.#read(value));
  }

  /** The sum over all CPUs, for values that are integers; null if there is no such key. */
  async total(key: Written<K>): Promise<bigint | null> {
    return sum(await this.perCpu(key));
  }

  /** Writes the value, on every CPU of a per-CPU map. Throws if the kernel refuses. */
  async set(key: Written<K>, value: Written<V>): Promise<void> {
    await this.raw.update(toBytes(this.#key, key), toBytes(this.#value, value));
  }

  /** Throws if there is no such key. */
  async delete(key: Written<K>): Promise<void> {
    await this.raw.delete(toBytes(this.#key, key));
  }

  /** All keys and values, in the kernel's order. */
  async entries(): Promise<[key: Read<K>, value: Read<V>][]> {
    this.#one();
    return (await this.entriesPerCpu()).map(([key, [value]]) => [key, value!]);
  }

  /** All keys, each with the value of each possible CPU. */
  async entriesPerCpu(): Promise<[key: Read<K>, values: Read<V>[]][]> {
    const entries = await this.raw.entries();
    return entries.map(([key, values]) => [
      fromBytes(this.#key, key) as Read<K>,
      values.map((value) => this.#read(value)),
    ]);
  }

  #read(bytes: Uint8Array): Read<V> {
    return fromBytes(this.#value, bytes) as Read<V>;
  }

  #one(): void {
    if (/percpu/.test(this.raw.about.type))
      throw new Error(`The map ${this.raw.about.name} has a value for each CPU: use perCpu, total or entriesPerCpu.`);
  }
}

function sum(values: readonly unknown[] | null): bigint | null {
  return values && values.reduce<bigint>((all, value) => all + BigInt(value as bigint | number), 0n);
}

/** CheckFailure if the learner's map has keys, values or records of another size than the shape. */
export function requireSize(map: Pick<RawMap, 'about'>, what: 'key' | 'value', codec: Codec, declared: string): void {
  const { name, keySize, valueSize } = map.about;
  const actual = what === 'key' ? keySize : valueSize;
  if (actual === codec.size) return;
  throw new CheckFailure({
    text: `The ${what} of the map ${name} has another size than the task asks for.`,
    expected: `${codec.size} bytes: ${declared}.`,
    actual: `${actual} bytes.`,
    help: `Compare the line __type(${what}, …) of the map with the task.`,
  });
}
