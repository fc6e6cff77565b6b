/** The files that a page downloads: a folder with them and lab.json, which says what they are. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeJson } from '../cache.ts';

/** Changes with what is made here. */
export const pageVersion = '2';

export interface PageFile {
  name: string;
  /** As it is downloaded. */
  bytes: number;
  /** Of those bytes, in hex. */
  sha256: string;
  /** 'machine' is for all, 'compiler' for those who compile, 'home' for the home page; with 'sources' anybody can make it all again. */
  part: 'machine' | 'compiler' | 'home' | 'sources';
  gzip: boolean;
}

/** lab.json. */
export interface PageManifest {
  kernel: string;
  arch: string;
  /** The saved state's name, which changes with all that is in it. */
  state: string;
  files: PageFile[];
}

export interface PageParts {
  kernel: string;
  arch: string;
  /** Folders: of the emulator, and of the state. */
  emulator: string;
  state: string;
  stateName: string;
  /** Compiled ahead, by file name. */
  objects: Record<string, Uint8Array>;
  /** A .tar.gz. */
  sources: string;
}

/** Fills `folder`. */
export async function makePageFiles(folder: string, parts: PageParts): Promise<PageManifest> {
  const { kernel, arch, emulator, state, stateName, objects, sources } = parts;
  const files = [
    await plain(folder, join(emulator, 'emulator.mjs'), 'emulator.mjs', 'machine'),
    await compressed(folder, join(emulator, 'emulator.wasm'), 'emulator.wasm', 'machine'),
    await compressed(folder, join(state, 'state'), 'state', 'machine'),
    await compressed(folder, join(state, 'compiler'), 'compiler', 'compiler'),
    await plain(folder, sources, 'sources.tar.gz', 'sources'),
    ...(await Promise.all(Object.entries(objects).map(([name, bytes]) => made(folder, name, bytes)))),
  ];
  const manifest = { kernel, arch, state: stateName, files };
  await writeJson(join(folder, 'lab.json'), manifest);
  return manifest;
}

/** Bytes of a part as it is downloaded. */
export function sizeOf({ files }: PageManifest, part: PageFile['part']): number {
  return files.reduce((sum, file) => sum + (file.part === part ? file.bytes : 0), 0);
}

async function plain(folder: string, from: string, name: string, part: PageFile['part']): Promise<PageFile> {
  await copyFile(from, join(folder, name));
  return describe(name, await readFile(from), part, false);
}

async function made(folder: string, name: string, bytes: Uint8Array): Promise<PageFile> {
  await writeFile(join(folder, name), bytes);
  return describe(name, bytes, 'home', false);
}

async function compressed(folder: string, from: string, name: string, part: PageFile['part']): Promise<PageFile> {
  const to = join(folder, `${name}.gz`);
  await copyFile(from, join(folder, name));
  await promisify(execFile)('libdeflate-gzip', ['-12', join(folder, name)]); // a tenth less than zlib at its best
  return describe(`${name}.gz`, await readFile(to), part, true);
}

function describe(name: string, bytes: Uint8Array, part: PageFile['part'], isGzip: boolean): PageFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, bytes: bytes.byteLength, sha256, part, gzip: isGzip };
}
