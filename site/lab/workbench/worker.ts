/** The workbench's machine, beside the page: one guest for as long as the page is open, with a shell on it. */
import '../node/globals.ts';
import type { Lab } from '../../../grader/machine/lab/lab.ts';
import type { Conversation } from '../../../grader/machine/machine.ts';
import type { Place } from '../messages.ts';
import { compilerIn, openMachine, problemOf, provide } from '../supplies.ts';
import { lookAt, openShell, pinsOf, prepare, toolsOf, tryProgram } from './guest.ts';
import type { FromWorkbench, Size, Source, ToWorkbench } from './messages.ts';

/** Bytes that were printed and are not on the screen yet: with more, the shell waits. */
const mostUnshown = 128 * 1024;

const tell = (message: FromWorkbench) => postMessage(message);

class Workbench {
  readonly #place: Place;
  readonly #machine: Lab;
  #size: Size;
  #shell!: Conversation;
  #hasEnded = false;
  #unshown = 0;
  #compiler: Promise<void> | undefined;
  readonly #pins = new Set<string>();

  private constructor(place: Place, machine: Lab, size: Size) {
    this.#place = place;
    this.#machine = machine;
    this.#size = size;
  }

  static async start(place: Place, size: Size): Promise<Workbench> {
    await provide(place, ['machine'], tell);
    tell({ type: 'starting' });
    const machine = await openMachine(place);
    await prepare(machine);
    const bench = new Workbench(place, machine, size);
    bench.#openShell();
    tell({ type: 'ready', kernel: machine.info.kernel, tools: await toolsOf(machine) });
    // Why it ended, whatever asks first is told.
    void machine.ended.then(() => machine.run(['true'])).catch(fail);
    return bench;
  }

  async hear(message: Exclude<ToWorkbench, { type: 'start' }>): Promise<void> {
    switch (message.type) {
      case 'run':
        tell({ type: 'tried', tried: await this.#run(message.source) });
        return this.#look();
      case 'look':
        return this.#look();
      case 'type':
        if (this.#hasEnded) this.#openShell();
        this.#shell.stdin.write(message.text);
        return;
      case 'resize':
        this.#size = message.size;
        return this.#shell.resize(message.size);
      case 'shown':
        this.#unshown -= message.bytes;
        if (this.#unshown < mostUnshown) this.#shell.stdout.resume();
    }
  }

  async #run(source: Source) {
    tell({ type: 'stage', stage: 'compile' });
    await (this.#compiler ??= this.#addCompiler());
    const before = new Set(this.#pins);
    this.#pins.add(pinsOf(source.file));
    return tryProgram(this.#machine, source, { before, onStage: (stage) => tell({ type: 'stage', stage }) });
  }

  /** Only those who compile download it. */
  async #addCompiler(): Promise<void> {
    await provide(this.#place, ['compiler'], tell);
    const compiler = compilerIn(this.#place);
    if (!compiler) throw new Error('lab.json names no compiler');
    tell({ type: 'stage', stage: 'compile' });
    // A copy goes to the machine's thread with each message.
    await this.#machine.addCompiler(compiler);
  }

  async #look(): Promise<void> {
    tell({ type: 'kernel', state: await lookAt(this.#machine) });
  }

  #openShell(): void {
    this.#hasEnded = false;
    const shell = (this.#shell = openShell(this.#machine, this.#size));
    const print = (bytes: Uint8Array<ArrayBuffer>) => {
      this.#unshown += bytes.length;
      tell({ type: 'printed', bytes });
      if (this.#unshown >= mostUnshown) shell.stdout.pause();
    };
    shell.stdout.on('data', (chunk: Uint8Array) => print(Uint8Array.from(chunk)));
    const end = () => {
      this.#hasEnded = true;
      print(new TextEncoder().encode('\r\n[This shell has ended. Any key opens another.]\r\n'));
    };
    // If the machine is gone, that is said elsewhere.
    shell.done.then(end).catch(() => {});
  }
}

let bench: Promise<Workbench> | undefined;

onmessage = async ({ data }: MessageEvent<ToWorkbench>) => {
  try {
    if (data.type === 'start') await (bench = Workbench.start(data.place, data.size));
    else await (await bench!).hear(data);
  } catch (error) {
    fail(error);
  }
};

function fail(error: unknown): void {
  tell({ type: 'failed', problem: problemOf(error) });
}
