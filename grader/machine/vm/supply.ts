/** Where a guest's image, kernel and saved state come from: the cache, what the course publishes, or this machine, which builds them. */
import { downloadEntry } from '../published/download.ts';
import { chooseSource } from '../published/choose.ts';
import {
  downloadBytes,
  isAsPublished,
  type Manifest,
  partsOf,
  publishedEntry,
  type PublishedEntry,
  readManifest,
} from '../published/manifest.ts';
import type { Source } from '../published/source.ts';
import { megabytes } from '../published/speed.ts';
import { NotDownloaded } from '../published/trouble.ts';
import type { Progress } from '../progress.ts';
import { buildImage, findImage, type Image, imageEntry } from './image.ts';
import { fetchKernel, findKernel, type Kernel, type KernelEntry, kernelEntryName } from './kernels.ts';
import type { Accelerator } from './qemu.ts';
import { findState, type Preparation, type State, stateEntry } from './state.ts';

/**
 * download: what is published, and a build of what is not. fall-back: a build of what is not here. build: a build, also of what has been
 * downloaded before.
 */
export type Way = 'download' | 'fall-back' | 'build';

/** One set-up's view of what is published; close it. */
export class Supply {
  readonly #way: Way;
  readonly #manifest: Manifest;
  #source: Promise<Source | undefined> | undefined;

  private constructor(way: Way, manifest: Manifest) {
    this.#way = way;
    this.#manifest = manifest;
  }

  static async open(way: Way, manifest?: Manifest): Promise<Supply> {
    return new Supply(way, manifest ?? (await readManifest()));
  }

  /** What would be downloaded for this kernel, and what can only be built. Looks at the cache and the manifest, and changes nothing. */
  async wants(kernel: KernelEntry): Promise<{ download: PublishedEntry[]; build: string[] }> {
    const image = await this.#here(findImage, await imageEntry());
    const missing = [
      ...(image ? [] : [await imageEntry()]),
      ...(image && (await this.#here(() => findKernel(kernel, image), await kernelEntryName(kernel)))
        ? []
        : [await kernelEntryName(kernel)]),
    ];
    const published = missing.flatMap((name) => this.#published(name) ?? []);
    // A kernel of another image will do: only the one that is built needs the image.
    return { download: published, build: missing.filter((name) => !published.some(({ entry }) => entry === name)) };
  }

  /** With its kernel begun, if that is downloaded next. */
  async image(next: KernelEntry, progress: Progress): Promise<Image> {
    const name = await imageEntry();
    const found = await this.#here(findImage, name);
    if (found) return found;
    const ahead = (await this.wants(next)).download.filter(({ entry }) => entry !== name);
    return (await this.#download(name, 'Guest image', progress, findImage, ahead)) ?? buildImage(progress);
  }

  async kernel(entry: KernelEntry, image: Image, progress: Progress): Promise<Kernel> {
    const name = await kernelEntryName(entry);
    const find = () => findKernel(entry, image);
    const found = await this.#here(find, name);
    if (found) return found;
    return (
      (await this.#download(name, `Linux ${entry.id} (${entry.title})`, progress, find)) ??
      fetchKernel(entry, image, progress)
    );
  }

  /** Only one that is here or is published. */
  async state(
    kernel: Kernel,
    image: Image,
    accelerator: Accelerator,
    preparation: Preparation,
    progress: Progress,
  ): Promise<State | undefined> {
    const find = () => findState(kernel, image, accelerator, preparation);
    const name = await stateEntry(kernel, image, accelerator, preparation);
    const found = await find();
    if (found) return found;
    try {
      return await this.#download(name, `Saved state of Linux ${kernel.id}`, progress, find);
    } catch (error) {
      if (!(error instanceof NotDownloaded) || !error.mayBuild) throw error;
      progress.done(`no saved state: ${error.message} The kernel is booted instead.`);
      return undefined;
    }
  }

  async close(): Promise<void> {
    await (await this.#source?.catch(() => undefined))?.close();
  }

  /** What is in the cache, unless it is the published one and a build was asked for. */
  async #here<T>(find: () => Promise<T | undefined>, name: string): Promise<T | undefined> {
    const published = this.#way === 'build' ? publishedEntry(this.#manifest, name) : undefined;
    return published && (await isAsPublished(published)) ? undefined : find();
  }

  #published(name: string): PublishedEntry | undefined {
    return this.#way === 'download' ? publishedEntry(this.#manifest, name) : undefined;
  }

  async #download<T>(
    name: string,
    label: string,
    progress: Progress,
    find: () => Promise<T | undefined>,
    ahead: readonly PublishedEntry[] = [],
  ): Promise<T | undefined> {
    const entry = this.#published(name);
    const source = entry && (await (this.#source ??= chooseSource(this.#manifest)));
    if (!source) return undefined;
    progress.step(`${label}, from ${source.name}`);
    await downloadEntry(entry, source, progress, { ahead });
    progress.done(
      `${label.replace(/^[GS]/, (first) => first.toLowerCase())}: ${partsText(entry)} from ${source.name}, checked`,
    );
    const found = await find();
    if (found) return found;
    throw new Error(`environment/published.json has an entry ${name} that lacks a file.`);
  }
}

function partsText(entry: PublishedEntry): string {
  const count = partsOf(entry).length;
  return `${megabytes(downloadBytes(entry))} MB${count > 1 ? ` in ${count} parts` : ''}`;
}
