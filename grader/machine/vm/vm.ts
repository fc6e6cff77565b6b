/** Everything that a VM needs, made on first use, and a pristine guest whenever one is asked for. */
import { arch, platform } from 'node:os';
import { clearStaging, deleteUnused } from '../cache.ts';
import { isEnding } from '../child.ts';
import { withLock } from '../lock.ts';
import { type Machine, MachineLost, MachineUnavailable } from '../machine.ts';
import type { Progress } from '../progress.ts';
import { chooseAccelerator, rememberedAccelerator } from './accelerator.ts';
import { findImage, type Image } from './image.ts';
import { findKernel, type Kernel, type KernelEntry, listKernels } from './kernels.ts';
import { type Accelerator, guestMemoryMiB } from './qemu.ts';
import { deleteState, findState, isWhole, type Preparation, restoreState, saveState, type State } from './state.ts';
import { Supply, type Way } from './supply.ts';

export interface ReadyVm {
  kernel: Kernel;
  image: Image;
  accelerator: Accelerator;
  state: State;
}

/** The entry of kernels.json for an id such as '6.12'; the default one for undefined. */
export async function kernelEntry(id: string | undefined): Promise<KernelEntry> {
  const { kernels, default: fallback } = await listKernels();
  const entry = kernels.find((kernel) => kernel.id === (id ?? fallback));
  if (entry) return entry;
  throw new MachineUnavailable(
    `The course knows no kernel '${id}'.`,
    `Choose one of: ${kernels.map((kernel) => kernel.id).join(', ')}.`,
  );
}

/** Why no guest can run on this computer; undefined if one can. */
export function unfitComputer(system: string = platform(), processor: string = arch()): MachineUnavailable | undefined {
  if (system === 'linux' && processor === 'x64') return undefined;
  return new MachineUnavailable(
    `The guest is built for Linux on x86-64, and this is ${system} on ${processor}.`,
    'Use an x86-64 Linux machine, a virtual one, or WSL 2. Pull requests are graded on such a machine, too.',
  );
}

/** Whether something needs to be built here for this kernel, if it is done in this way. */
export async function needsBuild(entry: KernelEntry, way: Way): Promise<boolean> {
  return (await (await Supply.open(way)).wants(entry)).build.length > 0;
}

/** What is there already, without making anything. */
export async function findVm(entry: KernelEntry, preparation: Preparation): Promise<ReadyVm | undefined> {
  const image = await findImage();
  const kernel = image && (await findKernel(entry, image));
  const accelerator = (await rememberedAccelerator())?.accelerator;
  const state = image && kernel && accelerator && (await findState(kernel, image, accelerator, preparation));
  return state && { image, kernel, accelerator, state };
}

/**
 * Makes whatever is missing, in this way. Rejects with MachineUnavailable (NotDownloaded is one), MachineLost, or what the system
 * said.
 */
export async function setUpVm(
  entry: KernelEntry,
  preparation: Preparation,
  progress: Progress,
  way: Way = 'download',
): Promise<ReadyVm> {
  const unfit = unfitComputer();
  if (unfit) throw unfit;
  return (
    (way === 'build' ? undefined : await findVm(entry, preparation)) ??
    withLock(
      'setup',
      () => progress.step('Waiting for another grade that is setting up'),
      async () => {
        await clearStaging();
        const supply = await Supply.open(way);
        try {
          const image = await supply.image(entry, progress);
          const kernel = await supply.kernel(entry, image, progress);
          const accelerator = await chooseAccelerator(kernel, progress);
          const state =
            (await supply.state(kernel, image, accelerator, preparation, progress)) ??
            (await firstBoot(kernel, image, accelerator, preparation, progress));
          await deleteUnused();
          return { image, kernel, accelerator, state };
        } finally {
          await supply.close();
        }
      },
    )
  );
}

/** A panic under emulation is QEMU's (see mayPanicByItself in grader/cli/grading.ts): the kernel is booted again, twice at most. */
async function firstBoot(
  kernel: Kernel,
  image: Image,
  accelerator: Accelerator,
  preparation: Preparation,
  progress: Progress,
): Promise<State> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await saveState(kernel, image, accelerator, preparation, progress);
    } catch (error) {
      if (
        !(error instanceof MachineLost && error.reason === 'panic') ||
        accelerator !== 'tcg' ||
        tries === 3 ||
        isEnding()
      )
        throw error;
    }
  }
}

/**
 * A pristine guest. What cannot be restored is tried once more, for a guest may be lost to a moment's want of memory. If that fails too,
 * the state's digests decide: one that is damaged is made anew, for all; one that is whole stays, and the reason is told.
 */
export async function startVm(
  entry: KernelEntry,
  preparation: Preparation,
  progress: Progress,
  way: Way = 'download',
): Promise<Machine> {
  const vm = await setUpVm(entry, preparation, progress, way);
  const lost = await tryTo(() => restore(vm));
  if (!(lost instanceof MachineLost)) return lost;
  const again = await tryTo(() => restore(vm));
  if (!(again instanceof MachineLost)) return again;
  if (await isWhole(vm.state)) throw cannotRestore(again);
  await deleteState(vm.state).catch((error: Error) => {
    throw new MachineUnavailable(
      `The saved state of Linux ${vm.kernel.id} is damaged, and cannot be deleted: ${error.message}`,
      `Delete it yourself, and it is made again: rm -r ${vm.state.folder}`,
    );
  });
  return restore(await setUpVm(entry, preparation, progress));
}

function restore({ state, kernel, image, accelerator }: ReadyVm): Promise<Machine> {
  return restoreState(state, kernel, image, accelerator);
}

/** A guest that we end ourselves says nothing about the state. */
async function tryTo(start: () => Promise<Machine>): Promise<Machine | MachineLost> {
  return start().catch((error: unknown) => {
    if (error instanceof MachineLost && !isEnding()) return error;
    throw error;
  });
}

function cannotRestore(lost: MachineLost): MachineUnavailable {
  const wantsMemory = /allocate memory|SIGKILL/i.test(lost.message);
  return new MachineUnavailable(
    `The test machine cannot be started: ${lost.message}`,
    wantsMemory
      ? `It needs about ${guestMemoryMiB} MB of free memory: end something else, and try again.`
      : 'Try again. If it stays so: npx grade doctor',
  );
}
