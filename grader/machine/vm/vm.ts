/** Everything that a VM needs, made on first use, and a pristine guest whenever one is asked for. */
import { arch, platform } from 'node:os';
import { clearStaging, deleteUnused } from '../cache.ts';
import { isEnding } from '../child.ts';
import { withLock } from '../lock.ts';
import { type Machine, MachineLost, MachineUnavailable } from '../machine.ts';
import type { Progress } from '../progress.ts';
import { chooseAccelerator, rememberedAccelerator } from './accelerator.ts';
import { buildImage, findImage, type Image } from './image.ts';
import { fetchKernel, findKernel, type Kernel, type KernelEntry, listKernels } from './kernels.ts';
import type { Accelerator } from './qemu.ts';
import { deleteState, findState, type Preparation, restoreState, saveState, type State } from './state.ts';

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
  throw new MachineUnavailable(`The course knows no kernel '${id}'.`, `Choose one of: ${kernels.map((kernel) => kernel.id).join(', ')}.`);
}

/** Whether the image and this kernel are here, so that nothing needs to be built or fetched. */
export async function isBuilt(entry: KernelEntry): Promise<boolean> {
  const image = await findImage();
  return image !== undefined && (await findKernel(entry, image)) !== undefined;
}

/** What is there already, without making anything. */
export async function findVm(entry: KernelEntry, preparation: Preparation): Promise<ReadyVm | undefined> {
  const image = await findImage();
  const kernel = image && (await findKernel(entry, image));
  const accelerator = (await rememberedAccelerator())?.accelerator;
  const state = image && kernel && accelerator && (await findState(kernel, image, accelerator, preparation));
  return state && { image, kernel, accelerator, state };
}

/** Makes whatever is missing. Rejects with MachineUnavailable, MachineLost, or what the system said. */
export async function setUpVm(entry: KernelEntry, preparation: Preparation, progress: Progress): Promise<ReadyVm> {
  if (platform() !== 'linux' || arch() !== 'x64') {
    throw new MachineUnavailable(
      `The guest is built for Linux on x86-64, and this is ${platform()} on ${arch()}.`,
      'Use an x86-64 Linux machine, a virtual one, or WSL 2. Pull requests are graded on such a machine, too.',
    );
  }
  return (
    (await findVm(entry, preparation)) ??
    withLock(
      'setup',
      () => progress.update('waiting for another grade that is setting up'),
      async () => {
        await clearStaging();
        const image = (await findImage()) ?? (await buildImage(progress));
        const kernel = (await findKernel(entry, image)) ?? (await fetchKernel(entry, image, progress));
        const accelerator = await chooseAccelerator(kernel, progress);
        const state = (await findState(kernel, image, accelerator, preparation)) ?? (await firstBoot(kernel, image, accelerator, preparation, progress));
        await deleteUnused();
        return { image, kernel, accelerator, state };
      },
    )
  );
}

/** A panic under emulation is QEMU's (see mayPanicByItself in grader/cli/grading.ts): the kernel is booted again, twice at most. */
async function firstBoot(kernel: Kernel, image: Image, accelerator: Accelerator, preparation: Preparation, progress: Progress): Promise<State> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await saveState(kernel, image, accelerator, preparation, progress);
    } catch (error) {
      if (!(error instanceof MachineLost && error.reason === 'panic') || accelerator !== 'tcg' || tries === 3 || isEnding()) throw error;
    }
  }
}

/** A pristine guest. A saved state that cannot be restored is made anew, once. */
export async function startVm(entry: KernelEntry, preparation: Preparation, progress: Progress): Promise<Machine> {
  const vm = await setUpVm(entry, preparation, progress);
  try {
    return await restoreState(vm.state, vm.kernel, vm.image, vm.accelerator);
  } catch (error) {
    // A guest that we end ourselves says nothing about the state.
    if (!(error instanceof MachineLost) || isEnding()) throw error;
    await deleteState(vm.state);
    const again = await setUpVm(entry, preparation, progress);
    return restoreState(again.state, again.kernel, again.image, again.accelerator);
  }
}
