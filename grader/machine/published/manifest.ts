/**
 * What the course publishes of its guest: environment/published.json. It names each entry of the cache (image, kernel, saved state) as the
 * cache does, by the digest of its recipe, so an entry of another recipe is never taken for today's. Its digests are what is trusted:
 * where the bytes come from does not matter.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../cache.ts';
import { MachineUnavailable } from '../machine.ts';
import { environmentFolder } from '../vm/build.ts';

const nameSchema = z.string().regex(/^[A-Za-z0-9][\w.+-]{0,200}$/);
const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const partSchema = z.strictObject({ name: nameSchema, bytes: z.int().positive(), digest: digestSchema });

/** Compressed with zstd, and cut into `parts`, which are files of the release. */
const packedSchema = z.strictObject({
  name: nameSchema,
  /** Of the file itself, not compressed. */
  bytes: z.int().positive(),
  digest: digestSchema,
  /** What it takes on a disk: its holes take nothing. */
  onDisk: z.int().nonnegative(),
  parts: z.array(partSchema).min(1),
});

/** So short that the manifest holds it. */
const shortSchema = z.strictObject({ name: nameSchema, text: z.string().max(10_000) });

const entrySchema = z.strictObject({
  entry: z.string().regex(/^(images|kernels|states)\/[A-Za-z0-9][\w.-]*$/),
  arch: z.enum(['x86_64', 'aarch64']),
  files: z.array(z.union([packedSchema, shortSchema])).min(1),
});

export const manifestSchema = z.strictObject({
  format: z.literal('hookpoint-guest'),
  version: z.literal(1),
  /** The address of the folder that has the parts; null as long as nothing is published. */
  from: z.url({ protocol: /^https?$/ }).nullable(),
  entries: z.array(entrySchema),
});

export type Part = z.infer<typeof partSchema>;
export type PackedFile = z.infer<typeof packedSchema>;
export type ShortFile = z.infer<typeof shortSchema>;
export type PublishedEntry = z.infer<typeof entrySchema>;
export type Manifest = z.infer<typeof manifestSchema>;

export const isPacked = (file: PackedFile | ShortFile): file is PackedFile => 'parts' in file;
export const packedFiles = ({ files }: PublishedEntry): PackedFile[] => files.filter(isPacked);
export const partsOf = (entry: PublishedEntry): Part[] => packedFiles(entry).flatMap(({ parts }) => parts);
export const downloadBytes = (entry: PublishedEntry): number =>
  partsOf(entry).reduce((sum, part) => sum + part.bytes, 0);

/** The manifest is of the checkout, as the recipes are. */
export const manifestPath = join(environmentFolder, 'published.json');

const nothing: Manifest = { format: 'hookpoint-guest', version: 1, from: null, entries: [] };

/** Nothing is published where there is no such file. Rejects with MachineUnavailable if it does not obey the schema. */
export async function readManifest(path = manifestPath): Promise<Manifest> {
  if (!existsSync(path)) return nothing;
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).split('\n').slice(0, 4).join('\n') : `${error}`;
    throw new MachineUnavailable(
      `${path} says what is published of the guest, and cannot be read:\n${why}`,
      `Take it back as the course has it: git checkout ${relative(process.cwd(), path)}`,
    );
  }
}

/** The entry of the cache with this name, such as 'images/358ca6308ac34d75', for the architecture of this machine. */
export function publishedEntry({ entries }: Manifest, name: string): PublishedEntry | undefined {
  const own = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string];
  return entries.find((entry) => entry.entry === name && entry.arch === own);
}

/** Whether what the cache has of this entry is what is published, by what its short files say of the others. */
export async function isAsPublished(entry: PublishedEntry): Promise<boolean> {
  const short = entry.files.filter((file): file is ShortFile => !isPacked(file));
  const here = await Promise.all(
    short.map(({ name }) => readFile(join(cacheFolder(), entry.entry, name), 'utf8').catch(() => undefined)),
  );
  return short.length > 0 && short.every(({ text }, i) => text === here[i]);
}
