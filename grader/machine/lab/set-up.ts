/** Everything that a machine of the lab needs, made on first use by the recipes in environment/lab/, each part kept under its recipe's digest. */
import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import {
  cacheFolder,
  clearStaging,
  deleteUnused,
  demandSpace,
  digestOf,
  makeEntry,
  readCached,
  touch,
  writeJson,
} from '../cache.ts';
import { withLock } from '../lock.ts';
import type { Machine } from '../machine.ts';
import type { Progress } from '../progress.ts';
import { environmentFolder, runRecipe } from '../vm/build.ts';
import { buildImage, findImage } from '../vm/image.ts';
import { fetchKernel, findKernel, type Kernel, type KernelEntry } from '../vm/kernels.ts';
import type { Preparation } from '../vm/state.ts';
import { layOut } from './boot.ts';
import { Lab } from './lab.ts';
import { commandLine, emulatorRecipe, memoryBytes, rootRecipe } from './recipe.ts';

const deadlineMs = 60 * 60_000;
const emulatorSpaceBytes = 3e9;
const rootSpaceBytes = 1e9;

const stateSchema = z.object({
  kernel: z.string(),
  arch: z.string(),
  /** Of the state as it is restored, and as it is downloaded. */
  bytes: z.number(),
  compressedBytes: z.number(),
});

export interface ReadyLab {
  kernel: string;
  arch: string;
  /** Folders. */
  emulator: string;
  state: string;
}

/** What is there already, without making anything. */
export async function findLab(entry: KernelEntry, preparation: Preparation): Promise<ReadyLab | undefined> {
  const image = await findImage();
  const kernel = image && (await findKernel(entry, image));
  if (!kernel) return undefined;
  const emulator = await findWhole(await nameOfEmulator());
  const root = await findWhole(await nameOfRoot());
  const state = await findWhole(await nameOfState(kernel, preparation));
  const facts = state && (await readCached(join(state, 'state.json'), stateSchema));
  if (!emulator || !root || !state || !facts) return undefined;
  return { kernel: facts.kernel, arch: facts.arch, emulator, state };
}

/** Makes whatever is missing. Rejects with MachineUnavailable, MachineLost, or what the system said. */
export async function setUpLab(entry: KernelEntry, preparation: Preparation, progress: Progress): Promise<ReadyLab> {
  const there = await findLab(entry, preparation);
  if (there) return there;
  return withLock(
    'setup',
    () => progress.update('waiting for another grade that is setting up'),
    async () => {
      await clearStaging();
      const image = (await findImage()) ?? (await buildImage(progress));
      const kernel = (await findKernel(entry, image)) ?? (await fetchKernel(entry, image, progress));
      const emulator = (await findWhole(await nameOfEmulator())) ?? (await buildEmulator(progress));
      const root = (await findWhole(await nameOfRoot())) ?? (await buildRoot(progress));
      const state = await saveState({ kernel, emulator, root, preparation, progress });
      await deleteUnused();
      return state;
    },
  );
}

/** A pristine machine. Rejects with MachineLost. */
export async function restoreLab({ emulator, state, kernel, arch }: ReadyLab): Promise<Lab> {
  const start = { emulator: join(emulator, 'emulator.mjs'), state: await readFile(join(state, 'state')) };
  return Lab.start(start, { kernel, arch, image: null }, state);
}

async function buildEmulator(progress: Progress): Promise<string> {
  progress.step('Emulator (Bochs, compiled to WebAssembly)');
  await demandSpace('/var/tmp', emulatorSpaceBytes, 'building the emulator', 'Free some space there.');
  const folder = await makeEntry(await nameOfEmulator(), async (staging) => {
    await runRecipe('lab/emulator.sh', [staging], progress, deadlineMs);
    await writeJson(join(staging, 'whole.json'), {});
  });
  const { size } = await stat(join(folder, 'emulator.wasm'));
  progress.done(`emulator: ${(size / 1e6).toFixed(1)} MB of WebAssembly`);
  return folder;
}

