/** A BPF program file of the submission, from source to attachment. Each step happens once; asking again gives the same end. */
import { explainClang, explainLoad } from '../../explain/index.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ObjectStore } from '../../machine/object-store.ts';
import { objectPath, refuseOverrun, submissionFolder } from '../guest/compiler.ts';
import { compileOnce } from '../guest/compile-once.ts';
import { quote } from '../checks/expect.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { Loader, type Attached, type Opened } from '../guest/loader.ts';
import { type Configuration, configure } from './configuration.ts';
import { Link, refused } from './link.ts';
import { LoadedProgram, notTheOnly } from './loaded-program.ts';
import { findVariable, type Variable } from './variable.ts';
import { BpfMap } from '../maps/map.ts';
import type { Shape } from '../maps/shape.ts';
import type { Toolkit } from '../guest/toolkit.ts';

/** What a program needs to know of its grading. */
export interface Workplace {
  machine: Machine;
  toolkit: Toolkit;
  /** Work folder on the machine; the sources lie in submission/ below it. */
  folder: string;
  /** The submission's text files, by name: to show the line that a tool named, for nothing else. */
  sources: Map<string, string>;
  files: ReadonlyMap<string, Uint8Array>;
  /** Where objects are that were compiled before, if any are kept. */
  objects?: ObjectStore | undefined;
  /** Puts the submission on the machine, once. */
  place(): Promise<void>;
}

/** What the loader has room for (environment/guest/loader.h), and what it says of more. */
const mostPrograms = 64;
const tooManyPrograms = `more than ${mostPrograms} programs in one object`;

/** What reaches into other processes, by the kernel's numbers (enum bpf_func_id in include/uapi/linux/bpf.h). No exercise asks for it. */
const reaches = [
  { helper: 36, name: 'bpf_probe_write_user', does: 'writes to the memory of other processes' },
  { helper: 58, name: 'bpf_override_return', does: 'makes functions of the kernel fail for other processes' },
  { helper: 109, name: 'bpf_send_signal', does: 'sends signals to other processes' },
  { helper: 117, name: 'bpf_send_signal_thread', does: 'sends signals to other processes' },
];

export class Program {
  readonly file: string;
  readonly #at: Workplace;
  #compiled: Promise<string> | undefined;
  #opened: Promise<Opened> | undefined;
  #loaded: Promise<Opened> | undefined;
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

