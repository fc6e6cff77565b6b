/** `grade setup`: the image and kernels, ahead of time. */
import { resolve } from 'node:path';
import { withLock } from '../machine/lock.ts';
import { chooseSource } from '../machine/published/choose.ts';
import { copyParts } from '../machine/published/download.ts';
import { downloadBytes, type PublishedEntry, publishedEntry, readManifest } from '../machine/published/manifest.ts';
import { megabytes } from '../machine/published/speed.ts';
import { imageEntry } from '../machine/vm/image.ts';
import { type KernelEntry, kernelEntryName, listKernels } from '../machine/vm/kernels.ts';
import type { Way } from '../machine/vm/supply.ts';
import { kernelEntry, setUpVm } from '../machine/vm/vm.ts';
import { CommandFailure, type Context } from './context.ts';
import { toolkitPreparation } from './machines.ts';
import { provide } from './provide.ts';

export interface SetupOptions {
  kernel?: string[];
  /** Builds what could be downloaded, and what was. */
  build?: boolean;
  /** Makes a mirror in this folder, and nothing else. */
  copyTo?: string;
}

export async function setup(context: Context, { kernel: asked, build, copyTo }: SetupOptions): Promise<number> {
  const wanted: (string | undefined)[] = asked?.flatMap((ids) => ids.split(',')) ?? [undefined];
  const entries = wanted.includes('all') ? (await listKernels()).kernels : await Promise.all(wanted.map(kernelEntry));
  if (copyTo !== undefined) return makeMirror(context, entries, resolve(copyTo));
  const preparation = await toolkitPreparation();
  const ready = [];
  for (const entry of entries) {
    const make = (way: Way) => setUpVm(entry, preparation, context.progress, way);
    ready.push(await provide(context, entry, build ? 'build' : 'download', make));
  }
  if (context.json)
    process.stdout.write(
      `${JSON.stringify(ready.map(({ kernel, image, accelerator }) => ({ kernel: kernel.release, image: image.digest, accelerator })))}\n`,
    );
  for (const { kernel, image, accelerator } of ready)
    context.say(`Ready: Linux ${kernel.release} (${accelerator}), image ${image.digest.slice(0, 19)}…`);
  return 0;
}

/** Copies what is published of these kernels, of the image and of their saved states, and sets nothing up here. */
async function makeMirror(context: Context, kernels: readonly KernelEntry[], folder: string): Promise<number> {
  const manifest = await readManifest();
  const names = [await imageEntry(), ...(await Promise.all(kernels.map(kernelEntryName)))];
  const published = names.map((name) => publishedEntry(manifest, name));
  const missing = names.filter((_, i) => published[i] === undefined);
  if (missing.length > 0)
    throw new CommandFailure(
      `The course has not published all that this checkout needs: ${missing.join(', ')}.`,
      3,
      'Bring the course up to date with git pull, or set it up without a mirror: npx grade setup',
    );
  const states = manifest.entries.filter(({ entry }) => kernels.some(({ id }) => entry.startsWith(`states/${id}-`)));
  const entries = [...published.filter((entry): entry is PublishedEntry => entry !== undefined), ...states];
  const source = await chooseSource(manifest);
  if (!source) throw new CommandFailure('The course has published nothing yet.', 3, 'Set it up: npx grade setup');
  try {
    const onWait = () => context.progress.step('Waiting for another grade that is setting up');
    await withLock('setup', onWait, async () => {
      for (const entry of entries) {
        context.progress.step(`${entry.entry}, from ${source.name}`);
        await copyParts(entry, source, folder, context.progress);
        context.progress.done(`${entry.entry}: ${megabytes(downloadBytes(entry))} MB, checked`);
      }
    });
  } finally {
    await source.close();
  }
  if (context.json)
    process.stdout.write(`${JSON.stringify({ mirror: folder, entries: entries.map(({ entry }) => entry) })}\n`);
  context.say(`A mirror of what is published is in ${folder}. Use it so: HOOKPOINT_MIRROR='${folder}' npx grade`);
  return 0;
}
