/** The lab's files: from this browser's cache, or downloaded with progress, checked by their digest, and kept by it. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { LabFile, Part } from './description.ts';

/** One for all versions: an entry is named by its digest, so nothing in it can be the wrong one. */
export const cacheName = 'hookpoint-lab';

export class FilesProblem extends Error {
  override name = 'FilesProblem';
  readonly what: 'download' | 'damaged';
  constructor(what: 'download' | 'damaged', message: string) {
    super(message);
    this.what = what;
  }
}

export interface Fetching {
  /** Absolute address, with a slash at the end. */
  folder: string;
  files: readonly LabFile[];
  /** Bytes so far of those that have to be downloaded. Not called if none has. */
  onProgress(bytes: number, total: number): void;
  onUnpacking?(part: Part): void;
}

/** Decompressed, by name. Rejects with FilesProblem. */
export async function fetchFiles({
  folder,
  files,
  onProgress,
  onUnpacking,
}: Fetching): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const cache = await openCache();
  const kept = await Promise.all(files.map((file) => cache?.match(keyOf(folder, file))));
  const total = files.reduce((sum, { bytes }, i) => sum + (kept[i] ? 0 : bytes), 0);
  let done = 0;
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [i, file] of files.entries()) {
    const there = kept[i];
    let bytes = there && new Uint8Array(await there.arrayBuffer());
    if (!bytes) {
      const before = done;
      bytes = await download(folder, file, (count) => onProgress(before + count, total));
      done += file.bytes;
      // A full disk, or a browser that keeps nothing, costs the next visit a download.
      await cache?.put(keyOf(folder, file), new Response(bytes)).catch(() => {});
    }
    if (file.gzip && file.part !== 'sources') onUnpacking?.(file.part);
    found.set(file.name, file.gzip ? await unpack(file, bytes) : bytes);
  }
  return found;
}

/** How many bytes a run would have to download. */
export async function missingBytes(folder: string, files: readonly LabFile[]): Promise<number> {
  const cache = await openCache();
  const sizes = files.map(async (file) => ((await cache?.match(keyOf(folder, file))) ? 0 : file.bytes));
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

/** What is used of a browser's Cache. */
interface Kept {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
}

/** Without https there is no Cache Storage; some browsers refuse it where nothing may be kept. */
async function openCache(): Promise<Kept | undefined> {
  try {
    return await (globalThis as { caches?: { open(name: string): Promise<Kept> } }).caches?.open(cacheName);
  } catch {
    return undefined;
  }
}

function keyOf(folder: string, { name, sha256: digest }: LabFile): string {
  return new URL(`${name}?sha256=${digest}`, folder).href;
}

async function download(
  folder: string,
  file: LabFile,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const address = new URL(file.name, folder).href;
  // What a server or a proxy once kept under this name is no help: the digest decides.
  const response = await fetch(address, { cache: 'no-cache' }).catch((error: Error) => {
    throw new FilesProblem('download', `${file.name} cannot be downloaded: ${error.message}`);
  });
  if (!response.ok || !response.body)
    throw new FilesProblem('download', `${file.name} cannot be downloaded: the server says ${response.status}`);
  const bytes = new Uint8Array(file.bytes);
  let count = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: Error) => {
      throw new FilesProblem('download', `the download of ${file.name} broke off: ${error.message}`);
    });
    if (done) break;
    if (count + value.length > bytes.length)
      throw new FilesProblem('damaged', `${file.name} is longer than the ${file.bytes} bytes that it should have`);
    bytes.set(value, count);
    count += value.length;
    onBytes(count);
  }
  if (count < bytes.length)
    throw new FilesProblem('download', `${file.name} ended after ${count} of ${file.bytes} bytes`);
  const seen = await digestOf(bytes);
  if (seen !== file.sha256)
    throw new FilesProblem('damaged', `${file.name} has the digest ${seen}, and should have ${file.sha256}`);
  return bytes;
}

/** Without https there is no crypto.subtle. */
async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function unpack(file: LabFile, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new FilesProblem('damaged', `${file.name} cannot be decompressed: ${(error as Error).message}`);
  }
}
