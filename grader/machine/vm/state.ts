/**
 * A pristine kernel in a moment: boot once, get the tools ready, save memory and device state; every exercise then
 * restores its own copy. The memory is a file that clones map copy-on-write, so a restore reads only what is touched.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { cacheFolder, demandSpace, digestOf, digestOfFile, makeEntry, readCached, touch, writeJson } from '../cache.ts';
import { type Machine, MachineUnavailable } from '../machine.ts';
import type { Progress } from '../progress.ts';
import { system } from '../system/index.ts';
import { versionOf } from './build.ts';
import { Guest } from './guest.ts';
import type { Image } from './image.ts';
import type { Kernel } from './kernels.ts';
import { type Accelerator, guestMemoryMiB, qemuArguments, qemuBinary } from './qemu.ts';

/** What is made ready in a guest before its state is saved. */
export interface Preparation {
  /** Changes whenever what `prepare` does may have changed. */
  version: string;
  prepare(machine: Machine): Promise<void>;
}

const stateSchema = z.object({
  kernel: z.string(),
  arch: z.string(),
  /** A command waits in it (Machine.startWaiting). */
  waiting: z.boolean(),
  /** Of each file of the state, 'sha256:…'. */
  digests: z.record(z.enum(['memory', 'devices']), z.string()),
});
type Facts = z.output<typeof stateSchema>;

export interface State extends Facts {
  folder: string;
}

export async function findState(
  kernel: Kernel,
  image: Image,
  accelerator: Accelerator,
  preparation: Preparation,
): Promise<State | undefined> {
  const folder = join(cacheFolder(), await stateEntry(kernel, image, accelerator, preparation));
  const known = await readCached(join(folder, 'state.json'), stateSchema);
  if (!known) return undefined;
  await touch(folder);
  return { folder, ...known };
}

/** Boots the kernel cold, prepares the toolkit and saves the guest; call with the set-up lock held. */
export async function saveState(
  kernel: Kernel,
  image: Image,
  accelerator: Accelerator,
  preparation: Preparation,
  progress: Progress,
): Promise<State> {
  progress.step(`First boot of Linux ${kernel.id} (${accelerator})`);
  await demandSpace(cacheFolder(), guestMemoryMiB * 2 ** 20, 'the saved state of the guest');
  let facts: Facts = { kernel: kernel.release, arch: 'x86_64', waiting: false, digests: { memory: '', devices: '' } };
  const folder = await makeEntry(await stateEntry(kernel, image, accelerator, preparation), async (staging) => {
    progress.update('booting');
    const memory = { path: join(staging, 'memory'), use: 'make' as const };
    const guest = await Guest.start(
      { accelerator, files: kernel.files, memory },
      { kernel: facts.kernel, arch: facts.arch, image: image.digest },
    );
    try {
      const [release, machine] = (await guest.run(['uname', '-rm'])).stdout.trim().split(' ');
      progress.update('preparing the headers and tools');
      await preparation.prepare(guest);
      facts = { ...facts, kernel: release ?? '', arch: machine ?? '', waiting: guest.hasWaiting };
      progress.update('saving');
      await guest.qemu.save(join(staging, 'devices'));
    } finally {
      await guest.stop();
    }
    facts.digests = await digestFiles(staging);
    await writeJson(join(staging, 'state.json'), facts);
  });
  progress.done(`saved state of Linux ${facts.kernel}, ready to restore`);
  return { folder, ...facts };
}

/** A new guest in the saved state, its memory shared with nobody. Rejects with MachineLost. */
export function restoreState(state: State, kernel: Kernel, image: Image, accelerator: Accelerator): Promise<Guest> {
  const memory = { path: join(state.folder, 'memory'), use: 'restore' as const };
  return Guest.start(
    { accelerator, files: kernel.files, memory, state: join(state.folder, 'devices') },
    { kernel: state.kernel, arch: state.arch, image: image.digest },
    { name: basename(state.folder), waiting: state.waiting },
  );
}

async function digestFiles(folder: string): Promise<Facts['digests']> {
  return {
    memory: await digestOfFile(join(folder, 'memory')),
    devices: await digestOfFile(join(folder, 'devices')),
  };
}

/** Whether its files are as they were saved; false too if one cannot be read. Reads a gigabyte. */
export async function isWhole(state: State): Promise<boolean> {
  const now = await digestFiles(state.folder).catch(() => undefined);
  return now !== undefined && now.memory === state.digests.memory && now.devices === state.digests.devices;
}

export async function deleteState(state: State): Promise<void> {
  await rm(state.folder, { recursive: true, force: true });
}

/** Its name: a state fits only the very QEMU, arguments, CPU, kernel, image and preparation that it was saved with. */
export async function stateEntry(
  kernel: Kernel,
  image: Image,
  accelerator: Accelerator,
  preparation: Preparation,
): Promise<string> {
  const qemu = await versionOf(qemuBinary);
  if (!qemu) throw new MachineUnavailable(`${qemuBinary} cannot be run.`, 'sudo apt-get install qemu-system-x86');
  const cpu = accelerator === 'tcg' ? '' : await system.processor();
  const args = qemuArguments({
    accelerator,
    files: { kernel: '', initramfs: '', root: '', layer: '' },
    memory: { path: '', use: 'restore' },
    state: '',
  });
  return `states/${kernel.id}-${digestOf(qemu, cpu, args.join('\n'), kernel.digest, image.digest, preparation.version).slice(0, 16)}`;
}
