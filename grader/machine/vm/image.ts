/** The guest's root file system: built once per recipe, shared by every kernel. */
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder, demandSpace, digestOf, digestOfFile, makeEntry, readCached, touch, writeJson } from '../cache.ts';
import type { Progress } from '../progress.ts';
import { environmentFolder, runRecipe } from './build.ts';

const recipeFiles = ['image.sh', 'pack.sh', 'packages.txt', 'go-imports.txt', 'guest/agent.c'];
/** Debian's packages, the unpacked root and the image, while it is built. */
const spaceBytes = 4e9;
const deadlineMs = 40 * 60_000;

const imageSchema = z.object({ digest: z.string(), bytes: z.number() });

export interface Image {
  path: string;
  /** 'sha256:…' of the image file. */
  digest: string;
}

/** The image of today's recipe if it has been built. */
export async function findImage(): Promise<Image | undefined> {
  const folder = join(cacheFolder(), await imageEntry());
  const known = await readCached(join(folder, 'image.json'), imageSchema);
  if (known) await touch(folder);
  return known && { path: join(folder, 'root.ext4'), digest: known.digest };
}

/** Builds the image; call with the set-up lock held. */
export async function buildImage(progress: Progress): Promise<Image> {
  progress.step('Guest image (Debian 13 with clang, bpftool, bpftrace, BCC …)');
  await demandSpace(
    '/var/tmp',
    spaceBytes / 2,
    'building the guest image',
    'Free some space there, then run the same command again.',
  );
  await demandSpace(cacheFolder(), spaceBytes / 2, 'the guest image');
  const image = { digest: '', bytes: 0 };
  const folder = await makeEntry(await imageEntry(), async (staging) => {
    const path = join(staging, 'root.ext4');
    await runRecipe('image.sh', [path], progress, deadlineMs);
    await chmod(path, 0o644); // while it was filled, a user of the namespace had to write it
    progress.update('computing its digest');
    image.digest = await digestOfFile(path, (bytes) => (image.bytes = bytes));
    await writeJson(join(staging, 'image.json'), image);
  });
  progress.done(`guest image: ${(image.bytes / 1e9).toFixed(1)} GB, ${image.digest.slice(0, 19)}…`);
  return { path: join(folder, 'root.ext4'), digest: image.digest };
}

/** Its name in the cache, and in the manifest of what is published: the digest of its recipe. */
export async function imageEntry(): Promise<string> {
  const recipe = await Promise.all(recipeFiles.map((file) => readFile(join(environmentFolder, file))));
  return `images/${digestOf(...recipe).slice(0, 16)}`;
}
