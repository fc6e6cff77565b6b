/** What is published comes whole, or not at all, whatever the server, the network and the disk do meanwhile. Real sockets, real files. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { downloadEntry } from '../../../grader/machine/published/download.ts';
import { FolderSource } from '../../../grader/machine/published/folder.ts';
import { HttpSource } from '../../../grader/machine/published/http.ts';
import { type PackedFile, type Part, type PublishedEntry } from '../../../grader/machine/published/manifest.ts';
import type { NotDownloaded } from '../../../grader/machine/published/trouble.ts';
import { silent } from '../../../grader/machine/progress.ts';
import { until } from '../../support/until.ts';
import { temporaryFolder } from '../temporary.ts';
import {
  answer,
  cutAfter,
  listen,
  makeRelease,
  nameIn,
  partsIn,
  pausesMs,
  type Release,
  serve,
  type Serving,
} from './release.ts';

let cache: string;
let release: Release;

beforeEach(async () => {
  cache = await temporaryFolder();
  vi.stubEnv('HOOKPOINT_CACHE', cache);
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']) vi.stubEnv(name, undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  release = await makeRelease();
});

function source(address: string, patienceMs?: number): HttpSource {
  const http = new HttpSource(address, undefined, patienceMs === undefined ? {} : { patienceMs });
  onTestFinished(() => http.close());
  return http;
}

const fetchFrom = ({ address }: Pick<Serving, 'address'>, entry = release.entry) =>
  downloadEntry(entry, source(address), silent, { pausesMs });

async function trouble(running: Promise<string>): Promise<NotDownloaded> {
  const error: unknown = await running.then(
    (folder) => new Error(`it came: ${folder}`),
    (thrown: unknown) => thrown,
  );
  if ((error as Error).name !== 'NotDownloaded') throw error;
  return error as NotDownloaded;
}

async function expectWhole(): Promise<void> {
  const folder = join(cache, release.entry.entry);
  expect((await readFile(join(folder, 'root.ext4'))).equals(release.content)).toBe(true);
  expect(JSON.parse(await readFile(join(folder, 'image.json'), 'utf8'))).toMatchObject({
    bytes: release.content.length,
  });
  expect(await readdir(join(cache, 'downloads'))).toEqual([]);
  expect(await readdir(join(cache, 'staging'))).toEqual([]);
}

async function expectNothing(): Promise<void> {
  expect(existsSync(join(cache, release.entry.entry))).toBe(false);
  expect(await readdir(join(cache, 'staging'))).toEqual([]);
}

const first = () => partsIn(release)[0]!;
const pathOf = (one: Pick<Part, 'name'>) =>
  nameIn(
    cache,
    partsIn(release).find(({ name }) => name === one.name)!,
  );
const withFile = (changes: Partial<PackedFile>): PublishedEntry => ({
  ...release.entry,
  files: release.entry.files.map((file) => ('parts' in file ? { ...file, ...changes } : file)),
});

test('an entry comes in several parts, is unpacked with its hole, and says how far it is, and how fast', async () => {
  const said: string[] = [];
  // Some of the last part, and the rest once it was said how far it is.
  const { address, asked } = await serve(release.folder, (_, response, file, { name }) => {
    if (name !== partsIn(release).at(-1)!.name) return false;
    response.writeHead(200, { 'content-length': file.length });
    response.write(file.subarray(0, 1000));
    void until(async () => said.some((text) => text.endsWith('MB/s')), 60_000, 'the speed').then(() =>
      response.end(file.subarray(1000)),
    );
    return true;
  });
  const progress = { ...silent, update: (text: string) => void said.push(text) };
  expect(await downloadEntry(release.entry, source(address), progress)).toBe(join(cache, release.entry.entry));
  await expectWhole();
  expect(asked.map(({ name }) => name).sort()).toEqual(partsIn(release).map(({ name }) => name));
  expect(asked.length).toBeGreaterThan(2);
  expect((await stat(join(cache, release.entry.entry, 'root.ext4'))).blocks * 512).toBeLessThan(600_000);
  expect(said).toContainEqual(expect.stringMatching(/^0 of 0 MB, \d+\.\d MB\/s$/));
});

test('what is wanted next is begun meanwhile, goes on when it is its turn, and its trouble is its own', async () => {
  const next = await makeRelease('kernels/6.12-0123456789abcdef');
  const [lacking, begun] = [partsIn(next)[0]!, partsIn(next)[1]!];
  const seen = new Set<string>();
  const { address } = await serve(release.folder, (_, response, file, { name }) => {
    // The last of this entry comes when the next one has been asked for.
    if (name !== partsIn(release).at(-1)!.name) return false;
    void until(async () => seen.size > 1, 60_000, 'the next entry').then(() => answer(response, file, 0));
    return true;
  });
  const other = await serve(next.folder, (_, response, file, one) => {
    seen.add(one.name);
    if (one.name === lacking.name && seen.size <= 2) {
      response.writeHead(404).end();
      return true;
    }
    return one.name === begun.name && one.from === 0 && cutAfter(response, file, one, 30_000, nameIn(cache, begun));
  });
  const both = {
    name: 'both',
    open: (part: Part, from: number, signal: AbortSignal) =>
      source(partsIn(release).includes(part) ? address : other.address).open(part, from, signal),
    close: async () => {},
  };
  await downloadEntry(release.entry, both, silent, { pausesMs, ahead: [next.entry] });
  expect((await readFile(join(cache, release.entry.entry, 'root.ext4'))).equals(release.content)).toBe(true);
  expect(existsSync(join(cache, next.entry.entry))).toBe(false);
  seen.add('its turn').add('now');
  await downloadEntry(next.entry, both, silent, { pausesMs });
  expect((await readFile(join(cache, next.entry.entry, 'root.ext4'))).equals(next.content)).toBe(true);
});

describe('connections', () => {
  test('that are cut again and again: each goes on where the last one stopped', async () => {
    const { asked, ...serving } = await serve(
      release.folder,
      (_, response, file, one) => file.length - one.from > 30_000 && cutAfter(response, file, one, 30_000, pathOf(one)),
    );
    await fetchFrom({ ...serving });
    await expectWhole();
    const offsets = asked.filter(({ name }) => name === first().name).map(({ from }) => from);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    expect(offsets.length).toBeGreaterThan(2);
    expect(new Set(offsets).size).toBe(offsets.length);
  });

  test('to a server that tells only the whole: from the start again', async () => {
    let cuts = 2;
    const serving = await serve(release.folder, (_, response, file, one) => {
      if (one.name === first().name && cuts-- > 0)
        return cutAfter(response, file, { ...one, from: 0 }, 30_000, pathOf(one));
      answer(response, file, 0);
      return true;
    });
    await fetchFrom(serving);
    await expectWhole();
  });

  test('that bring nothing at all: given up after some attempts, with what came kept', async () => {
    const serving = await serve(
      release.folder,
      (_, response, file, one) =>
        one.name === first().name && cutAfter(response, file, one, one.from > 0 ? 0 : 20_000, pathOf(one)),
    );
    const { kind, message, remedy, mayBuild } = await trouble(fetchFrom(serving));
    expect({ kind, mayBuild }).toEqual({ kind: 'unreachable', mayBuild: true });
    expect(message).toContain('breaks off again and again');
    expect(remedy).toContain('goes on from where it stopped');
    expect(remedy).toContain('HOOKPOINT_MIRROR=');
    expect((await stat(nameIn(cache, first()))).size).toBe(20_000);
    await expectNothing();
    // The next run asks for the rest alone.
    const well = await serve(release.folder);
    await fetchFrom(well);
    await expectWhole();
    expect(well.asked).toContainEqual({ name: first().name, from: 20_000 });
  });

  test('that fall silent are made again', async () => {
    let silences = 1;
    const { address } = await serve(release.folder, (_, response, file, one) => {
      if (one.name !== first().name || silences-- <= 0) return false;
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, 1000));
      return true;
    });
    await downloadEntry(release.entry, source(address, 300), silent, { pausesMs: Array(50).fill(1) as number[] });
    await expectWhole();
  });

  test('to nobody: it says whom it cannot reach', async () => {
    const { address, server } = await listen(() => {});
    await new Promise((resolve) => server.close(resolve));
    const { kind, message } = await trouble(fetchFrom({ address }));
    expect(kind).toBe('unreachable');
    expect(message).toContain(new URL(address).host);
    await expectNothing();
  });

  test.each([500, 503, 429])('a server that answers %i once is asked again', async (status) => {
    let refusals = 1;
    const serving = await serve(release.folder, (_, response) => {
      if (refusals-- <= 0) return false;
      response.writeHead(status).end('busy');
      return true;
    });
    await fetchFrom(serving);
    await expectWhole();
  });

  test('redirected to another server, also for the rest of a part', async () => {
    const store = await serve(
      release.folder,
      (_, response, file, one) =>
        one.from === 0 && cutAfter(response, file, one, Math.floor(file.length / 2), pathOf(one)),
    );
    const { address } = await listen((request, response) => {
      const name = request.url!.split('/').at(-1)!;
      response.writeHead(302, { location: new URL(name, store.address).href }).end();
    });
    await fetchFrom({ address });
    await expectWhole();
    expect(store.asked.some(({ from }) => from > 0)).toBe(true);
  });

  test.each([
    [404, 'may have been deleted'],
    [410, 'may have been deleted'],
    [403, 'does not give it to everyone'],
  ])('a file that is not there (%i): said at once, and building is a way out', async (status, why) => {
    const { address, asked } = await serve(release.folder, (_, response, __, { name }) => {
      if (name !== first().name) return false;
      response.writeHead(status).end();
      return true;
    });
    const { kind, message, remedy, mayBuild } = await trouble(fetchFrom({ address }));
    expect({ kind, mayBuild }).toEqual({ kind: 'absent', mayBuild: true });
    expect(message).toContain(first().name);
    expect(message).toContain(why);
    expect(remedy).toContain('npx grade setup --build');
    expect(asked.filter(({ name }) => name === first().name)).toHaveLength(1);
    await expectNothing();
  });
});

describe('bytes', () => {
  test('that are wrong, twice: refused, deleted, and no reason to build without a word', async () => {
    const { address, asked } = await serve(release.folder, (_, response, file, { name }) => {
      if (name !== first().name) return false;
      answer(response, Buffer.from(file.map((byte, i) => (i === 77 ? byte ^ 1 : byte))), 0);
      return true;
    });
    const { kind, message, remedy, mayBuild } = await trouble(fetchFrom({ address }));
    expect({ kind, mayBuild }).toEqual({ kind: 'wrong', mayBuild: false });
    expect(message).toContain(`${first().name} is not what the course published`);
    expect(remedy).toContain('please report it');
    expect(asked.filter(({ name }) => name === first().name)).toEqual(
      [0, 0].map((from) => ({ name: first().name, from })),
    );
    expect(existsSync(nameIn(cache, first()))).toBe(false);
    await expectNothing();
  });

  test('that are wrong once are fetched again', async () => {
    let wrong = 1;
    const serving = await serve(release.folder, (_, response, file) => {
      if (wrong-- <= 0) return false;
      answer(response, Buffer.alloc(file.length, 7), 0);
      return true;
    });
    await fetchFrom(serving);
    await expectWhole();
  });

  test.each([
    ['fewer', (file: Buffer) => file.subarray(0, 1000), 'unreachable'],
    ['more', (file: Buffer) => Buffer.concat([file, file]), 'wrong'],
  ] as const)('%s than the manifest says: refused', async (_, change, kind) => {
    const serving = await serve(release.folder, (request, response, file, one) => {
      if (one.name !== first().name) return false;
      const other = change(file);
      answer(response, other, request.headers.range ? Math.min(one.from, other.length) : 0);
      return true;
    });
    expect((await trouble(fetchFrom(serving))).kind).toBe(kind);
    await expectNothing();
    expect(existsSync(nameIn(cache, first())) ? (await stat(nameIn(cache, first()))).size : 0).toBeLessThan(
      first().bytes,
    );
  });

  test.each([
    ['half of it: the rest is fetched', (part: Buffer) => part.subarray(0, 40_000), [40_000]],
    ['half of another: all is fetched', (part: Buffer) => Buffer.alloc(40_000, part[0]! ^ 1), [40_000, 0]],
    ['more than all: all is fetched', (part: Buffer) => Buffer.concat([part, part]), [0]],
    ['all of it: nothing is fetched', (part: Buffer) => part, []],
  ])('an earlier run left %s', async (_, left, offsets) => {
    await mkdir(join(cache, 'downloads'));
    await writeFile(nameIn(cache, first()), left(await readFile(join(release.folder, first().name))));
    const { address, asked } = await serve(release.folder);
    await fetchFrom({ address });
    await expectWhole();
    expect(asked.filter(({ name }) => name === first().name).map(({ from }) => from)).toEqual(offsets);
  });

  test.each([
    ['another file comes out', { digest: `sha256:${'0'.repeat(64)}` }],
    ['more comes out', { bytes: 1_000_000 }],
    ['less comes out', { bytes: 9_000_000 }],
  ])('right parts of which %s: refused, and the parts are deleted', async (_, changes) => {
    const { kind, mayBuild } = await trouble(fetchFrom(await serve(release.folder), withFile(changes)));
    expect({ kind, mayBuild }).toEqual({ kind: 'wrong', mayBuild: false });
    await expectNothing();
    expect(await readdir(join(cache, 'downloads'))).toEqual([]);
  });

  test('right parts that are no zstd, or end too early: refused', async () => {
    const parts = partsIn(release);
    const serving = await serve(release.folder);
    for (const some of [parts.slice(0, -1), parts.slice(1)]) {
      expect((await trouble(fetchFrom(serving, withFile({ parts: some })))).kind).toBe('wrong');
      await expectNothing();
    }
  });
});

describe('a disk', () => {
  test('without room is noticed before anything is asked for', async () => {
    const { address, asked } = await serve(release.folder);
    await expect(fetchFrom({ address }, withFile({ onDisk: 1e18 }))).rejects.toThrow('Not enough disk space');
    expect(asked).toEqual([]);
  });

  test('that is full in the middle: it says so, and does not build', async () => {
    await mkdir(join(cache, 'downloads'));
    await symlink('/dev/full', nameIn(cache, first()));
    const { kind, message, remedy, mayBuild } = await trouble(fetchFrom(await serve(release.folder)));
    expect({ kind, mayBuild }).toEqual({ kind: 'space', mayBuild: false });
    expect(message).toContain('The disk is full');
    expect(remedy).toContain('goes on from where it stopped');
    await expectNothing();
  });
});

describe('a folder as mirror', () => {
  const find = (folder: string) => FolderSource.find(folder);

  test('serves the same', async () => {
    await downloadEntry(release.entry, await find(release.folder), silent);
    await expectWhole();
  });

  test('that has only half of a file says which, and how much of it', async () => {
    await writeFile(join(release.folder, first().name), 'half');
    const { kind, message } = await trouble(
      downloadEntry(release.entry, await find(release.folder), silent, { pausesMs }),
    );
    expect(kind).toBe('absent');
    expect(message).toContain(`${first().name} has 4 bytes, and the course published ${first().bytes}`);
  });

  test('that lacks a file says which', async () => {
    const { kind, message, remedy } = await trouble(
      downloadEntry(release.entry, await find(await temporaryFolder()), silent, { pausesMs }),
    );
    expect(kind).toBe('absent');
    expect(message).toContain(`has no ${first().name}`);
    expect(remedy).toContain('--copy-to');
  });

  test('that is not there says so', async () => {
    await expect(find('/media/none')).rejects.toThrow('HOOKPOINT_MIRROR is /media/none, and there is no such folder.');
  });
});
