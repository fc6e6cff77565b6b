/** `grade setup` where something is published: the command itself, a real server, signals and a terminal. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { packEntry } from '../../../grader/machine/published/pack.ts';
import { imageEntry } from '../../../grader/machine/vm/image.ts';
import { kernelEntryName } from '../../../grader/machine/vm/kernels.ts';
import { kernelEntry } from '../../../grader/machine/vm/vm.ts';
import { Clone, isAlive, pressCtrlC } from '../../support/clone.ts';
import { PseudoTerminal } from '../../support/pseudo-terminal.ts';
import { until } from '../../support/until.ts';
import {
  answer,
  listen,
  makeRelease,
  manifestOf,
  nameIn,
  ownArch,
  partsIn,
  type Release,
  serve,
} from '../published/release.ts';
import { temporaryFolder } from '../temporary.ts';

const kernel = await kernelEntry(undefined);
let clone: Clone;
let image: Release;
let linux: Release;
let home: string;

beforeEach(async () => {
  clone = await Clone.make();
  onTestFinished(() => clone.remove());
  [image, linux] = [await makeRelease(await imageEntry()), await makeRelease(await kernelEntryName(kernel))];
  // One folder for both, as a release has it.
  await packEntry(join(linux.folder, '../cache'), linux.entry.entry, image.folder, {
    arch: ownArch,
    level: 3,
    partBytes: 100_000,
  });
  home = await temporaryFolder({ 'bin/': '' });
  // No guest is started here, and the machine need not have what starts one.
  await writeFile(join(home, 'bin/qemu-system-x86_64'), '#!/bin/sh\nexit 1\n');
  await chmod(join(home, 'bin/qemu-system-x86_64'), 0o755);
});

const publish = (from: string) =>
  writeFile(clone.path('environment/published.json'), JSON.stringify(manifestOf(from, image, linux)));
const env = (more: Record<string, string> = {}): Record<string, string> => ({
  HOOKPOINT_CACHE: join(home, 'cache'),
  PATH: `${join(home, 'bin')}:${process.env.PATH}`,
  NO_PROXY: '127.0.0.1',
  ...more,
});
const names = () => [...partsIn(image), ...partsIn(linux)].map(({ name }) => name).sort();
const copied = async () => (await readdir(join(home, 'stick'))).sort();

test('--copy-to makes a mirror, which serves another one', async () => {
  await publish((await serve(image.folder)).address);
  const first = await clone.grade(['setup', '--copy-to', join(home, 'stick')], env());
  expect(first, first.stderr).toMatchObject({ code: 0 });
  expect(first.stdout).toContain(`HOOKPOINT_MIRROR='${join(home, 'stick')}'`);
  expect(first.stderr).toContain(`✓ ${image.entry.entry}: 0 MB, checked`);
  expect(await copied()).toEqual(names());
  await publish('http://127.0.0.1:1/');
  const second = await clone.grade(
    ['setup', '--copy-to', join(home, 'other'), '--json'],
    env({ HOOKPOINT_MIRROR: join(home, 'stick') }),
  );
  expect(second, second.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(second.stdout)).toEqual({
    mirror: join(home, 'other'),
    entries: [image.entry.entry, linux.entry.entry],
  });
  expect((await readdir(join(home, 'other'))).sort()).toEqual(names());
});

test('Ctrl-C on a slow server ends it at once; nothing half done has a name, and the next run goes on', async () => {
  let slow = true;
  const { address, asked } = await serve(image.folder, (_, response, file, { from }) => {
    if (!slow) return false;
    // Some of it, and then nothing any more.
    response.writeHead(200, { 'content-length': file.length });
    response.write(file.subarray(from, 10_000));
    return true;
  });
  await publish(address);
  const [first] = partsIn(image);
  const { child, ended } = clone.start(['setup'], env());
  const part = nameIn(join(home, 'cache'), first!);
  await until(async () => (await stat(part).catch(() => undefined))?.size === 10_000, 60_000, 'the first bytes');
  pressCtrlC(child);
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(130);
  expect(await readdir(join(home, 'cache/staging'))).toEqual([]);
  expect(await readdir(join(home, 'cache'))).not.toContain('images');
  slow = false;
  asked.length = 0;
  // It goes on to what no machine here can do: to boot.
  await clone.grade(['setup'], env());
  expect(asked).toContainEqual({ name: first!.name, from: 10_000 });
  expect(await readFile(join(home, 'cache', image.entry.entry, 'root.ext4'))).toEqual(image.content);
});

test('killed, it leaves nothing that the next run cannot use', async () => {
  let slow = true;
  const { address } = await serve(image.folder, (_, response, file) => {
    if (!slow) return false;
    response.writeHead(200, { 'content-length': file.length });
    response.write(file.subarray(0, 10_000));
    return true;
  });
  await publish(address);
  const { child, ended } = clone.start(['setup'], env());
  const part = nameIn(join(home, 'cache'), partsIn(image)[0]!);
  await until(async () => (await stat(part).catch(() => undefined))?.size === 10_000, 60_000, 'the first bytes');
  child.kill('SIGKILL');
  await ended;
  await until(async () => !isAlive(child.pid!), 10_000, 'its end');
  slow = false;
  await clone.grade(['setup'], env());
  expect(await readFile(join(home, 'cache', image.entry.entry, 'root.ext4'))).toEqual(image.content);
  expect(await readdir(join(home, 'cache/downloads'))).toEqual([]);
});

test('two at once: one downloads, the other waits for it and finds all there', async () => {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { address, asked } = await serve(image.folder, (_, response, file, { from }) => {
    void gate.then(() => answer(response, file, from));
    return true;
  });
  await publish(address);
  const command = ['setup', '--copy-to', join(home, 'stick')];
  const first = clone.start(command, env());
  await until(async () => asked.length > 0, 60_000, 'the first request');
  const second = clone.start(command, env());
  let said = '';
  second.child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(async () => said.includes('Waiting for another grade'), 60_000, 'the second one to wait');
  open();
  const ended = await Promise.all([first.ended, second.ended]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(asked.map(({ name }) => name).sort()).toEqual(names());
  expect(await copied()).toEqual(names());
});

test('what cannot be had: it says why and asks; no is no', async () => {
  await publish((await listen((_, response) => void response.writeHead(404).end())).address);
  const terminal = new PseudoTerminal('./grade setup', { cwd: clone.root, env: env() });
  await until(async () => terminal.output.includes('[Y/n]'), 60_000, 'the question');
  expect(terminal.output).toContain('the server answers 404');
  expect(terminal.output).toContain('Build it here instead');
  terminal.press('n\r');
  expect(await terminal.ended).toBe(3);
});

test('nobody is there to be asked: it fails, and says what can be done', async () => {
  await publish((await listen((_, response) => void response.writeHead(404).end())).address);
  const { code, stderr } = await clone.grade(['setup'], env());
  expect(code).toBe(3);
  expect(stderr).toContain('the server answers 404');
  expect(stderr).toContain('setup --build');
});

test('doctor says what will be downloaded, and whether the mirror has it', async () => {
  await publish('http://127.0.0.1:1/');
  const missing = await clone.grade(['doctor'], env({ HOOKPOINT_MIRROR: home }));
  expect(missing.stdout).toMatch(/guest image +is downloaded on first use \(1 MB with the kernel\)/);
  expect(missing.stdout).toMatch(/packages to build the image +not needed: it is downloaded/);
  expect(missing.stdout).toMatch(/✗ mirror +The mirror .* has no images-/);
  expect(missing.code).toBe(3);
  const there = await clone.grade(['doctor'], env({ HOOKPOINT_MIRROR: image.folder }));
  expect(there.stdout).toMatch(/✓ mirror /);
});

test('by https, through the proxy of HTTPS_PROXY, with the certificate of NODE_EXTRA_CA_CERTS and not without', async () => {
  await mkdir(join(home, 'tls'));
  const [key, certificate] = [join(home, 'tls/key.pem'), join(home, 'tls/cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ],
    { stdio: 'ignore' },
  );
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (request, response) => {
    void readFile(join(image.folder, request.url!.split('/').at(-1)!)).then(
      (file) => void answer(response, file, 0),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const tunnels: string[] = [];
  const proxy = await listen(() => {});
  proxy.server.on('connect', ({ url }: { url: string }, client) => {
    tunnels.push(url);
    const there = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.pipe(client).pipe(there);
    });
    for (const end of [there, client]) end.on('error', () => void (there.destroy(), client.destroy()));
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await publish(`https://localhost:${port}/`);
  const byProxy = env({ HTTPS_PROXY: proxy.address, NO_PROXY: '' });
  const command = ['setup', '--copy-to', join(home, 'stick')];
  const refused = await clone.grade(command, byProxy);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('NODE_EXTRA_CA_CERTS=');
  const trusted = await clone.grade(command, { ...byProxy, NODE_EXTRA_CA_CERTS: certificate });
  expect(trusted, trusted.stderr).toMatchObject({ code: 0 });
  expect(await copied()).toEqual(names());
  expect(new Set(tunnels)).toEqual(new Set([`localhost:${port}`]));
});
