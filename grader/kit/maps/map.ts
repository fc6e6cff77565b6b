import { CheckFailure } from '../../verdict/failure.ts';
import { type BtfType, type Loader, type Opened, type Reply, word } from '../guest/loader.ts';
import { byBtf } from './btf.ts';
import { fromBytes, inC, layOut, type Read, type Shape } from './shape.ts';
import { requireSize, TypedMap } from './typed-map.ts';

/** Bytes of a key, and of a value for each CPU; maps that are not per CPU have one value. */
export type Entry = [key: Uint8Array, values: Uint8Array[]];

/** A map of a loaded object, or one that somebody else made (`kit.bpf`), in bytes of the machine's order: little endian on all that we know. */
export class BpfMap {
  readonly about: Opened['maps'][number];
  readonly #loader: Loader;
  readonly #word: string;

  /** `reference`: how the loader is told which it is, if not by its name in the object. */
  constructor(loader: Loader, about: Opened['maps'][number], reference = about.name) {
    this.#loader = loader;
    this.about = about;
    this.#word = reference;
  }

  /** The kernel's number for it: what a map of maps tells of its slots, and takes to fill one. */
  async id(): Promise<number> {
    const reply = await this.#loader.ask('map', this.#word);
    if (!reply.ok) throw new Error(`The map ${this.about.name} has no number: ${reply.message}`);
    return reply.id;
  }

  /** All entries, in the kernel's order; throws if there are more than some megabytes of them. */
  async entries(): Promise<Entry[]> {
    const reply = this.#granted('entries', await this.#loader.ask('entries', this.#word));
    if (reply.truncated) throw new Error(`The map ${this.about.name} holds more than can be told.`);
    return reply.entries;
  }

  /** The value for each CPU (one, if the map is not per CPU), or null if there is no such key. */
  async lookup(key: Uint8Array): Promise<Uint8Array[] | null> {
    const reply = await this.#loader.ask('lookup', this.#word, hex(key));
    const enoent = 2;
    return !reply.ok && reply.errno === enoent ? null : this.#granted('lookup', reply).value;
  }

  /**
   * Per-CPU maps take the value on every CPU; a program array or a map of maps takes and tells the id of what is in a slot.
   * CheckFailure if the map has no room for the key.
   */
  async update(key: Uint8Array, value: Uint8Array): Promise<void> {
    const reply = await this.#loader.ask('update', this.#word, hex(key), hex(value));
    const e2big = 7;
    if (!reply.ok && reply.errno === e2big)
      throw new CheckFailure({
        text: `The map ${this.about.name} is full.`,
        expected: 'Room for all the rows that the task speaks of.',
        actual: `It was declared with room for ${this.about.maxEntries}.`,
        help: 'Compare the line __uint(max_entries, …) with the task.',
      });
    this.#granted('update', reply);
  }

  async delete(key: Uint8Array): Promise<void> {
    this.#granted('delete', await this.#loader.ask('delete', this.#word, hex(key)));
  }

  /** Puts a socket of a running process into a sockmap or sockhash. */
  async putSocket(key: Uint8Array, { pid, fd }: { pid: number; fd: number }): Promise<void> {
    this.#granted('put a socket', await this.#loader.ask('put-socket', this.#word, hex(key), `${pid}`, `${fd}`));
  }

  /** Makes it outlast the loader, until `kit.bpf.unpin`: a path below /sys/fs/bpf. */
  async pin(path: string): Promise<void> {
    const reply = await this.#loader.ask('pin', 'map', this.#word, word(path));
    if (!reply.ok) throw new Error(`The map ${this.about.name} cannot be pinned at ${path}: ${reply.message}`);
  }

  /** Takes all records that are ready out of a ring buffer, in its order; a second call gives only what came since. */
  async records(): Promise<Uint8Array[]> {
    const reply = this.#granted('read records', await this.#loader.ask('records', this.#word));
    if (reply.truncated) throw new Error(`The ring buffer ${this.about.name} holds more than can be told.`);
    return reply.records;
  }

