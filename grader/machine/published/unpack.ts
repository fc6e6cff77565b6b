/** From the parts of a file to the file: decompressed, with holes where there are only zeros, and checked. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdDecompress } from 'node:zlib';
import type { PackedFile } from './manifest.ts';
import { buildRemedy, NotDownloaded } from './trouble.ts';

/** Zeros are looked for in blocks of this size: a file system's own blocks are smaller, none is larger. */
const blockBytes = 64 * 1024;
const zeros = Buffer.alloc(blockBytes);

/**
 * Writes `target` from its parts, by their paths, which are asked for one after another. Rejects with NotDownloaded if what
 * comes out is not `file`, and with whatever a part or the disk says.
 */
export async function unpack(
  file: PackedFile,
  parts: AsyncIterable<string> | Iterable<string>,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let at = 0;
  const out = await open(target, 'wx', 0o644);
  try {
    const zstd = createZstdDecompress({
      chunkSize: 1 << 20,
      // What `zstd --long` needs, and no more: the memory that a stranger's file could ask for is bounded.
      params: { [constants.ZSTD_d_windowLogMax]: 27 },
    });
    await pipeline(
      Readable.from(bytesOf(parts), { objectMode: false, highWaterMark: 1 << 20 }),
      zstd,
      async (unpacked: AsyncIterable<Buffer>) => {
        for await (const chunk of unpacked) {
          if (at + chunk.length > file.bytes) throw notAsNamed(file);
          hash.update(chunk);
          await writeSparse(out, chunk, at);
          at += chunk.length;
        }
      },
      { signal },
    );
    if (at !== file.bytes || `sha256:${hash.digest('hex')}` !== file.digest) throw notAsNamed(file);
    await out.truncate(file.bytes); // it may end in a hole
  } catch (error) {
    // Z_BUF_ERROR: it ends too early.
    throw /^ZSTD_|^Z_BUF_ERROR$/.test((error as NodeJS.ErrnoException).code ?? '') ? notAsNamed(file) : error;
  } finally {
    await out.close();
  }
}

async function* bytesOf(parts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  for await (const path of parts) yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
}

/** Leaves out blocks of zeros. */
async function writeSparse(out: FileHandle, chunk: Buffer, position: number): Promise<void> {
  let from = 0;
  const write = async (to: number) => {
    while (from < to) from += (await out.write(chunk, from, to - from, position + from)).bytesWritten;
  };
  for (let at = 0; at < chunk.length; at += blockBytes) {
    const end = Math.min(at + blockBytes, chunk.length);
    if (chunk.compare(zeros, 0, end - at, at, end) !== 0) continue;
    await write(at);
    from = end;
  }
  await write(chunk.length);
}

function notAsNamed(file: PackedFile): NotDownloaded {
  return new NotDownloaded(
    'wrong',
    `${file.name} does not come out of its parts as the course's manifest names it. Nothing of it was used, and its parts were deleted.`,
    `Run the same command again: it downloads them once more. If that fails too, please report it.\n${buildRemedy}`,
  );
}
