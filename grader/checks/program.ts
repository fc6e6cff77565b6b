/** A BPF program file of the submission, from source to attachment. Each step happens once; asking again gives the same end. */
import { explainClang, explainLoad } from '../explain/index.ts';
import type { Machine } from '../machine/machine.ts';
import { buildFolder, compile, refuseOverrun } from './compiler.ts';
import { quote } from './expect.ts';
import { CheckFailure } from './failure.ts';
import { Loader, type Attached, type Opened } from './loader.ts';
import { LoadedProgram, notTheOnly } from './loaded-program.ts';
import { BpfMap } from './map.ts';
import type { Toolkit } from './toolkit.ts';

/** What a program needs to know of its grading. */
export interface Workplace {
  machine: Machine;
  toolkit: Toolkit;
  /** Work folder on the machine; the sources lie in submission/ below it. */
  folder: string;
  /** The submission's text files, by name: to show the line that a tool named, for nothing else. */
  sources: Map<string, string>;
  /** Puts the submission on the machine, once. */
  place(): Promise<void>;
}

export class Program {
  readonly file: string;
  readonly #at: Workplace;
  #compiled: Promise<string> | undefined;
  #opened: Promise<Opened> | undefined;
  #attached: Promise<Attached[]> | undefined;
  #loader: Loader | undefined;

  constructor(file: string, at: Workplace) {
    this.file = file;
    this.#at = at;
  }

  /** The path of the BPF object on the machine. CheckFailure with clang's first error. */
  compile(): Promise<string> {
    return (this.#compiled ??= this.#compile());
  }

  /** What is in the object, once the kernel has taken all of it. CheckFailure with the verifier's or libbpf's reason. */
  load(): Promise<Opened> {
    return (this.#opened ??= this.#load());
  }

  /** Where the kernel says each program is attached. CheckFailure if one cannot be. */
  attach(): Promise<Attached[]> {
    return (this.#attached ??= this.#attach());
  }

  /** The file's only program of this type, such as 'xdp', whatever its name. CheckFailure if there is none, or several. */
  async only(type: string): Promise<LoadedProgram> {
    const { programs } = await this.load();
    const found = programs.filter((program) => program.autoload && program.type === type);
    if (found.length !== 1) throw notTheOnly(type, found.length, this.file, programs);
    return new LoadedProgram(this.#loader!, found[0]!.name);
  }

  /** After this, `attach` attaches anew. */
  async detach(): Promise<void> {
    if (!this.#attached) return;
    this.#attached = undefined;
    const reply = await this.#loader!.ask('detach');
    if (!reply.ok) throw new Error(`Detaching ${this.file} failed: ${reply.message}`);
  }

  /** The program of this name, where the task fixes it. CheckFailure if there is none. */
  async named(name: string): Promise<LoadedProgram> {
    const { programs } = await this.load();
    if (!programs.some((program) => program.autoload && program.name === name)) throw noSuchProgram(this.file, name, programs);
    return new LoadedProgram(this.#loader!, name);
  }

  /** A map of the loaded object, by the name that its source gives it. */
  async map(name: string): Promise<BpfMap> {
    const { maps } = await this.load();
    const found = maps.find((map) => map.name === name);
    if (!found)
      throw new CheckFailure({
        text: `${this.file} has no map named ${name}.`,
        expected: `A map named ${name}.`,
        actual: maps.length ? `Maps: ${maps.map((map) => map.name).join(', ').slice(0, 1000)}.` : 'No map at all.',
      });
    return new BpfMap(this.#loader!, found);
  }

  /** Ends the loader, and with it all that is loaded and attached. */
  close(): void {
    this.#loader?.close();
  }

  async #compile(): Promise<string> {
    const { machine, toolkit, folder, sources } = this.#at;
    await this.#at.place();
    const object = `${buildFolder(folder)}/${this.file.replace(/\.c$/, '')}.o`;
    const result = await compile(machine, toolkit, `${folder}/submission`, this.file, object);
    refuseOverrun(result, this.file);
    if (result.code !== 0) throw new CheckFailure({ ...explainClang(result.stderr, sources), wholeLog: result.stderr });
    return object;
  }

  async #load(): Promise<Opened> {
    const object = await this.compile();
    const loader = (this.#loader = new Loader(this.#at.machine, this.#at.toolkit.loader));
    const opened = await loader.ask('open', object);
    if (!opened.ok) throw this.#refused({ ...opened, program: '', log: '' });
    if (!opened.programs.some((program) => program.autoload))
      throw new CheckFailure({
        text: `${this.file} holds no BPF program.`,
        expected: 'A function with SEC("…") in front: that is what makes it a BPF program, and says what it is for.',
        actual: 'The object file has no section with a program in it.',
      });
    const loaded = await loader.ask('load');
    if (!loaded.ok) throw this.#refused(loaded);
    return opened;
  }

  async #attach(): Promise<Attached[]> {
    await this.load();
    const reply = await this.#loader!.ask('attach');
    if (!reply.ok) throw new Error(`Attaching ${this.file} failed: ${reply.message}`);
    const failed = reply.programs.find((program) => program.errno !== 0);
    if (failed) throw cannotAttach(failed);
    return reply.programs;
  }

  #refused(no: { log: string; libbpf: string; errno: number; program: string }): CheckFailure {
    const message = explainLoad({ log: no.log, libbpf: no.libbpf, errno: no.errno, program: no.program }, this.#at.sources);
    return new CheckFailure({ ...message, wholeLog: [no.log, no.libbpf].filter(Boolean).join('\n') });
  }
}

function noSuchProgram(file: string, name: string, programs: Opened['programs']): CheckFailure {
  return new CheckFailure({
    text: `${file} has no BPF program named ${name}.`,
    expected: `A function named ${name} with SEC("…") in front: the task fixes this name.`,
    actual: `Programs: ${programs.map((program) => `${quote(program.name, 64)} of type ${program.type}`).join(', ').slice(0, 1000)}.`,
  });
}

function cannotAttach({ program, section, libbpf }: Attached): CheckFailure {
  return new CheckFailure({
    text: `The program ${quote(program, 64)} loads, but it cannot be attached.`,
    expected: 'A section that names an event, device or function of this kernel.',
    actual: `SEC(${quote(section)})`,
    help: 'Compare the text in SEC("…") letter by letter with the name that the task gives. A kind without a name, such as SEC("tracepoint"), says no place to attach to.',
    ...(libbpf && { wholeLog: libbpf }),
  });
}
