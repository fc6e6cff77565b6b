/** BPF in the kernel, whoever brought it there: a learner's own loader, or ours. */
import type { Machine } from '../../machine/machine.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { type KnownProgram, Loader, type Opened, word } from '../guest/loader.ts';
import { BpfMap } from '../maps/map.ts';

export interface Inventory {
  programs: { id: number; name: string; linked: boolean }[];
  maps: { id: number; name: string }[];
}

export class KernelBpf {
  readonly #machine: Machine;
  readonly #path: string;
  #loader: Loader | undefined;

  constructor(machine: Machine, loader: string) {
    this.#machine = machine;
    this.#path = loader;
  }

  /**
   * A map that somebody pinned. CheckFailure if there is none.
   *
   * `const counts = (await kit.bpf.pinnedMap('/sys/fs/bpf/counts')).typed({ key: 'u32', value: 'u64' });`
   */
  async pinnedMap(path: string): Promise<BpfMap> {
    const found = await this.#map(`@${word(path)}`);
    if (found) return found;
    throw new CheckFailure({
      text: `No map is pinned at ${path}.`,
      expected: `A map at ${path}, in the BPF file system.`,
      help: 'A map that is not pinned is gone with the last program and process that holds it.',
    });
  }

  /** A map by the kernel's number; null if there is none. */
  mapById(id: number): Promise<BpfMap | null> {
    return this.#map(`#${id}`);
  }

  /** What the kernel knows of a program by its number; null if there is none. */
  async programById(id: number): Promise<KnownProgram | null> {
    const reply = await this.#ready().ask('program', `#${id}`);
    return reply.ok ? reply : null;
  }

  /**
   * From now on, until `stop`, the kernel counts the runs of every program and the time that they take; `LoadedProgram.about`
   * tells. It costs each run some ten nanoseconds.
   */
  async countRuns(): Promise<{ stop(): Promise<void> }> {
    const loader = this.#ready();
    loader.needs('5.8', 'Counting the runs of programs');
    const reply = await loader.ask('count-runs', 'yes');
    if (!reply.ok) throw new Error(`The kernel does not count runs: ${reply.message}`);
    return { stop: async () => void (await loader.ask('count-runs', 'no')) };
  }

  /**
   * An XDP program of our own that counts its runs and passes each packet: to be put into a program array, where others should
   * lead. `frags` as the programs there, with SEC("xdp.frags"). One at a time.
   */
  async counter(frags = false): Promise<{ id: number; counted(): Promise<number> }> {
    const loader = this.#ready();
    const reply = await loader.ask('counter', frags ? 'frags' : 'whole');
    if (!reply.ok) throw new Error(`A program that counts cannot be loaded: ${reply.message}`);
    return {
      id: reply.id,
      async counted() {
        const count = await loader.ask('counted');
        if (!count.ok) throw new Error(`What was counted cannot be read: ${count.message}`);
        return count.counted;
      },
    };
  }

  /** All programs and maps that the kernel has at this moment, by names of at most 15 letters; `linked`: a link makes it run. */
  async inventory(): Promise<Inventory> {
    const reply = await this.#ready().ask('kernel');
    if (!reply.ok) throw new Error(`The kernel does not tell what it has: ${reply.message}`);
    return reply;
  }

  /** Removes what is pinned at a path. Throws if there is nothing. */
  async unpin(path: string): Promise<void> {
    const reply = await this.#ready().ask('unpin', word(path));
    if (!reply.ok) throw new Error(`${path} cannot be unpinned: ${reply.message}`);
  }

  close(): void {
    this.#loader?.close();
  }

  async #map(reference: string): Promise<BpfMap | null> {
    const loader = this.#ready();
    const reply = await loader.ask('map', reference);
    const enoent = 2;
    if (!reply.ok && reply.errno === enoent) return null;
    if (!reply.ok) throw new Error(`The kernel says nothing of the map: ${reply.message}`);
    const about: Opened['maps'][number] = reply;
    return new BpfMap(loader, about, reference);
  }

  #ready(): Loader {
    return (this.#loader ??= new Loader(this.#machine, this.#path));
  }
}
