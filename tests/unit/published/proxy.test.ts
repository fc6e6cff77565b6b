/** Downloads go by the proxy that the environment names, and past it where NO_PROXY says so. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { chooseSource } from '../../../grader/machine/published/choose.ts';
import { downloadEntry } from '../../../grader/machine/published/download.ts';
import type { NotDownloaded } from '../../../grader/machine/published/trouble.ts';
import { silent } from '../../../grader/machine/progress.ts';
import { temporaryFolder } from '../temporary.ts';
import { listen, makeRelease, manifestOf, pausesMs, serve } from './release.ts';

beforeEach(async () => {
  vi.stubEnv('HOOKPOINT_CACHE', await temporaryFolder());
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'])
    vi.stubEnv(name, undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
});

/** One that passes on whatever it is asked for, as a request and as a tunnel, and writes down for whom. */
async function startProxy(): Promise<{ address: string; hosts: string[] }> {
  const hosts: string[] = [];
  const { address, server } = await listen((incoming, outgoing) => {
    hosts.push(new URL(incoming.url!).host);
    incoming.pipe(
      request(incoming.url!, { headers: incoming.headers, method: incoming.method ?? 'GET' }, (answer) => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  server.on('connect', ({ url }: { url: string }, client, head: Buffer) => {
    hosts.push(url);
    const [host, port] = url.split(':');
    const there = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.write(head);
      there.pipe(client).pipe(there);
    });
    for (const end of [there, client]) end.on('error', () => void (there.destroy(), client.destroy()));
    onTestFinished(() => void (there.destroy(), client.destroy()));
  });
  return { address, hosts };
}

async function download(from: string): Promise<unknown> {
  const source = await chooseSource(manifestOf(from, release));
  onTestFinished(() => source!.close());
  return downloadEntry(release.entry, source!, silent, { pausesMs });
}

let release: Awaited<ReturnType<typeof makeRelease>>;
beforeEach(async () => {
  release = await makeRelease();
});

test.each(['HTTP_PROXY', 'http_proxy'])('%s is used', async (variable) => {
  const [{ address, asked }, proxy] = [await serve(release.folder), await startProxy()];
  vi.stubEnv(variable, proxy.address);
  await download(address);
  expect(asked.length).toBeGreaterThan(2);
  expect(new Set(proxy.hosts)).toEqual(new Set([new URL(address).host]));
});

test.each([
  ['without a scheme', (address: string) => new URL(address).host],
  ['with a login', (address: string) => address.replace('//', '//ada:se%20cret@')],
])('a proxy that is named %s', async (_, written) => {
  const [{ address }, proxy] = [await serve(release.folder), await startProxy()];
  vi.stubEnv('HTTP_PROXY', written(proxy.address));
  await download(address);
  expect(new Set(proxy.hosts)).toEqual(new Set([new URL(address).host]));
});

test('what names no proxy: the variable is named, and what it holds is not said', async () => {
  const { address } = await serve(release.folder);
  vi.stubEnv('https_proxy', 'socks5://ada:secret@proxy:1080');
  const error = (await download(address).catch((thrown: unknown) => thrown)) as Error & { remedy: string };
  expect(error.message).toContain('https_proxy');
  expect(`${error.message}${error.remedy}`).not.toContain('secret');
});

test.each(['127.0.0.1', 'example.org,127.0.0.1', '*'])('NO_PROXY=%s: past it', async (exception) => {
  const [{ address, asked }, proxy] = [await serve(release.folder), await startProxy()];
  vi.stubEnv('HTTP_PROXY', proxy.address);
  vi.stubEnv('NO_PROXY', exception);
  await download(address);
  expect(asked.length).toBeGreaterThan(2);
  expect(proxy.hosts).toEqual([]);
});

test('HTTPS_PROXY is not for http', async () => {
  const [{ address }, proxy] = [await serve(release.folder), await startProxy()];
  vi.stubEnv('HTTPS_PROXY', proxy.address);
  await download(address);
  expect(proxy.hosts).toEqual([]);
});

test('a proxy that is not there: it says so', async () => {
  const { address } = await serve(release.folder);
  const gone = await listen(() => {});
  await new Promise((resolve) => gone.server.close(resolve));
  vi.stubEnv('HTTP_PROXY', gone.address);
  const error = (await download(address).catch((thrown: unknown) => thrown)) as NotDownloaded;
  expect(error.kind).toBe('unreachable');
  expect(error.remedy).toContain('HTTPS_PROXY');
});

test.each(['an address', 'a folder', 'a file: address'])(
  'HOOKPOINT_MIRROR, %s, is asked in place of the release',
  async (kind) => {
    const [mirror, other] = [await serve(release.folder), await serve(release.folder)];
    vi.stubEnv(
      'HOOKPOINT_MIRROR',
      {
        'an address': mirror.address.slice(0, -1),
        'a folder': release.folder,
        'a file: address': `file://${release.folder}`,
      }[kind],
    );
    await download(other.address);
    expect(other.asked).toEqual([]);
    expect(mirror.asked.length > 0).toBe(kind === 'an address');
  },
);

test('without a release and without a mirror there is no source', async () => {
  expect(await chooseSource({ format: 'hookpoint-guest', version: 1, from: null, entries: [] })).toBeUndefined();
});
