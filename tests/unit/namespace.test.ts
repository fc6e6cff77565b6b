/** What a user who is not root hears where the system lets them have no user namespace. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { knownFailure } from '../../grader/machine/vm/build.ts';
import { namespaceRemedy } from '../../grader/machine/vm/namespace.ts';

let etc: string;
const ada = { ...userInfo(), username: 'ada', uid: 1001 };
// No command unshare is found there: as where the kernel refuses it.
const denied = { PATH: '/nowhere', HOME: homedir() };

beforeAll(async () => {
  etc = await mkdtemp(join(tmpdir(), 'hookpoint-etc-'));
});
afterAll(() => rm(etc, { recursive: true, force: true }));

const ids = async (lines: string) => {
  for (const name of ['subuid', 'subgid']) await writeFile(join(etc, name), lines);
};

test('in a container in which nothing may be mounted Go says why the image cannot be built, and we say what that means', () => {
  const [, reason, help] = knownFailure(
    "go: cannot find GOROOT directory: 'go' binary is trimmed and GOROOT is not set",
  )!;
  expect(reason).toContain('Nothing may be mounted here');
  expect(help).toContain('docs/releases.md');
  expect(knownFailure('I: installing packages')).toBeUndefined();
});

test('root needs none', async () => {
  await ids('');
  expect(namespaceRemedy(false, { ...ada, uid: 0 }, etc, denied)).toBeUndefined();
});

test('without ids: a range that nobody has', async () => {
  expect(namespaceRemedy(false, ada, join(etc, 'absent'), denied)).toBe(
    'sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ada',
  );
  await ids('# ids\ngrace:100000:65536\n');
  expect(namespaceRemedy(false, ada, etc, denied)).toBe(
    'sudo usermod --add-subuids 165536-231071 --add-subgids 165536-231071 ada',
  );
});

test.each(['ada:100000:65536\n', '1001:100000:65536\n'])(
  'ids, but no namespace: root builds it into the cache of the user (%j)',
  async (lines) => {
    await ids(lines);
    expect(namespaceRemedy(false, ada, etc, denied)).toBe(
      'sudo env PATH="$PATH" HOME="$HOME" ./grade setup\nsudo chown -R 1001 ~/.cache/hookpoint',
    );
    expect(namespaceRemedy(false, ada, etc, { ...denied, HOOKPOINT_CACHE: '/big/cache' })).toBe(
      'sudo env PATH="$PATH" HOOKPOINT_CACHE="$HOOKPOINT_CACHE" ./grade setup\nsudo chown -R 1001 \'/big/cache\'',
    );
  },
);

test('ids and a namespace: nothing is to be fixed, unless it was of no use', async () => {
  await ids('ada:100000:65536\n');
  // In place of a kernel that grants it, which not every machine of a test does.
  await symlink('/bin/true', join(etc, 'unshare'));
  expect(namespaceRemedy(false, ada, etc, { ...denied, PATH: etc })).toBeUndefined();
  expect(namespaceRemedy(true, ada, etc, { ...denied, PATH: etc })).toContain('sudo env');
});
