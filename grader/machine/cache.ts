/** Where the image, the kernels and the saved states are kept, and how they get there whole or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { MachineUnavailable } from './machine.ts';

/** HOOKPOINT_CACHE, or hookpoint/ below XDG_CACHE_HOME or ~/.cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.HOOKPOINT_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hookpoint');
}

/**
 * Makes `<cache>/<name>` by letting `fill` work in a staging folder that then takes that name in one step.
 * A folder that has its name is therefore whole; what an interrupted run leaves in staging/ is cleared by the next.
 */
export async function makeEntry(name: string, fill: (staging: string) => Promise<void>): Promise<string> {
  const target = join(cacheFolder(), name);
  const staging = join(
    cacheFolder(),
    'staging',
    `${name.replaceAll('/', '-')}-${process.pid}-${randomBytes(4).toString('hex')}`,
  );
  await mkdir(staging, { recursive: true });
  try {
    await fill(staging);
    await mkdir(join(target, '..'), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
  return target;
}

/** Call only with the set-up lock held: nobody else is staging anything then. */
export async function clearStaging(): Promise<void> {
  await rm(join(cacheFolder(), 'staging'), { recursive: true, force: true });
}

/** Reads a JSON file of the cache; undefined if it is absent, broken or of another shape: it is then made anew. */
export async function readCached<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** sha256 of the parts, in hex; part borders count. */
export function digestOf(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/** 'sha256:…' of a file. `onBytes` is told how many bytes have been read so far. */
export async function digestOfFile(path: string, onBytes?: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    onBytes?.((bytes += (chunk as Buffer).length));
  }
  return `sha256:${hash.digest('hex')}`;
}

/** Rejects with MachineUnavailable unless the folder's file system has `bytes` free. The default help is for a folder of the cache. */
export async function demandSpace(
  folder: string,
  bytes: number,
  what: string,
  help = 'Free some space, or put the cache elsewhere: HOOKPOINT_CACHE=/a/larger/disk npx grade',
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (n: number) => `${(n / 1e9).toFixed(1)} GB`;
  throw new MachineUnavailable(
    `Not enough disk space for ${what}: it needs ${gigabytes(bytes)}, and ${folder} has ${gigabytes(bavail * bsize)} free.`,
    help,
  );
}

/** Notes that an entry is in use, for deleteUnused. */
export async function touch(folder: string): Promise<void> {
  await utimes(folder, new Date(), new Date()).catch(() => {}); // a cache that is read-only is as good
}

/** Deletes what older recipes left, or halves of downloads, that nobody has used for 30 days. */
export async function deleteUnused(): Promise<void> {
  for (const kind of ['images', 'kernels', 'states', 'lab', 'downloads']) {
    for (const entry of await readdir(join(cacheFolder(), kind)).catch(() => [])) {
      const path = join(cacheFolder(), kind, entry);
      if (Date.now() - (await stat(path)).mtimeMs > 30 * 86_400_000) await rm(path, { recursive: true, force: true });
    }
  }
}
