/** The kernels that environment/kernels.json names, fetched one by one when they are wanted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder, demandSpace, digestOf, makeEntry, readCached, touch, writeJson } from '../cache.ts';
import type { Progress } from '../progress.ts';
import { environmentFolder, runRecipe } from './build.ts';
import type { Image } from './image.ts';
import type { GuestFiles } from './qemu.ts';

const recipeFiles = ['kernel.sh', 'kernel-packages.sh', 'guest/init'];
const spaceBytes = 800e6;
const deadlineMs = 15 * 60_000;

const kernelsSchema = z.strictObject({
  default: z.string(),
  kernels: z
    .array(
      z.strictObject({ id: z.string().regex(/^\d+\.\d+$/), suite: z.string().regex(/^[a-z-]+$/), title: z.string() }),
    )
    .min(1),
});
const fetchedSchema = z.object({ release: z.string(), digest: z.string() });

export type KernelEntry = z.infer<typeof kernelsSchema>['kernels'][number];

export interface Kernel {
  id: string;
  /** What `uname -r` says. */
  release: string;
  files: GuestFiles;
  /** sha256 of what is booted, in hex. */
  digest: string;
}

export async function listKernels(): Promise<{ default: string; kernels: KernelEntry[] }> {
  return kernelsSchema.parse(JSON.parse(await readFile(join(environmentFolder, 'kernels.json'), 'utf8')));
}

/** The kernel, if it has been fetched by today's recipe. */
export async function findKernel(entry: KernelEntry, image: Image): Promise<Kernel | undefined> {
  const folder = join(cacheFolder(), await kernelEntryName(entry));
  const known = await readCached(join(folder, 'kernel.json'), fetchedSchema);
  if (known) await touch(folder);
  return known && kernelIn(folder, entry, image, known);
}

/** Fetches the kernel from Debian; call with the set-up lock held. */
export async function fetchKernel(entry: KernelEntry, image: Image, progress: Progress): Promise<Kernel> {
  progress.step(`Linux ${entry.id} (${entry.title})`);
  await demandSpace(cacheFolder(), spaceBytes, `the kernel ${entry.id}`);
  let fetched = { release: '', digest: '' };
  const folder = await makeEntry(await kernelEntryName(entry), async (staging) => {
    await runRecipe('kernel.sh', [entry.suite, entry.id, image.path, staging], progress, deadlineMs);
    const booted = await Promise.all(
      ['vmlinuz', 'initramfs.gz', 'release'].map((file) => readFile(join(staging, file))),
    );
    fetched = { release: booted[2]!.toString().trim(), digest: digestOf(...booted) };
    await writeJson(join(staging, 'kernel.json'), fetched);
  });
  progress.done(`kernel: Linux ${fetched.release}`);
  return kernelIn(folder, entry, image, fetched);
}

function kernelIn(
  folder: string,
  entry: KernelEntry,
  image: Image,
  { release, digest }: { release: string; digest: string },
): Kernel {
  const files = {
    kernel: join(folder, 'vmlinuz'),
    initramfs: join(folder, 'initramfs.gz'),
    root: image.path,
    layer: join(folder, 'layer.ext4'),
  };
  return { id: entry.id, release, digest, files };
}

/** Its name in the cache, and in the manifest of what is published: the digest of its recipe. */
export async function kernelEntryName(entry: KernelEntry): Promise<string> {
  const recipe = await Promise.all(recipeFiles.map((file) => readFile(join(environmentFolder, file))));
  return `kernels/${entry.id}-${digestOf(...recipe, entry.suite).slice(0, 16)}`;
}
