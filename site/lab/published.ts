/** The lab that this build of the site offers: what `npm run lab` has made, if it is there. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Description, descriptionSchema } from './description.ts';

export interface PublishedLab {
  /** Where it is on the site, by its digest: '/lab/0123456789abcdef/'. */
  path: string;
  /** The folder that it is copied from. */
  from: string;
  description: Description;
}

/** `from`: the folder that `npm run lab` has made; undefined if there is none. */
export async function readLab(from: string | undefined): Promise<PublishedLab | null> {
  if (from === undefined) return null;
  const text = await readFile(join(from, 'lab.json'), 'utf8');
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { path: `/lab/${digest}/`, from, description: descriptionSchema.parse(JSON.parse(text)) };
}

/** What lab.json lists, and itself. */
export async function publishLab({ path, from, description }: PublishedLab, dist: string): Promise<void> {
  const folder = join(dist, path);
  await mkdir(folder, { recursive: true });
  for (const { name } of [{ name: 'lab.json' }, ...description.files])
    await copyFile(join(from, name), join(folder, name));
}