async function buildRoot(progress: Progress): Promise<string> {
  progress.step('Guest of the lab');
  await demandSpace('/var/tmp', rootSpaceBytes, 'building the guest of the lab', 'Free some space there.');
  const folder = await makeEntry(await nameOfRoot(), async (staging) => {
    await runRecipe('lab/root.sh', [staging], progress, deadlineMs);
    await writeJson(join(staging, 'whole.json'), {});
  });
  const { size } = await stat(join(folder, 'initramfs'));
  progress.done(`guest of the lab: ${(size / 1e6).toFixed(0)} MB`);
  return folder;
}

interface Parts {
  kernel: Kernel;
  /** Folders. */
  emulator: string;
  root: string;
  preparation: Preparation;
  progress: Progress;
}

async function saveState({ kernel, emulator, root, preparation, progress }: Parts): Promise<ReadyLab> {
  progress.step(`First boot of Linux ${kernel.id} in the emulator`);
  progress.update('booting');
  const parts = layOut({
    kernel: await readFile(kernel.files.kernel),
    initramfs: await readFile(join(root, 'initramfs')),
    commandLine,
    memoryBytes,
  });
  const facts = { kernel: '', arch: '', bytes: 0, compressedBytes: 0 };
  const folder = await makeEntry(await nameOfState(kernel, preparation), async (staging) => {
    const start = { emulator: join(emulator, 'emulator.mjs'), parts };
    const lab = await Lab.start(start, { kernel: kernel.release, arch: 'x86_64', image: null });
    try {
      [facts.kernel = '', facts.arch = ''] = (await lab.run(['uname', '-rm'])).stdout.trim().split(' ');
      await lab.put(`/usr/lib/modules/${facts.kernel}/config`, await configurationOf(kernel));
      progress.update('preparing the headers and tools');
      await preparation.prepare(lab);
      await forgetFiles(lab);
      progress.update('saving');
      const state = await lab.save();
      await writeFile(join(staging, 'state'), state);
      const compressed = await promisify(gzip)(state, { level: 9 });
      await writeFile(join(staging, 'state.gz'), compressed);
      Object.assign(facts, { bytes: state.byteLength, compressedBytes: compressed.byteLength });
    } finally {
      await lab.stop();
    }
    await writeJson(join(staging, 'state.json'), facts);
    await writeJson(join(staging, 'whole.json'), {});
  });
  progress.done(
    `saved state of Linux ${facts.kernel}: ${megabytes(facts.bytes)}, ${megabytes(facts.compressedBytes)} compressed`,
  );
  return { kernel: facts.kernel, arch: facts.arch, emulator, state: folder };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Pages of files that can be read again would be saved as well. */
async function forgetFiles(machine: Machine): Promise<void> {
  await machine.run(['sh', '-c', 'sync; echo 3 >/proc/sys/vm/drop_caches; echo 1 >/proc/sys/vm/compact_memory']);
}

/** How the kernel was configured, from the disk with its modules. */
async function configurationOf(kernel: Kernel): Promise<string> {
  const dump = ['-R', `cat /usr/lib/modules/${kernel.release}/config`, kernel.files.layer];
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  const { stdout } = await promisify(execFile)('debugfs', dump, { env, maxBuffer: 2 ** 24 });
  if (!stdout.includes('CONFIG_BPF=')) throw new Error(`The disk of Linux ${kernel.release} has no configuration.`);
  return stdout;
}

async function findWhole(name: string): Promise<string | undefined> {
  const folder = join(cacheFolder(), name);
  if (!(await readCached(join(folder, 'whole.json'), z.object({})))) return undefined;
  await touch(folder);
  return folder;
}

async function nameOfEmulator(): Promise<string> {
  return `lab/emulator-${(await digestOfFiles(emulatorRecipe)).slice(0, 16)}`;
}

async function nameOfRoot(): Promise<string> {
  const guest = (await readdir(join(environmentFolder, 'guest'))).sort().map((name) => `guest/${name}`);
  return `lab/root-${(await digestOfFiles([...rootRecipe, ...guest])).slice(0, 16)}`;
}

async function nameOfState(kernel: Kernel, preparation: Preparation): Promise<string> {
  const parts = [await nameOfEmulator(), await nameOfRoot(), kernel.digest, commandLine, preparation.version];
  return `lab/state-${digestOf(...parts).slice(0, 16)}`;
}

async function digestOfFiles(names: readonly string[]): Promise<string> {
  return digestOf(...(await Promise.all(names.map((name) => readFile(join(environmentFolder, name))))));
}
