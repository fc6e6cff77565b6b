import type { Loader, Opened, Reply } from './loader.ts';

/** Bytes of a key, and of a value for each CPU; maps that are not per CPU have one value. */
export type Entry = [key: Uint8Array, values: Uint8Array[]];

/** A map of a loaded object, in raw bytes of the machine's byte order (little endian on all that we know). */
export class BpfMap {
  readonly about: Opened['maps'][number];
  readonly #loader: Loader;

  constructor(loader: Loader, about: Opened['maps'][number]) {
    this.#loader = loader;
    this.about = about;
  }

  /** All entries, in the kernel's order; throws if there are more than some megabytes of them. */
  async entries(): Promise<Entry[]> {
    const reply = this.#granted('entries', await this.#loader.ask('entries', this.about.name));
    if (reply.truncated) throw new Error(`The map ${this.about.name} holds more than can be told.`);
    return reply.entries;
  }

  /** The value for each CPU (one, if the map is not per CPU), or null if there is no such key. */
  async lookup(key: Uint8Array): Promise<Uint8Array[] | null> {
    const reply = await this.#loader.ask('lookup', this.about.name, hex(key));
    const enoent = 2;
    return !reply.ok && reply.errno === enoent ? null : this.#granted('lookup', reply).value;
  }

  /** Per-CPU maps take the value on every CPU; a program array takes and tells the id of a loaded program. */
  async update(key: Uint8Array, value: Uint8Array): Promise<void> {
    this.#granted('update', await this.#loader.ask('update', this.about.name, hex(key), hex(value)));
  }

  async delete(key: Uint8Array): Promise<void> {
    this.#granted('delete', await this.#loader.ask('delete', this.about.name, hex(key)));
  }

  /** Takes all records that are ready out of a ring buffer, in its order; a second call gives only what came since. */
  async records(): Promise<Uint8Array[]> {
    const reply = this.#granted('read records', await this.#loader.ask('records', this.about.name));
    if (reply.truncated) throw new Error(`The ring buffer ${this.about.name} holds more than can be told.`);
    return reply.records;
  }

  #granted<R extends Reply<'entries' | 'lookup' | 'update' | 'delete' | 'records'>>(command: string, reply: R): Extract<R, { ok: true }> {
    if (!reply.ok) throw new Error(`The kernel refuses to ${command} in the map ${this.about.name}: ${reply.message}`);
    return reply as Extract<R, { ok: true }>;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
