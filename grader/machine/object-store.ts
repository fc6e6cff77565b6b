/** BPF objects that were compiled before, kept by the digest of all that they were made of: `<cache>/objects/<key>`. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';

/** How a compile ended. */
export interface Compiled {
  /** The object; null where clang refused the source. */
  object: Uint8Array | null;
  /** What clang said. */
  stderr: string;
}

/** Never fails: a store that cannot be read or written costs time, and nothing else. */
export interface ObjectStore {
  /** What `keep` was given for this key. `key` is a digest in hex. */
  find(key: string): Promise<Compiled | undefined>;
  keep(key: string, compiled: Compiled): Promise<void>;
}

/** Above either, those that were used longest ago go. */
const limits = { entries: 4000, bytes: 256 * 2 ** 20 };

/** So many are kept between two looks at the limits. */
const keptBetweenLooks = 100;

export class ObjectFolder implements ObjectStore {
  readonly #folder: string;
  readonly #limits: typeof limits;
  #keptSinceLook = Infinity;

  constructor(folder = join(cacheFolder(), 'objects'), atMost = limits) {
    this.#folder = folder;
    this.#limits = atMost;
  }

  async find(key: string): Promise<Compiled | undefined> {
    const path = this.#pathOf(key);
    const entry = await readFile(path).catch(() => undefined);
    const compiled = entry && decode(entry);
    if (compiled) await utimes(path, new Date(), new Date()).catch(() => {});
    return compiled;
  }

  /** Graders that keep the same at the same time each rename a whole file of their own; the last one stays. */
  async keep(key: string, compiled: Compiled): Promise<void> {
    const path = this.#pathOf(key);
    const staging = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(staging, encode(compiled));
      await rename(staging, path);
      if (++this.#keptSinceLook >= keptBetweenLooks) {
        this.#keptSinceLook = 0;
        await this.#deleteOldest();
      }
    } catch {
      await rm(staging, { force: true }).catch(() => {});
    }
  }

  #pathOf(key: string): string {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new TypeError(`not a digest: ${JSON.stringify(key)}`);
    return join(this.#folder, key);
  }

  /** What a killed grader left half written is a file as any other: it is never used again, so it goes in its turn. */
  async #deleteOldest(): Promise<void> {
    const names = await readdir(this.#folder);
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
        return { path, size, mtimeMs };
      }),
    );
    found.sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    for (const [index, { path, size }] of found.entries()) {
      bytes += size;
      if (index >= this.#limits.entries || bytes > this.#limits.bytes) await rm(path, { force: true });
    }
  }
}

/** sha256 of the rest, u8 whether there is an object, u32 length of what clang said, that, the object. */
function encode({ object, stderr }: Compiled): Buffer {
  const said = Buffer.from(stderr);
  const head = Buffer.alloc(5);
  head.writeUInt8(object ? 1 : 0, 0);
  head.writeUInt32LE(said.length, 1);
  const rest = Buffer.concat([head, said, object ?? Buffer.alloc(0)]);
  return Buffer.concat([digest(rest), rest]);
}

/** undefined if it is not whole. */
function decode(entry: Buffer): Compiled | undefined {
  const rest = entry.subarray(32);
  if (rest.length < 5 || !digest(rest).equals(entry.subarray(0, 32))) return undefined;
  const saidEnd = 5 + rest.readUInt32LE(1);
  return {
    object: rest.readUInt8(0) === 1 ? rest.subarray(saidEnd) : null,
    stderr: rest.subarray(5, saidEnd).toString('utf8'),
  };
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
