/**
 * The emulator itself, in whatever thread calls it: Bochs compiled to WebAssembly (environment/lab/). Nothing here knows Node or a
 * page; thread.ts runs it in a thread of its own.
 */
import type { Part } from './boot.ts';
import { ticksPerSecond } from './recipe.ts';
import { instantiateWasm } from './wasm.ts';
import { type Page, pageBytes, type State } from './state.ts';

/** What emulator.mjs exports: environment/lab/machine.cc has the words for each. Pointers are bytes of `HEAPU8`. */
export interface EmulatorModule {
  HEAPU8: Uint8Array;
  _machine_start(): void;
  _machine_page(address: number): number;
  _machine_run(ticks: number): number;
  _machine_time(): number;
  _machine_input(port: number, length: number): number;
  _machine_output(port: number): number;
  _machine_output_length(port: number): number;
  _machine_taken(port: number): void;
  _machine_settle(): void;
}

/** What emulator.mjs is by default. `print` and `printErr` get what Bochs itself says, by lines. */
export type LoadModule = (options: {
  print?(line: string): void;
  printErr?(line: string): void;
  instantiateWasm(imports: object, done: (instance: object) => void): void;
}) => Promise<EmulatorModule>;

/** How an emulator is made: its module, and who hears what it says of itself. */
export interface Making {
  load: LoadModule;
  module: WebAssembly.Module;
  say(line: string): void;
}

/** Serial ports: what the kernel says, and what the agent does. */
export const port = { console: 0, agent: 1 } as const;

export class Emulator {
  readonly #module: EmulatorModule;

  private constructor(module: EmulatorModule) {
    this.#module = module;
  }

  /** A machine whose processor stands at its first instruction, with these parts in its memory. */
  static async boot(making: Making, parts: readonly Part[]): Promise<Emulator> {
    const module = await loadModule(making);
    module._machine_start();
    for (const { address, bytes } of parts)
      for (let from = 0; from < bytes.byteLength;) {
        const room = pageBytes - ((address + from) % pageBytes);
        const piece = bytes.subarray(from, from + room);
        module.HEAPU8.set(piece, module._machine_page(address + from));
        from += piece.byteLength;
      }
    return new Emulator(module);
  }

  /** A machine as it was when this was saved, by the very same emulator; a state may come in pieces. */
  static async restore(making: Making, states: readonly State[]): Promise<Emulator> {
    const emulator = new Emulator(await loadModule(making));
    for (const state of states) emulator.add(state);
    return emulator;
  }

  /** More of the memory of a machine that was restored: pages that nobody in the guest has looked at since. Not while it runs. */
  add({ pages }: State): void {
    const memory = this.#module.HEAPU8;
    for (const { index, bytes } of pages) {
      const at = index * pageBytes;
      if (bytes) memory.set(bytes, at);
      else memory.fill(0, at, at + pageBytes);
    }
  }

  /** Lets the guest go on for so much of its time; whether it waits for an interrupt at the end. Throws when the machine has ended. */
  run(ticks: number): { isIdle: boolean } {
    return { isIdle: this.#module._machine_run(ticks) !== 0 };
  }

  /** Seconds of the guest's time since it was booted. */
  get seconds(): number {
    return this.#module._machine_time() / ticksPerSecond;
  }

  send(to: number, bytes: Uint8Array): void {
    const at = this.#module._machine_input(to, bytes.byteLength);
    this.#module.HEAPU8.set(bytes, at);
  }

  /** What the guest has sent by a port since this was asked last; undefined for nothing. */
  receive(from: number): Uint8Array | undefined {
    const length = this.#module._machine_output_length(from);
    if (length === 0) return undefined;
    const at = this.#module._machine_output(from);
    const bytes = this.#module.HEAPU8.slice(at, at + length);
    this.#module._machine_taken(from);
    return bytes;
  }

  /** All that differs from a module that was only loaded. Not while it runs, and nothing may be on its way in or out. */
  async save(making: Making): Promise<State> {
    this.#module._machine_settle();
    const now = this.#module.HEAPU8;
    const fresh = (await loadModule(making)).HEAPU8;
    const pages: Page[] = [];
    for (let index = 0; index * pageBytes < now.byteLength; index += 1) {
      const there = now.subarray(index * pageBytes, (index + 1) * pageBytes);
      if (!isZero(there)) pages.push({ index, bytes: there.slice() });
      else if (!isZero(fresh.subarray(index * pageBytes, (index + 1) * pageBytes))) pages.push({ index });
    }
    return { pages };
  }
}

function loadModule({ load, module, say }: Making): Promise<EmulatorModule> {
  return load({
    print: say,
    printErr: say,
    instantiateWasm: (imports, done) => void instantiateWasm(module, imports).then(done),
  });
}

function isZero(bytes: Uint8Array): boolean {
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  return words.every((word) => word === 0n);
}
