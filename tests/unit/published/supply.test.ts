/** What is downloaded, what is built, and what is said, by what the manifest has and the cache. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { manifestSchema, partsOf, readManifest } from '../../../grader/machine/published/manifest.ts';
import { packEntry } from '../../../grader/machine/published/pack.ts';
import { silent } from '../../../grader/machine/progress.ts';
import { imageEntry } from '../../../grader/machine/vm/image.ts';
import { kernelEntryName } from '../../../grader/machine/vm/kernels.ts';
import { Supply } from '../../../grader/machine/vm/supply.ts';
import { kernelEntry } from '../../../grader/machine/vm/vm.ts';
import { environmentFiles } from '../../../grader/course/basis.ts';
import { repository } from '../../support/clone.ts';
import { addFiles, temporaryFolder } from '../temporary.ts';
import { manifestOf, ownArch, type Release } from './release.ts';

const kernel = await kernelEntry(undefined);
const [imageName, kernelName] = [await imageEntry(), await kernelEntryName(kernel)];
let cache: string;
let mirror: string;
let image: Release;
let linux: Release;

beforeEach(async () => {
  [cache, mirror] = [await temporaryFolder(), await temporaryFolder()];
  vi.stubEnv('HOOKPOINT_CACHE', cache);
  vi.stubEnv('HOOKPOINT_MIRROR', mirror);
  onTestFinished(() => void vi.unstubAllEnvs());
  image = await publish(imageName, {
    'root.ext4': Buffer.alloc(500_000, 'root'),
    'image.json': '{"digest":"sha256:published","bytes":500000}\n',
  });
  linux = await publish(kernelName, {
    vmlinuz: Buffer.alloc(50_000, 'vmlinuz'),
    'initramfs.gz': Buffer.alloc(20_000, 'initramfs'),
    'layer.ext4': Buffer.alloc(90_000, 'layer'),
    'kernel.json': '{"release":"6.12.1","digest":"abc"}\n',
    release: '6.12.1\n',
  });
});

/** Packs an entry of these files into the mirror. */
async function publish(name: string, files: Record<string, string | Buffer>): Promise<Release> {
  const made = await temporaryFolder();
  await addFiles(join(made, name), files);
  const entry = await packEntry(made, name, mirror, { arch: ownArch, level: 1, partBytes: 30_000 });
  return { entry, folder: mirror, content: Buffer.alloc(0) };
}

const supply = (way: Parameters<typeof Supply.open>[0], ...releases: Release[]) =>
  Supply.open(way, manifestOf('http://127.0.0.1:1/', ...releases));

test('image and kernel come from what is published, and are found from then on', async () => {
  const one = await supply('download', image, linux);
  expect((await one.wants(kernel)).build).toEqual([]);
  const downloaded = await one.image(kernel, silent);
  expect(downloaded).toEqual({ path: join(cache, imageName, 'root.ext4'), digest: 'sha256:published' });
  expect(await one.kernel(kernel, downloaded, silent)).toMatchObject({ release: '6.12.1', digest: 'abc' });
  expect(await readFile(join(cache, kernelName, 'vmlinuz'))).toEqual(Buffer.alloc(50_000, 'vmlinuz'));
  expect(await one.wants(kernel)).toEqual({ download: [], build: [] });
  // A manifest that has nothing any more, or a build where building is a way out: what is here is used.
  expect(await (await supply('download')).image(kernel, silent)).toEqual(downloaded);
  expect(await (await supply('fall-back', image, linux)).image(kernel, silent)).toEqual(downloaded);
});

