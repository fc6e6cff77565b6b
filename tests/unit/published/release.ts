/** A release for a test: an entry of a cache, packed as the course publishes it, and a web server that has it, with its whims. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { arch } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Manifest, Part, PublishedEntry } from '../../../grader/machine/published/manifest.ts';
import { packEntry } from '../../../grader/machine/published/pack.ts';
import { temporaryFolder } from '../temporary.ts';

export const ownArch: PublishedEntry['arch'] = arch() === 'arm64' ? 'aarch64' : 'x86_64';
export const pausesMs = [1, 1, 1];

export interface Release {
  entry: PublishedEntry;
  /** Has the parts. */
  folder: string;
  /** What the entry's file root.ext4 has: noise that does not compress, a long hole, and noise again. */
  content: Buffer;
}

/** Of one entry with a large file in several parts, and a short one. */
export async function makeRelease(name = 'images/0123456789abcdef', noiseBytes = 300_000): Promise<Release> {
  const folder = await temporaryFolder();
  const content = Buffer.concat([randomBytes(noiseBytes), Buffer.alloc(3_000_000), randomBytes(50_001)]);
  await mkdir(join(folder, 'cache', name), { recursive: true });
  await writeFile(join(folder, 'cache', name, 'root.ext4'), content);
  await writeFile(join(folder, 'cache', name, 'image.json'), `{"digest":"sha256:1","bytes":${content.length}}\n`);
  const out = join(folder, 'release');
  const entry = await packEntry(join(folder, 'cache'), name, out, { arch: ownArch, level: 3, partBytes: 100_000 });
  return { entry, folder: out, content };
}

export const manifestOf = (from: string, ...releases: Release[]): Manifest => ({
  format: 'hookpoint-guest',
  version: 1,
  from,
  entries: releases.map(({ entry }) => entry),
});

export interface Asked {
  name: string;
  /** First byte that was asked for; 0 for all. */
  from: number;
}

/** Answers a request, or leaves it (false) to the server, which has the files and knows ranges. */
export type Whim = (request: IncomingMessage, response: ServerResponse, file: Buffer, asked: Asked) => boolean | void;

export interface Serving {
  address: string;
  /** In the order of their coming. */
  asked: Asked[];
  server: Server;
}

export async function serve(folder: string, whim: Whim = () => false): Promise<Serving> {
  const asked: Asked[] = [];
  return {
    ...(await listen((request, response) => {
      const name = decodeURIComponent(new URL(request.url!, 'http://x').pathname.split('/').at(-1)!);
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const one = { name, from };
      asked.push(one);
      void readFile(join(folder, name)).then(
        (file) => void (whim(request, response, file, one) || answer(response, file, from)),
        () => response.writeHead(404).end(),
      );
    })),
    asked,
  };
}

/** A server on a port of its own, gone after the test with all its connections. */
export async function listen(listener: RequestListener): Promise<{ address: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/release/`, server };
}

/** As a web server does. */
export function answer(response: ServerResponse, file: Buffer, from: number): void {
  if (from >= file.length && from > 0) {
    response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
  } else if (from > 0) {
    response
      .writeHead(206, {
        'content-range': `bytes ${from}-${file.length - 1}/${file.length}`,
        'content-length': file.length - from,
      })
      .end(file.subarray(from));
  } else response.writeHead(200, { 'content-length': file.length }).end(file);
}

/** So many bytes of what was asked for; and once they are in the file at `path`, where they are downloaded to, the connection is gone. */
export function cutAfter(response: ServerResponse, file: Buffer, { from }: Asked, bytes: number, path: string): true {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': file.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
  });
  const arrived = async () => ((await stat(path).catch(() => undefined))?.size ?? 0) >= from + bytes;
  response.write(file.subarray(from, from + bytes), async () => {
    while (!response.destroyed && !(await arrived()));
    response.destroy();
  });
  return true;
}

export const partsIn = ({ entry }: Release): Part[] =>
  entry.files.flatMap((file) => ('parts' in file ? file.parts : []));
export const nameIn = (cache: string, part: Part): string =>
  join(cache, 'downloads', part.digest.slice('sha256:'.length));
