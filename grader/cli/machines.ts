/** Opens the machine that the options ask for, ready for the kit. */
import { keepCompilerWaiting, makeBuildFolder } from '../kit/guest/compiler.ts';
import { guestToolkit, guestWork, prepareToolkit, toolkitVersion } from '../kit/guest/toolkit.ts';
import { Host, hostWarning } from '../machine/host/host.ts';
import type { Machine } from '../machine/machine.ts';
import type { Preparation } from '../machine/vm/state.ts';
import { listKernels } from '../machine/vm/kernels.ts';
import type { Way } from '../machine/vm/supply.ts';
import { kernelEntry, startVm } from '../machine/vm/vm.ts';
import { CommandFailure, type Context } from './context.ts';
import { installMissing } from './packages.ts';
import { provide } from './provide.ts';

export interface MachineOptions {
  machine?: string;
  kernel?: string;
}

export interface OpenMachine {
  machine: Machine;
  /** Folders on the machine: the grader's tools, and where the submission and its work are put. */
  toolkit: string;
  folder: string;
}

/** What is saved with a guest's state. */
export async function toolkitPreparation(): Promise<Preparation> {
  const prepare = async (machine: Machine) => {
    const toolkit = await prepareToolkit(machine, guestToolkit);
    await makeBuildFolder(machine, guestWork);
    await keepCompilerWaiting(machine, toolkit);
  };
  return { version: await toolkitVersion(), prepare };
}

/** Says what is wrong with the options, before anything is installed or started. */
export async function checkMachineOptions({ machine = 'auto', kernel }: MachineOptions): Promise<'vm' | 'host'> {
  if (!['auto', 'vm', 'host'].includes(machine))
    throw new CommandFailure(
      `--machine ${machine} is not a kind of machine.`,
      2,
      'Use --machine vm (the default), host or auto.',
    );
  if (machine === 'host') {
    if (kernel !== undefined)
      throw new CommandFailure(
        '--kernel chooses a kernel for the VM; --machine host has only its own.',
        2,
        'Leave one of the two away.',
      );
    return 'host';
  }
  const { kernels } = await listKernels();
  if (kernel !== undefined && !kernels.some(({ id }) => id === kernel)) {
    throw new CommandFailure(
      `The course knows no kernel '${kernel}'.`,
      2,
      `Choose one of: ${kernels.map(({ id }) => id).join(', ')}.`,
    );
  }
  return 'vm';
}

/** Where exercises get their machines from: a pristine guest each, or this host, prepared once. */
export class Machines {
  readonly #context: Context;
  readonly #options: MachineOptions;
  #host: Promise<Host> | undefined;
  #count = 0;

  constructor(context: Context, options: MachineOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Sets up what is missing. Rejects with CommandFailure, MachineUnavailable or MachineLost. */
  async open(): Promise<OpenMachine> {
    if ((await checkMachineOptions(this.#options)) === 'host') {
      const machine = await (this.#host ??= openHost(this.#context));
      const folder = `${machine.folder}/work-${this.#count++}`;
      await makeBuildFolder(machine, folder);
      return { machine, toolkit: `${machine.folder}/toolkit`, folder };
    }
    const entry = await kernelEntry(this.#options.kernel);
    const preparation = await toolkitPreparation();
    const start = (way: Way) => startVm(entry, preparation, this.#context.progress, way);
    const machine = await provide(this.#context, entry, 'download', start);
    return { machine, toolkit: guestToolkit, folder: guestWork };
  }

  /** An exercise is done with its machine. */
  async release({ machine }: OpenMachine): Promise<void> {
    if (machine.info.kind === 'vm') await machine.stop();
  }

  async close(): Promise<void> {
    await (await this.#host?.catch(() => undefined))?.stop();
  }
}

async function openHost(context: Context): Promise<Host> {
  context.note(`With --machine host the grader\n${hostWarning.map((line) => `  - ${line}`).join('\n')}\n`);
  if (process.getuid?.() === 0) await installMissing(context, 'host');
  context.progress.step('This machine');
  context.progress.update('preparing the headers and tools');
  const machine = await Host.start();
  try {
    await prepareToolkit(machine, `${machine.folder}/toolkit`);
  } catch (error) {
    await machine.stop();
    throw error;
  }
  context.progress.done(`this machine: Linux ${machine.info.kernel}`);
  return machine;
}
