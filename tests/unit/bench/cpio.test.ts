import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cpio, padded } from '../../bench/peers/cpio.ts';
import { plainInit, testFiles, virtmeScript } from '../../bench/peers/scripts.ts';
import { repository } from '../../support/clone.ts';

const archive = cpio([
  { path: 'bench/deep/hello', content: 'Hello!', mode: 0o644 },
  { path: 'init', content: '#!/bin/sh\n', mode: 0o755 },
]);

test('every header begins at a multiple of four, as the kernel wants it', () => {
  const text = archive.toString('latin1');
  const headers = [...text.matchAll(/070701/g)].map(({ index }) => index);
  expect(headers).toHaveLength(5);
  expect(headers.filter((at) => at % 4 !== 0)).toEqual([]);
  expect(archive.length % 4).toBe(0);
  expect(padded(Buffer.from('12345'))).toHaveLength(8);
});

test('cpio reads it: folders before what is in them', () => {
  const { stdout, status, error } = spawnSync('cpio', ['--list', '--verbose', '--quiet'], {
    input: archive,
    encoding: 'utf8',
  });
  if (error) return; // this machine has no cpio: the test above has to do
  expect(status).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['bench', 'bench/deep', 'bench/deep/hello', 'init']);
  expect(lines[0]).toMatch(/^drwxr-xr-x/);
  expect(lines[3]).toMatch(/^-rwxr-xr-x/);
});

test('a plain boot mounts what the course’s own does, and runs the test in place of the agent', async () => {
  const init = await plainInit(join(repository, 'environment'));
  expect(init).toContain('mount -t overlay');
  expect(init).toContain('exec /bin/switch_root /merged /bin/sh /tmp/run.sh');
  expect(init).not.toContain('virtio-ports');
  expect(spawnSync('sh', ['-n'], { input: init }).status).toBe(0);
});

test('a folder with a quote in its name breaks no script', () => {
  const script = virtmeScript("/it's here/tree", '/files');
  expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0);
  expect(script).toContain(`'/it'\\''s here/tree'`);
  expect(testFiles).toContain('test.sh');
});
