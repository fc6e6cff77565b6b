/** Everything that a machine of the lab needs, made on first use by the recipes in environment/lab/, each part kept under its recipe's digest. */
import { execFile, execFileSync } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
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
import type { Start } from './messages.ts';
import { splitState } from './compiler-pages.ts';
import { startNodeThread } from './node-thread.ts';
import { makePageFiles, type PageManifest, pageVersion, sizeOf } from './page-files.ts';
import {
  commandLine,
  compilerFolder,
  compilerMade,
  emulatorRecipe,
  memoryBytes,
  rootFolders,
  rootRecipe,
} from './recipe.ts';
import { decodeState, encodeState } from './state.ts';
import { compileWasm } from './wasm.ts';

const deadlineMs = 60 * 60_000;
const emulatorSpaceBytes = 3e9;
const rootSpaceBytes = 1e9;

const stateSchema = z.object({ kernel: z.string(), arch: z.string() });

/** What is made ready in a guest before it is saved, and what is compiled in a copy of it for a page that has no compiler yet. */
export interface LabPreparation extends Preparation {
  objects: {
    /** By the name of the file that a page downloads. */
    sources(): Promise<Record<string, string>>;
    compile(machine: Machine, source: string): Promise<Uint8Array>;
  };
}

export interface ReadyLab {
  kernel: string;
  arch: string;
  /** Folders. */
  emulator: string;
  state: string;
  /** What a page downloads: page-files.ts. */
  page: string;
}

/** What is there already, without making anything. */
export async function findLab(entry: KernelEntry, preparation: LabPreparation): Promise<ReadyLab | undefined> {
  const image = await findImage();
  const kernel = image && (await findKernel(entry, image));
  if (!kernel) return undefined;
  const emulator = await findWhole(await nameOfEmulator());
  const root = await findWhole(await nameOfRoot());
  const state = await findWhole(await nameOfState(kernel, preparation));
  const page = state && (await findWhole(await nameOfPage(state, preparation)));
  const facts = state && (await readCached(join(state, 'state.json'), stateSchema));
  if (!emulator || !root || !state || !page || !facts) return undefined;
  return { kernel: facts.kernel, arch: facts.arch, emulator, state, page };
}

/** Makes whatever is missing. Rejects with MachineUnavailable, MachineLost, or what the system said. */
export async function setUpLab(entry: KernelEntry, preparation: LabPreparation, progress: Progress): Promise<ReadyLab> {
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
      const nameOfIt = await nameOfState(kernel, preparation);
      const state =
        (await findWhole(nameOfIt)) ?? (await saveState(nameOfIt, { kernel, emulator, root, preparation, progress }));
      const facts = stateSchema.parse(JSON.parse(await readFile(join(state, 'state.json'), 'utf8')));
      const ready = { ...facts, emulator, state };
      const nameOfFiles = await nameOfPage(state, preparation);
      const page =
        (await findWhole(nameOfFiles)) ?? (await makePage(nameOfFiles, { ...ready, root, preparation, progress }));
      await deleteUnused();
      return { ...ready, page };
    },
  );
}

/** A pristine machine, with its compiler unless it is told otherwise. Rejects with MachineLost. */
export async function restoreLab(
  { emulator, state, kernel, arch }: Omit<ReadyLab, 'page'>,
  { withCompiler = true } = {},
): Promise<Lab> {
  const names = withCompiler ? ['state', 'compiler'] : ['state'];
  const states = await Promise.all(names.map((name) => readFile(join(state, name))));
  const start = { ...(await startOf(emulator)), from: { states } };
  return Lab.start(startNodeThread(), start, { kernel, arch, image: null }, basename(state));
}

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Of an emulator's folder. */
async function startOf(emulator: string): Promise<Omit<Start, 'from'>> {
  let module = modules.get(emulator);
  if (!module) {
    module = readFile(join(emulator, 'emulator.wasm')).then((bytes) => compileWasm(bytes));
    modules.set(emulator, module);
  }
  return { emulator: join(emulator, 'emulator.mjs'), module: await module };
}

/** What of a saved machine is apart of it, for Lab.addCompiler. */
export function readCompiler({ state }: ReadyLab): Promise<Uint8Array> {
  return readFile(join(state, 'compiler'));
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
  preparation: LabPreparation;
  progress: Progress;
}

async function saveState(name: string, { kernel, emulator, root, preparation, progress }: Parts): Promise<string> {
  progress.step(`First boot of Linux ${kernel.id} in the emulator`);
  progress.update('booting');
  const parts = layOut({
    kernel: await readFile(kernel.files.kernel),
    initramfs: await readFile(join(root, 'initramfs')),
    commandLine,
    memoryBytes,
  });
  const folder = await makeEntry(name, async (staging) => {
    const start = { ...(await startOf(emulator)), from: { parts } };
    const lab = await Lab.start(startNodeThread(), start, { kernel: kernel.release, arch: 'x86_64', image: null });
    try {
      const [release = '', arch = ''] = (await lab.run(['uname', '-rm'])).stdout.trim().split(' ');
      await lab.put(`/usr/lib/modules/${release}/config`, await configurationOf(kernel));
      await loadDrivers(lab, kernel);
      progress.update('preparing the headers and tools');
      await preparation.prepare(lab);
      const compiler = await readCompilerFiles(lab, root);
      await forgetFiles(lab);
      progress.update('saving');
      const saved = splitState(decodeState(await lab.save()), compiler);
      await writeFile(join(staging, 'state'), encodeState(saved.machine));
      await writeFile(join(staging, 'compiler'), encodeState(saved.compiler));
      await writeJson(join(staging, 'state.json'), { kernel: release, arch });
    } finally {
      await lab.stop();
    }
    await writeJson(join(staging, 'whole.json'), {});
  });
  const [state, compiler] = await Promise.all(['state', 'compiler'].map((part) => stat(join(folder, part))));
  progress.done(`saved state: ${megabytes(state!.size)}, and ${megabytes(compiler!.size)} of its compiler`);
  return folder;
}

