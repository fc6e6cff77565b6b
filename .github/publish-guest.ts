// node .github/publish-guest.ts <folder> <address> <architecture>: packs the image, the kernels and the saved states in this machine's cache,
// as today's recipes name them, for a release that will be at that address. The folder gets the parts and published.json, which belongs
// into environment/.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../grader/machine/cache.ts';
import {
  downloadBytes,
  type Manifest,
  manifestSchema,
  packedFiles,
  type PublishedEntry,
} from '../grader/machine/published/manifest.ts';
import { packEntry, type Packing } from '../grader/machine/published/pack.ts';
import { unpack } from '../grader/machine/published/unpack.ts';
import { findImage, imageEntry } from '../grader/machine/vm/image.ts';
import { findKernel, kernelEntryName, listKernels } from '../grader/machine/vm/kernels.ts';

const [out, from, arch] = process.argv.slice(2) as [string, string, PublishedEntry['arch']];
// docs/releases.md has the sizes by level: from 12 on they hardly fall.
const packing: Packing = { arch, level: Number(process.env.LEVEL ?? 12), partBytes: 64e6 };

const image = await findImage();
if (!image) throw new Error('There is no image of this recipe here: npx grade setup --kernel all');
const names = [await imageEntry()];
for (const entry of (await listKernels()).kernels)
  if (await findKernel(entry, image)) names.push(await kernelEntryName(entry));
// An emulated guest's state fits every processor; any other only that of this machine.
if ((await lastAccelerator()) === 'tcg')
  for (const state of (await readdir(join(cacheFolder(), 'states'))).sort()) names.push(`states/${state}`);

await mkdir(out, { recursive: true });
const entries: PublishedEntry[] = [];
for (const name of names) {
  const entry = await packEntry(cacheFolder(), name, out, packing);
  entries.push(entry);
  await tryOut(entry);
  console.log(`${name.padEnd(32)} ${(downloadBytes(entry) / 1e6).toFixed(1).padStart(6)} MB`);
}
const manifest: Manifest = manifestSchema.parse({ format: 'hookpoint-guest', version: 1, from, entries });
await writeFile(join(out, 'published.json'), `${JSON.stringify(manifest, null, 2)}\n`);

/** Rejects unless what a learner's machine would make of the parts is what was packed. */
async function tryOut(entry: PublishedEntry): Promise<void> {
  const target = join(out, 'unpacked');
  for (const file of packedFiles(entry)) {
    const paths = file.parts.map(({ name }) => join(out, name));
    await unpack(file, paths, target, new AbortController().signal);
    await rm(target);
  }
}

/** Of the last set-up, which may have been another system's, in a container with this cache. */
async function lastAccelerator(): Promise<unknown> {
  const text = await readFile(join(cacheFolder(), 'accelerator.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as Record<string, unknown>).accelerator;
}