  /** What is in the object, before the kernel has seen it. CheckFailure with libbpf's reason. */
  open(): Promise<Opened> {
    return (this.#opened ??= this.#open());
  }

  /**
   * Changes the object before it is loaded: maps that it shares with another, how many entries they have, which programs are loaded,
   * what they trace. CheckFailure if the object has no such map or program; throws if it is loaded already.
   *
   * ```ts
   * await second.configure({ maps: { counts: await first.map('counts') } });
   * await program.configure({ maps: { seen: { entries: 2 } }, load: ['count'] });
   * ```
   */
  async configure(configuration: Configuration): Promise<void> {
    if (this.#loaded) throw new Error(`${this.file} is loaded: it is too late to configure it.`);
    const { programs } = await this.open();
    const names = programs.map(({ name }) => name);
    await configure(this.#loader!, this.file, names, configuration);
    const { load } = configuration;
    for (const program of load ? programs : []) program.autoload = load!.includes(program.name);
  }

  /**
   * A global variable of the object. Before `load` it has the value that the program will begin with, and can be set
   * even if it is const; at run time it is the program's own memory. CheckFailure if there is none, or of another type.
   *
   * ```ts
   * await (await program.variable('target_pid', 'u32')).set(pid); // const volatile __u32 target_pid;
   * await program.attach();
   * const hits = await (await program.variable('hits', 'u64')).get();
   * ```
   */
  async variable<const S extends Shape>(name: string, shape: S): Promise<Variable<S>> {
    await this.open();
    return findVariable(this.#loader!, this.file, name, shape);
  }

  /** What is in the object, once the kernel has taken all of it. CheckFailure with the verifier's or libbpf's reason. */
  load(): Promise<Opened> {
    return (this.#loaded ??= this.#load());
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

  /**
   * Registers a struct_ops map, such as a congestion control: `SEC(".struct_ops")`, or, since 6.4, `SEC(".struct_ops.link")`.
   * CheckFailure if the object has none of this name, or the kernel refuses it.
   *
   * `const link = await program.registerStruct('reno_like');`
   */
  async registerStruct(name: string): Promise<Link> {
    const { about } = await this.map(name);
    const reply = await this.#loader!.ask('attach-struct', about.name);
    const place = `the kernel's operations`;
    if (!reply.ok) throw refused(reply, name, place, `does not register ${name} among`);
    return new Link(this.#loader!, reply.link, place);
  }

  /** After this, `attach` attaches anew; what `attachTo` has attached is gone too. */
  async detach(): Promise<void> {
    if (!this.#loaded) return;
    this.#attached = undefined;
    const reply = await this.#loader!.ask('detach');
    if (!reply.ok) throw new Error(`Detaching ${this.file} failed: ${reply.message}`);
  }

  /** The program of this name, where the task fixes it. CheckFailure if there is none. */
  async named(name: string): Promise<LoadedProgram> {
    const { programs } = await this.load();
    if (!programs.some((program) => program.autoload && program.name === name))
      throw noSuchProgram(this.file, name, programs);
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
        actual: maps.length
          ? `Maps: ${maps
              .map((map) => map.name)
              .join(', ')
              .slice(0, 1000)}.`
          : 'No map at all.',
      });
    return new BpfMap(this.#loader!, found);
  }

  /** Ends the loader, and with it all that is loaded and attached. */
  close(): void {
    this.#loader?.close();
  }

  async #compile(): Promise<string> {
    const { machine, toolkit, folder, sources, files, objects } = this.#at;
    await this.#at.place();
    const object = objectPath(folder, this.file);
    const compile = { machine, toolkit, folder: submissionFolder(folder), file: this.file, object };
    const result = await compileOnce(compile, files, objects);
    refuseOverrun(result, this.file);
    if (result.code !== 0) throw new CheckFailure({ ...explainClang(result.stderr, sources), wholeLog: result.stderr });
    return object;
  }

  async #open(): Promise<Opened> {
    const object = await this.compile();
    const loader = (this.#loader = new Loader(this.#at.machine, this.#at.toolkit.loader));
    const opened = await loader.ask('open', object);
    if (!opened.ok && opened.message === tooManyPrograms)
      throw new CheckFailure({
        text: `${this.file} holds more than ${mostPrograms} BPF programs.`,
        expected: `At most ${mostPrograms}.`,
        help: 'Each function with SEC("…") in front is a program of its own. Keep those that the task asks for.',
      });
    if (!opened.ok) throw this.#refused({ ...opened, program: '', log: '' });
    if (!opened.programs.some((program) => program.autoload))
      throw new CheckFailure({
        text: `${this.file} holds no BPF program.`,
        expected: 'A function with SEC("…") in front: that is what makes it a BPF program, and says what it is for.',
        actual: 'The object file has no section with a program in it.',
      });
    return opened;
  }

  async #load(): Promise<Opened> {
    const opened = await this.open();
    const loaded = await this.#loader!.ask('load');
    if (!loaded.ok) throw this.#refused(loaded);
    const reach = reaches.find(({ helper }) => loaded.helpers.includes(helper));
    if (reach)
      throw new CheckFailure({
        text: `${this.file} ${reach.does}, with ${reach.name}: the grader's own processes are among them.`,
        expected: 'Programs that watch other processes, and leave them alone.',
        help: `Leave the call of ${reach.name} out: the task does not need it.`,
      });
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
    const message = explainLoad(
      { log: no.log, libbpf: no.libbpf, errno: no.errno, program: no.program },
      this.#at.sources,
    );
    return new CheckFailure({ ...message, wholeLog: [no.log, no.libbpf].filter(Boolean).join('\n') });
  }
}

function noSuchProgram(file: string, name: string, programs: Opened['programs']): CheckFailure {
  return new CheckFailure({
    text: `${file} has no BPF program named ${name}.`,
    expected: `A function named ${name} with SEC("…") in front: the task fixes this name.`,
    actual: `Programs: ${programs
      .map((program) => `${quote(program.name, 64)} of type ${program.type}`)
      .join(', ')
      .slice(0, 1000)}.`,
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
