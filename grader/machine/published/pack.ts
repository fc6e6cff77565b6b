/** What is published, made of an entry of the cache: its short files as text, the others compressed and cut into parts. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { PackedFile, Part, PublishedEntry } from './manifest.ts';

export interface Packing {
  arch: PublishedEntry['arch'];
  /** zstd's, 1 to 19. */
  level: number;
  /** What a part has at most. A digest that is wrong costs a part, and the file grows while the next parts come. */
  partBytes: number;
}

const shortBytes = 4096;

/** Packs the entry of this name in the folder of a cache, and writes its parts into `out`. */
export async function packEntry(cache: string, entry: string, out: string, packing: Packing): Promise<PublishedEntry> {
  const folder = join(cache, entry);
  await mkdir(out, { recursive: true });
  const files: PublishedEntry['files'] = [];
  for (const name of (await readdir(folder)).sort()) {
    const { size } = await stat(join(folder, name));
    files.push(
      size <= shortBytes
        ? { name, text: await readFile(join(folder, name), 'utf8') }
        : await packFile(join(folder, name), name, `${entry.replace('/', '-')}-${packing.arch}-${name}`, out, packing),
    );
  }
  return { entry, arch: packing.arch, files };
}

async function packFile(
  path: string,
  name: string,
  published: string,
  out: string,
  { level, partBytes }: Packing,
): Promise<PackedFile> {
  const { size, blocks } = await stat(path);
  const hash = createHash('sha256');
  const parts = new Parts(published, out, partBytes);
  // In one thread: with ZSTD_c_nbWorkers, Node 24 takes the stream for ended while the workers still have some of it.
  const zstd = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_windowLog]: 27,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    },
  });
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    zstd,
    async (packed: AsyncIterable<Buffer>) => {
      for await (const chunk of packed) await parts.write(chunk);
    },
  );
  return {
    name,
    bytes: size,
    digest: `sha256:${hash.digest('hex')}`,
    onDisk: blocks * 512,
    parts: await parts.end(),
  };
}

interface OpenPart {
  file: FileHandle;
  name: string;
  hash: Hash;
  bytes: number;
}

/**
 * Files `<name>.zst.00-<digest>` and so on. With the digest in its name a part never takes another one's place, so that an older checkout
 * goes on to find what its manifest names.
 */
class Parts {
  readonly #name: string;
  readonly #folder: string;
  readonly #atMost: number;
  readonly #done: Part[] = [];
  #open: OpenPart | undefined;

  constructor(name: string, folder: string, atMost: number) {
    this.#name = name;
    this.#folder = folder;
    this.#atMost = atMost;
  }

  async write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const part = (this.#open ??= await this.#next());
      const piece = chunk.subarray(at, at + this.#atMost - part.bytes);
      await part.file.writeFile(piece);
      part.hash.update(piece);
      part.bytes += piece.length;
      at += piece.length;
      if (part.bytes === this.#atMost) await this.#close();
    }
  }

  async end(): Promise<Part[]> {
    await this.#close();
    return this.#done;
  }

  async #next(): Promise<OpenPart> {
    const name = `${this.#name}.zst.${String(this.#done.length).padStart(2, '0')}`;
    return { file: await open(join(this.#folder, name), 'w'), name, hash: createHash('sha256'), bytes: 0 };
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    const { file, name, hash, bytes } = this.#open;
    this.#open = undefined;
    await file.close();
    const digest = hash.digest('hex');
    const last = `${name}-${digest.slice(0, 12)}`;
    await rename(join(this.#folder, name), join(this.#folder, last));
    this.#done.push({ name: last, bytes, digest: `sha256:${digest}` });
  }
}
