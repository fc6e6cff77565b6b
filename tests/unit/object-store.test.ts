import { createHash } from 'node:crypto';
import { chmod, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ObjectFolder } from '../../grader/machine/object-store.ts';
import { temporaryFolder } from './temporary.ts';

const key = (text: string) => createHash('sha256').update(text).digest('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const made = (text: string) => ({ object: bytes(text), stderr: `${text}.bpf.c:1:1: warning: ÿ\n` });

test('what is kept is found again, and only under its key', async () => {
  const objects = new ObjectFolder(join(await temporaryFolder(), 'objects'));
  const empty = { object: new Uint8Array(0), stderr: '' };
  await objects.keep(key('a'), made('a'));
  await objects.keep(key('b'), { object: null, stderr: 'b.bpf.c:1:1: error: no\n' });
  await objects.keep(key('c'), empty);
  const found = await Promise.all(['a', 'b', 'c', 'd'].map((name) => objects.find(key(name))));
  expect(found.map((one) => one && { ...one, object: one.object && Buffer.from(one.object).toString() })).toEqual([
    { ...made('a'), object: 'a' },
    { object: null, stderr: 'b.bpf.c:1:1: error: no\n' },
    { ...empty, object: '' },
    undefined,
  ]);
  await expect(objects.find('../outside')).rejects.toThrow('not a digest');
});

test('a damaged entry is none, and the next compile replaces it', async () => {
  const folder = await temporaryFolder();
  const objects = new ObjectFolder(folder);
  await objects.keep(key('a'), made('a'));
  const path = join(folder, key('a'));
  const whole = await readFile(path);
  const flipped = Buffer.from(whole);
  flipped[flipped.length - 1]! ^= 1;
  for (const damaged of [flipped, whole.subarray(0, -1), whole.subarray(0, 33), Buffer.alloc(0)]) {
    await writeFile(path, damaged);
    expect(await objects.find(key('a'))).toBeUndefined();
  }
  await objects.keep(key('a'), made('a'));
  expect((await objects.find(key('a')))?.stderr).toBe(made('a').stderr);
});

test('graders at once, with the same keys and others: every entry is whole, and nothing else is left', async () => {
  const folder = await temporaryFolder();
  const graders = Array.from({ length: 8 }, () => new ObjectFolder(folder));
  const long = (name: string) => made(name.repeat(100_000));
  await Promise.all(
    graders.map(async (objects) => {
      for (const name of ['a', 'b', 'c', 'd']) {
        await objects.keep(key(name), long(name));
        expect((await objects.find(key(name)))?.stderr).toBe(long(name).stderr);
      }
    }),
  );
  expect((await readdir(folder)).sort()).toEqual(['a', 'b', 'c', 'd'].map(key).sort());
});

test.each([
  { limit: 'entries', limits: { entries: 2, bytes: 10_000 } },
  { limit: 'bytes', limits: { entries: 100, bytes: 2 * entryBytes('a') } },
])('above its $limit, what was used longest ago goes', async ({ limits }) => {
  const folder = await temporaryFolder();
  for (const [age, name] of ['oldest', 'older', 'used'].entries()) {
    const one = 'abc'[age]!;
    await new ObjectFolder(folder).keep(key(name), made(one));
    await utimes(join(folder, key(name)), 0, 1000 + age);
  }
  await utimes(join(folder, key('older')), 0, 500);
  await new ObjectFolder(folder).find(key('oldest'));
  await new ObjectFolder(folder, limits).keep(key('new'), made('d'));
  expect((await readdir(folder)).sort()).toEqual([key('new'), key('oldest')].sort());
});

function entryBytes(name: string): number {
  return 32 + 5 + Buffer.byteLength(made(name).stderr) + name.length;
}

test('a cache that cannot be written costs nothing but time', async () => {
  const folder = await temporaryFolder({ file: '' });
  const objects = new ObjectFolder(join(folder, 'file', 'objects'));
  await objects.keep(key('a'), made('a'));
  expect(await objects.find(key('a'))).toBeUndefined();

  const kept = new ObjectFolder(folder);
  await kept.keep(key('a'), made('a'));
  await chmod(folder, 0o500);
  await kept.keep(key('b'), made('b'));
  expect((await kept.find(key('a')))?.stderr).toBe(made('a').stderr);
  await chmod(folder, 0o700);
});