describe('what needs building', () => {
  test.each([
    ['nothing is published', 'download', () => [], [imageName, kernelName]],
    ['only the image is published', 'download', () => [image], [kernelName]],
    ['all is published, and a build asked for', 'build', () => [image, linux], [imageName, kernelName]],
    ['all is published, and cannot be had', 'fall-back', () => [image, linux], [imageName, kernelName]],
    ['an older manifest has other recipes', 'download', () => [older(image), older(linux)], [imageName, kernelName]],
    ['it is of another architecture', 'download', () => [foreign(image), foreign(linux)], [imageName, kernelName]],
  ] as const)('%s', async (_, way, releases, build) => {
    expect((await (await supply(way, ...releases())).wants(kernel)).build).toEqual(build);
  });

  const changed = (release: Release, changes: Partial<Release['entry']>): Release => ({
    ...release,
    entry: { ...release.entry, ...changes },
  });
  const older = (release: Release) =>
    changed(release, { entry: release.entry.entry.replace(/[0-9a-f]{16}$/, '0'.repeat(16)) });
  const foreign = (release: Release) => changed(release, { arch: ownArch === 'x86_64' ? 'aarch64' : 'x86_64' });

  test('--build takes what was downloaded for missing, and what was built here for what it is', async () => {
    await (await supply('download', image, linux)).image(kernel, silent);
    expect((await (await supply('build', image, linux)).wants(kernel)).build).toContain(imageName);
    await writeFile(join(cache, imageName, 'image.json'), '{"digest":"sha256:built","bytes":1}\n');
    expect((await (await supply('build', image, linux)).wants(kernel)).build).not.toContain(imageName);
  });
});

test.each([
  ['tcg', ['states/6.12-abc']],
  ['kvm', []],
])(
  '.github/publish-guest.ts packs what today’s recipes name, and states that fit elsewhere (%s)',
  async (accelerator, states) => {
    await (await supply('download', image, linux)).image(kernel, silent);
    await (await supply('download', image, linux)).kernel(kernel, { path: '', digest: '' }, silent);
    await addFiles(cache, {
      'images/0000000000000000/root.ext4': 'of an older recipe',
      'states/6.12-abc/memory': Buffer.alloc(100_000, 'memory'),
      'accelerator.json': JSON.stringify({ accelerator }),
    });
    const out = await temporaryFolder();
    const script = join(repository, '.github/publish-guest.ts');
    execFileSync(process.execPath, ['--no-warnings', script, out, 'https://example.org/release/', ownArch], {
      env: { ...process.env, LEVEL: '1' },
    });
    const made = await readManifest(join(out, 'published.json'));
    expect(made.from).toBe('https://example.org/release/');
    expect(made.entries.map(({ entry }) => entry)).toEqual([imageName, kernelName, ...states]);
    expect(
      made.entries
        .flatMap(partsOf)
        .map(({ name }) => name)
        .sort(),
    ).toEqual((await readdir(out)).filter((name) => name !== 'published.json').sort());
    // And it is what a set-up takes.
    vi.stubEnv('HOOKPOINT_MIRROR', out);
    vi.stubEnv('HOOKPOINT_CACHE', await temporaryFolder());
    expect(await (await Supply.open('download', made)).image(kernel, silent)).toMatchObject({
      digest: 'sha256:published',
    });
  },
);

describe('environment/published.json', () => {
  test('obeys its schema, and no verification rests on it', async () => {
    const text = await readFile(join(repository, 'environment/published.json'), 'utf8');
    expect(manifestSchema.parse(JSON.parse(text)).format).toBe('hookpoint-guest');
    expect(await environmentFiles(repository)).not.toContain('environment/published.json');
    expect(await environmentFiles(repository)).toContain('environment/image.sh');
  });

  test('that is not there publishes nothing', async () => {
    expect((await readManifest(join(cache, 'none.json'))).entries).toEqual([]);
  });

  test.each([
    ['of a later version', { version: 2 }, 'version'],
    [
      'whose part leads elsewhere',
      { entries: [{ entry: 'images/../../x', arch: 'x86_64', files: [] }] },
      'entries[0].entry',
    ],
    ['from a file', { from: 'file:///etc/' }, 'from'],
  ])('%s: it says what is wrong, and how to get it back', async (_, changes, field) => {
    const path = join(cache, 'published.json');
    await mkdir(cache, { recursive: true });
    await writeFile(path, JSON.stringify({ ...manifestOf('http://x/'), ...changes }));
    const error = (await readManifest(path).catch((thrown: unknown) => thrown)) as Error & { remedy: string };
    expect(error.message).toContain(field);
    expect(error.remedy).toContain('git checkout');
  });
});
