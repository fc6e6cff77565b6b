/** Downloading the lab's files: from a real server, as a page does it; without Cache Storage, as in a page without https. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { descriptionSchema, filesFor, partsForHome } from '../../../../site/lab/description.ts';
import { fetchFiles, type Fetching, missingBytes } from '../../../../site/lab/files.ts';

const state = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251);
const served: Record<string, Uint8Array> = {
  'emulator.mjs': new TextEncoder().encode('export default 1;'),
  'state.gz': gzipSync(state),
  'longer.gz': gzipSync(state),
  'other.gz': gzipSync(state.subarray(1)),
  'none.gz': new TextEncoder().encode('no gzip'),
};
const server = createServer(({ url = '' }, response) => {
  const bytes = served[url.slice('/lab/x/'.length)];
  response.writeHead(bytes ? 200 : 404, bytes && { 'content-length': bytes.length });
  response.end(bytes);
});
await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
afterAll(() => void server.close());
const folder = `http://localhost:${(server.address() as AddressInfo).port}/lab/x/`;

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const fileOf = (name: string, more: object = {}) => ({
  name,
  bytes: served[name]?.length ?? 10,
  sha256: digestOf(served[name] ?? new Uint8Array()),
  part: 'machine' as const,
  gzip: name.endsWith('.gz'),
  ...more,
});
const fetchAll = (files: Fetching['files'], onProgress: Fetching['onProgress'] = () => {}) =>
  fetchFiles({ folder, files, onProgress });

test('files come decompressed, and the progress counts what is downloaded', async () => {
  const files = [fileOf('emulator.mjs'), fileOf('state.gz')];
  const total = served['emulator.mjs']!.length + served['state.gz']!.length;
  const steps: [number, number][] = [];
  const found = await fetchAll(files, (bytes, all) => steps.push([bytes, all]));
  expect(found.get('emulator.mjs')).toEqual(served['emulator.mjs']);
  expect(Buffer.compare(found.get('state.gz')!, state)).toBe(0);
  expect(steps.at(-1)).toEqual([total, total]);
  expect(steps.map(([bytes]) => bytes)).toEqual(steps.map(([bytes]) => bytes).sort((a, b) => a - b));
  expect(await missingBytes(folder, files)).toBe(total);
});

test.each([
  ['another content', fileOf('other.gz', { sha256: digestOf(state) }), 'damaged', 'other.gz has the digest'],
  ['a longer file', fileOf('longer.gz', { bytes: 5 }), 'damaged', 'longer.gz is longer than the 5 bytes'],
  ['a shorter file', fileOf('state.gz', { bytes: 1e6 }), 'download', 'of 1000000 bytes'],
  ['what is not compressed', fileOf('none.gz'), 'damaged', 'none.gz cannot be decompressed'],
  ['what is not there', fileOf('missing.gz'), 'download', 'the server says 404'],
])('%s is refused, and says so', async (_, file, what, message) => {
  await expect(fetchAll([file])).rejects.toMatchObject({
    name: 'FilesProblem',
    what,
    message: expect.stringContaining(message),
  });
});

test('a server that is away is said to be', async () => {
  const away = fetchFiles({ folder: 'http://localhost:9/lab/', files: [fileOf('state.gz')], onProgress: () => {} });
  await expect(away).rejects.toMatchObject({
    what: 'download',
    message: expect.stringContaining('cannot be downloaded'),
  });
});

const description = (names: string[]) =>
  descriptionSchema.parse({
    kernel: '6.12',
    arch: 'x86_64',
    state: 's',
    files: names.map((name) => ({
      name,
      bytes: 100,
      sha256: '0'.repeat(64),
      part: name.startsWith('home') ? 'home' : name.startsWith('compiler') ? 'compiler' : 'machine',
    })),
  });

test('the home page downloads no compiler where its objects were made', () => {
  const without = description(['emulator.mjs', 'state.gz', 'compiler.gz']);
  expect(filesFor(without, partsForHome(without)).bytes).toBe(300);
  const having = description(['emulator.mjs', 'state.gz', 'compiler.gz', 'home-fires.o', 'home-refused.o']);
  expect(filesFor(having, partsForHome(having)).files.map(({ name }) => name)).toEqual([
    'emulator.mjs',
    'state.gz',
    'home-fires.o',
    'home-refused.o',
  ]);
});

test.each(['../x', '/etc/x', 'a/b', 'https://x', ''])('a name that leads elsewhere is none: %s', (name) => {
  expect(() => description([name])).toThrow();
});