/** All that is in the compiler's folder: what its root brought there, and what the guest has made. */
async function readCompilerFiles(lab: Lab, root: string): Promise<Uint8Array[]> {
  const entries = await readdir(join(root, 'compiler'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name)));
  const made = compilerMade.map((name) => lab.get(`${compilerFolder}/${name}`, 16 * 2 ** 20));
  return Promise.all([...files, ...made]);
}

interface PageMaking extends Omit<ReadyLab, 'page'> {
  root: string;
  preparation: LabPreparation;
  progress: Progress;
}

async function makePage(name: string, { root, preparation, progress, ...ready }: PageMaking): Promise<string> {
  progress.step('What a page downloads');
  progress.update('compiling the programs of the home page');
  const objects = await compileObjects(ready, preparation);
  progress.update('compressing');
  const folder = await makeEntry(name, async (staging) => {
    const sources = join(staging, 'work.tar.gz');
    await promisify(execFile)('tar', ['-czf', sources, '-C', ready.emulator, 'sources', '-C', root, 'packages']);
    await makePageFiles(staging, { ...ready, stateName: basename(ready.state), objects, sources });
    await rm(sources);
    await writeJson(join(staging, 'whole.json'), {});
  });
  const manifest = JSON.parse(await readFile(join(folder, 'lab.json'), 'utf8')) as PageManifest;
  const [machine, compiler] = (['machine', 'compiler'] as const).map((part) => megabytes(sizeOf(manifest, part)));
  progress.done(`a page downloads ${machine}, and ${compiler} more when it compiles`);
  return folder;
}

async function compileObjects(
  ready: Omit<ReadyLab, 'page'>,
  { objects }: LabPreparation,
): Promise<Record<string, Uint8Array>> {
  const lab = await restoreLab(ready);
  try {
    const made: Record<string, Uint8Array> = {};
    for (const [name, source] of Object.entries(await objects.sources()))
      made[name] = await objects.compile(lab, source);
    return made;
  } finally {
    await lab.stop();
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Pages of files that can be read again would be saved as well. */
async function forgetFiles(machine: Machine): Promise<void> {
  await machine.run(['sh', '-c', 'sync; echo 3 >/proc/sys/vm/drop_caches; echo 1 >/proc/sys/vm/compact_memory']);
}

/** What the kernel of the VM loads by itself when it is asked for a pair of network devices, or for tc; none depends on another. */
const drivers = ['drivers/net/veth', 'net/sched/sch_ingress', 'net/sched/cls_bpf'];

async function loadDrivers(machine: Machine, kernel: Kernel): Promise<void> {
  for (const driver of drivers) {
    const packed = await readModules(kernel, `kernel/${driver}.ko.xz`);
    await machine.put('/tmp/driver.ko', execFileSync('xz', ['-dc'], { input: packed, maxBuffer: 2 ** 24 }));
    const { code, stderr } = await machine.run(['insmod', '/tmp/driver.ko']);
    if (code !== 0) throw new Error(`The guest of the lab does not load ${driver}: ${stderr.slice(0, 500)}`);
  }
  await machine.run(['rm', '/tmp/driver.ko']);
}

/** How the kernel was configured. */
async function configurationOf(kernel: Kernel): Promise<string> {
  const configuration = (await readModules(kernel, 'config')).toString();
  if (!configuration.includes('CONFIG_BPF='))
    throw new Error(`The disk of Linux ${kernel.release} has no configuration.`);
  return configuration;
}

/** A file of the disk with the kernel's modules. */
async function readModules(kernel: Kernel, name: string): Promise<Buffer> {
  const dump = ['-R', `cat /usr/lib/modules/${kernel.release}/${name}`, kernel.files.layer];
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
  const { stdout } = await promisify(execFile)('debugfs', dump, { env, maxBuffer: 2 ** 24, encoding: 'buffer' });
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
  const files = await Promise.all(rootFolders.map(namesIn));
  return `lab/root-${(await digestOfFiles([...rootRecipe, ...files.flat()])).slice(0, 16)}`;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(join(environmentFolder, folder))).sort().map((name) => `${folder}/${name}`);
}

/** Of the files for a page that a state's folder gives. */
async function nameOfPage(state: string, { objects }: LabPreparation): Promise<string> {
  const sources = JSON.stringify(await objects.sources());
  return `lab/page-${digestOf(basename(state), pageVersion, sources).slice(0, 16)}`;
}

async function nameOfState(kernel: Kernel, preparation: LabPreparation): Promise<string> {
  const parts = [
    await nameOfEmulator(),
    await nameOfRoot(),
    kernel.digest,
    commandLine,
    ...drivers,
    preparation.version,
  ];
  return `lab/state-${digestOf(...parts).slice(0, 16)}`;
}

async function digestOfFiles(names: readonly string[]): Promise<string> {
  return digestOf(...(await Promise.all(names.map((name) => readFile(join(environmentFolder, name))))));
}
