/** A guest that does nothing but compile: it stays warm, and what it makes goes into pristine ones by way of the store. */
import { interruptCompile, objectPath, submissionFolder } from '../kit/guest/compiler.ts';
import { compileOnce } from '../kit/guest/compile-once.ts';
import { toolkitAt } from '../kit/guest/toolkit.ts';
import { MachineLost } from '../machine/machine.ts';
import { ObjectFolder, type ObjectStore } from '../machine/object-store.ts';
import type { Machines, OpenMachine } from './machines.ts';

/** A guest that nobody has needed for so long is let go. */
const idleMs = 10 * 60_000;

type Files = ReadonlyMap<string, Uint8Array>;

/**
 * For the submissions of one author or learner: one that takes over clang could spoil the objects of the next. Nothing is loaded in it,
 * so it is no place for a verdict. It is restored when it is first needed. Where no objects are kept, as on this host, it does nothing.
 */
export class CompileGuest {
  readonly #machines: Pick<Machines, 'open' | 'release'>;
  readonly #objects: ObjectStore;
  #guest: Promise<OpenMachine> | undefined;
  /** Names of the files that lie in the guest. */
  #names = '';
  #last: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(machines: Pick<Machines, 'open' | 'release'>, objects: ObjectStore = new ObjectFolder()) {
    this.#machines = machines;
    this.#objects = objects;
  }

  /**
   * Compiles each BPF program (`*.bpf.c`) of a submission, bounded as any compile is, after what was asked for before. A guest that is lost,
   * or a compile that ends by its bounds, keeps nothing: the grading does it again, and says what is wrong. Rejects if no machine could be had.
   */
  compile(files: Files): Promise<void> {
    clearTimeout(this.#idle);
    const compiled = this.#last.then(async () => {
      if (this.#closed) return;
      try {
        await this.#compileAll(files);
        this.#rest();
      } catch (error) {
        await this.#release();
        if (!(error instanceof MachineLost)) throw error;
      }
    });
    this.#last = compiled.catch(() => {});
    return compiled;
  }

  /** Ends the compile that is under way. */
  async cancel(): Promise<void> {
    const open = await this.#guest?.catch(() => undefined);
    if (open) interruptCompile(open.machine);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#release();
    await this.#last;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (!this.#closed) this.#idle = setTimeout(() => void this.#release(), idleMs).unref();
  }

  async #compileAll(files: Files): Promise<void> {
    const programs = [...files.keys()].filter((file) => file.endsWith('.bpf.c'));
    if (programs.length === 0) return;
    const { machine, ...open } = await this.#open([...files.keys()].sort().join('/'));
    if (machine.copyOf === undefined) return;
    const folder = submissionFolder(open.folder);
    for (const [name, content] of files) await machine.put(`${folder}/${name}`, content);
    for (const file of programs) {
      const object = objectPath(open.folder, file);
      const toolkit = toolkitAt(open.toolkit);
      await compileOnce({ machine, toolkit, folder, file, object, more: true }, files, this.#objects);
    }
  }

  /** A file that a submission has not may be there of another one, to be included: then it gets another guest. */
  async #open(names: string): Promise<OpenMachine> {
    if (names !== this.#names) await this.#release();
    this.#names = names;
    return (this.#guest ??= this.#machines.open());
  }

  async #release(): Promise<void> {
    const guest = this.#guest;
    this.#guest = undefined;
    this.#names = '';
    const open = await guest?.catch(() => undefined);
    if (open) await this.#machines.release(open);
  }
}