  /**
   * The map with keys and values of these shapes, laid out as C does. CheckFailure if the map's sizes are others.
   *
   * ```ts
   * const seen = map.typed({ key: 'ipv4', value: { packets: 'u64', name: 'char[16]' } });
   * const entry = await seen.get('10.0.0.1'); // { packets: 3n, name: 'eth0' }
   * ```
   */
  typed<const K extends Shape, const V extends Shape>({ key, value }: { key: K; value: V }): TypedMap<K, V> {
    const [keys, values] = [layOut(key), layOut(value)];
    requireSize(this, 'key', keys, inC(key));
    requireSize(this, 'value', values, inC(value));
    return new TypedMap(this, keys, values);
  }

  /**
   * The same, with each member of a struct looked up by its name in the object's BTF: whatever else the learner's
   * struct has, and in whatever order. CheckFailure if a member is missing or of another size. Members that the
   * shape leaves out are written as zeros.
   *
   * ```ts
   * const seen = await map.typedByBtf({ key: 'u32', value: { packets: 'u64' } });
   * ```
   */
  async typedByBtf<const K extends Shape, const V extends Shape>(shapes: {
    key: K;
    value: V;
  }): Promise<TypedMap<K, V>> {
    const types = await this.types();
    const about = `the map ${this.about.name}`;
    return new TypedMap(
      this,
      byBtf(shapes.key, types.key, `The key of ${about}`),
      byBtf(shapes.value, types.value, `The value of ${about}`),
    );
  }

  /** What BTF says of keys and values. CheckFailure if the source does not declare them with __type. */
  async types(): Promise<{ key: BtfType; value: BtfType }> {
    const reply = await this.#loader.ask('types', this.about.name);
    if (reply.ok) return reply;
    throw new CheckFailure({
      text: `The object does not say of which types the map ${this.about.name} is.`,
      expected: 'The lines __type(key, …) and __type(value, …).',
      help: 'With __uint(key_size, …) only the size is known. Declare the types.',
    });
  }

  /** A reader begins to wait for records, as `epoll_wait` does; one at a time. `woken` tells whether the kernel has woken it since. */
  async watch(): Promise<{ woken(): Promise<boolean> }> {
    this.#granted('watch records', await this.#loader.ask('watch-records', this.#word));
    return {
      // The kernel wakes it by an interrupt of its own, which is there by the time that a system call has returned, or soon after.
      woken: async () => this.#granted('watch records', await this.#loader.ask('woken', '2000')).woken,
    };
  }

  /**
   * Makes races show, until `stop`: on each access to this value the CPU takes a trap behind the instruction (a hardware breakpoint).
   * So between a load and its store lie microseconds, in which other CPUs come in, and a plain `+= 1` loses counts on a busy machine
   * as on a quiet one; what is atomic loses none. For one value at a time, of at least 8 bytes. `stop` tells how many traps there
   * were; 0 if this machine has no such breakpoints.
   */
  async trap(key: Uint8Array): Promise<{ stop(): Promise<number> }> {
    const reply = await this.#loader.ask('trap', this.#word, hex(key));
    return {
      stop: async () => (reply.ok ? this.#granted('trap', await this.#loader.ask('untrap')).traps : 0),
    };
  }

  /**
   * As `records`, each read by its shape. CheckFailure if one has another size.
   *
   * ```ts
   * const events = await map.typedRecords({ pid: 'u32', comm: 'char[16]' });
   * ```
   */
  async typedRecords<const S extends Shape>(shape: S): Promise<Read<S>[]> {
    const codec = layOut(shape);
    return (await this.records()).map((record, index) => {
      if (record.length !== codec.size)
        throw new CheckFailure({
          text: `A record of the ring buffer ${this.about.name} has another size than the task asks for.`,
          expected: `${codec.size} bytes: ${inC(shape)}.`,
          actual: `Record ${index + 1} has ${record.length} bytes.`,
          help: 'Submit one struct for each event, with the members of the task in their order.',
        });
      return fromBytes(codec, record) as Read<S>;
    });
  }

  #granted<
    R extends Reply<
      'entries' | 'lookup' | 'update' | 'delete' | 'put-socket' | 'records' | 'watch-records' | 'woken' | 'untrap'
    >,
  >(command: string, reply: R): Extract<R, { ok: true }> {
    if (!reply.ok) throw new Error(`The kernel refuses to ${command} in the map ${this.about.name}: ${reply.message}`);
    return reply as Extract<R, { ok: true }>;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
