/** Entries of the cache, and mirrors, from what is published. Call everything here with the set-up lock held. */
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, demandSpace, makeEntry } from '../cache.ts';
import { isEnding } from '../child.ts';
import type { Progress } from '../progress.ts';
import {
  downloadBytes,
  isPacked,
  type PackedFile,
  type Part,
  packedFiles,
  partsOf,
  type PublishedEntry,
} from './manifest.ts';
import { downloadPart, type PartOptions } from './part.ts';
import type { Source } from './source.ts';
import { Speed } from './speed.ts';
import { diskTrouble, interrupted, NotDownloaded } from './trouble.ts';
import { unpack } from './unpack.ts';

/** Some servers give each connection only so much. */
const atOnce = 3;
/** How soon Ctrl-C is noticed while the source is silent, and how often it is said how far it is. */
const lookMs = 100;

interface Options extends Pick<PartOptions, 'pausesMs'> {
  /** What will be wanted next: begun while the last of this entry is unpacked, when the network would be idle. */
  ahead?: readonly PublishedEntry[];
}

/** Where parts are until the entry is whole. A part is named by its digest, so another manifest's is never mistaken for it. */
const pathOf = (part: Part) => join(cacheFolder(), 'downloads', part.digest.slice('sha256:'.length));

/** Downloads, checks and unpacks an entry of the cache, and returns its folder. Rejects with NotDownloaded. */
export async function downloadEntry(
  entry: PublishedEntry,
  source: Source,
  progress: Progress,
  options: Options = {},
): Promise<string> {
  const files = packedFiles(entry);
  await mkdir(join(cacheFolder(), 'downloads'), { recursive: true });
  const here = await Promise.all(
    partsOf(entry).map(async (part) => (await stat(pathOf(part)).catch(() => undefined))?.size ?? 0),
  );
  const missing = downloadBytes(entry) - here.reduce((sum, bytes) => sum + bytes, 0);
  await demandSpace(cacheFolder(), missing + files.reduce((sum, { onDisk }) => sum + onDisk, 0), 'what is downloaded');
  const folder = await makeEntry(entry.entry, (staging) =>
    watched(entry, progress, async (controller, speed) => {
      const parts = [entry, ...(options.ahead ?? [])].flatMap(partsOf);
      const coming = startAll(parts, pathOf, source, speed, controller, options);
      try {
        for (const file of files)
          await unpack(file, comingOf(file, coming), join(staging, file.name), controller.signal);
        for (const file of entry.files) if (!isPacked(file)) await writeFile(join(staging, file.name), file.text);
        controller.abort();
        await Promise.allSettled(coming.values());
      } catch (error) {
        controller.abort();
        await Promise.allSettled(coming.values());
        if (isEnding()) throw interrupted();
        if (error instanceof NotDownloaded && error.kind === 'wrong') await forget(entry);
        throw diskTrouble(error, cacheFolder()) ?? error;
      }
    }),
  );
  await forget(entry);
  return folder;
}

/** Downloads and checks the parts of an entry into a folder, which then is a mirror of them. Rejects with NotDownloaded. */
export async function copyParts(
  entry: PublishedEntry,
  source: Source,
  folder: string,
  progress: Progress,
  options: Options = {},
): Promise<void> {
  await demandSpace(folder, 0, 'the copy'); // makes the folder; how much is missing shows as it is written
  await watched(entry, progress, async (controller, speed) => {
    const coming = startAll(partsOf(entry), ({ name }) => join(folder, name), source, speed, controller, options);
    await Promise.all(coming.values()).catch(async (error: unknown) => {
      controller.abort();
      await Promise.allSettled(coming.values());
      throw isEnding() ? interrupted() : error;
    });
  });
}

/** Their paths, each once it is whole. */
async function* comingOf({ parts }: PackedFile, coming: ReadonlyMap<Part, Promise<void>>): AsyncGenerator<string> {
  for (const part of parts) {
    await coming.get(part);
    yield pathOf(part);
  }
}

async function forget(entry: PublishedEntry): Promise<void> {
  for (const part of partsOf(entry)) await rm(pathOf(part), { force: true });
}

/** Says how far it is, and aborts if the command is ending: nobody else tells what waits for the network. */
async function watched<T>(
  entry: PublishedEntry,
  progress: Progress,
  work: (controller: AbortController, speed: Speed) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const speed = new Speed(partsOf(entry));
  const looking = setInterval(() => {
    if (isEnding()) controller.abort();
    else progress.update(String(speed));
  }, lookMs);
  try {
    return await work(controller, speed);
  } finally {
    clearInterval(looking);
    controller.abort();
  }
}

/** Downloads the parts, a few at once, the first ones first. Each promise is of one part, and none goes unhandled. */
function startAll(
  parts: readonly Part[],
  path: (part: Part) => string,
  source: Source,
  speed: Speed,
  { signal }: AbortController,
  { pausesMs }: Options,
): Map<Part, Promise<void>> {
  const running: Promise<void>[] = [];
  const coming = new Map<Part, Promise<void>>();
  for (const [index, part] of parts.entries()) {
    // The part so many before it makes room for it; a failure there fails this one as well.
    const before = index < atOnce ? Promise.resolve() : running[index - atOnce]!;
    const one = before.then(() => {
      if (signal.aborted) throw interrupted();
      const onBytes = (bytes: number, fresh: boolean) => speed.note(part.name, bytes, fresh);
      return downloadPart(source, part, path(part), { signal, onBytes, ...(pausesMs && { pausesMs }) });
    });
    one.catch(() => {});
    running.push(one);
    coming.set(part, one);
  }
  return coming;
}
