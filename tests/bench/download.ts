/**
 * From nothing to the first verdict, by a download: packs the image, the default kernel and its saved state of this machine as they are
 * published, serves them at a given speed, and has a fresh clone with a fresh cache grade an exercise.
 *
 *   node tests/bench/download.ts [Mbit/s] [release]
 *
 * `release` is a folder that `.github/publish-guest.ts` has filled before; packing takes minutes. The npm packages are there already.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { toolkitPreparation } from '../../grader/cli/machines.ts';
import { cacheFolder } from '../../grader/machine/cache.ts';
import { downloadBytes, packedFiles, readManifest } from '../../grader/machine/published/manifest.ts';
import { imageEntry } from '../../grader/machine/vm/image.ts';
import { kernelEntryName } from '../../grader/machine/vm/kernels.ts';
import { findVm, kernelEntry } from '../../grader/machine/vm/vm.ts';
import { Clone, repository } from '../support/clone.ts';

const mbit = Number(process.argv[2] ?? 100);
const folder = await mkdtemp(join(tmpdir(), 'hookpoint-bench-'));
const release = process.argv[3] ?? join(folder, 'release');
const clone = await Clone.make();
try {
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors, a line of ${mbit} Mbit/s`);
  if (process.argv[3] === undefined) await pack();
  const manifest = await readManifest(join(release, 'published.json'));
  for (const entry of manifest.entries) {
    const onDisk = packedFiles(entry).reduce((sum, file) => sum + file.onDisk, 0);
    console.log(`${entry.entry.padEnd(32)} ${megabytes(downloadBytes(entry))} MB, unpacked ${megabytes(onDisk)} MB`);
  }
  const server = spawn(process.execPath, [join(import.meta.dirname, 'slow-server.ts'), release, `${mbit}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const from = String(await new Promise((resolve) => server.stdout.once('data', resolve))).trim();
    await writeFile(clone.path('environment/published.json'), JSON.stringify({ ...manifest, from }));
    const own = clone.path('submissions/ada/programs/hello');
    await mkdir(dirname(own), { recursive: true });
    await cp(clone.path('content/exercises/programs/hello/solution'), own, { recursive: true });
    await grade('with an empty cache');
    await grade('and once more');
  } finally {
    server.kill();
  }
  console.log(`The cache then has ${megabytes(await onDisk(join(folder, 'cache')))} MB.`);
} finally {
  await clone.remove();
  await rm(folder, { recursive: true });
}

/** Of a cache that has what the first set-up of the default kernel makes, and nothing else. */
async function pack(): Promise<void> {
  const kernel = await kernelEntry(undefined);
  const vm = await findVm(kernel, await toolkitPreparation());
  if (!vm) throw new Error('Set this machine up first: npx grade setup');
  const state = vm.state.folder.slice(cacheFolder().length + 1);
  for (const name of [await imageEntry(), await kernelEntryName(kernel), state, 'accelerator.json']) {
    await mkdir(dirname(join(folder, 'full', name)), { recursive: true });
    await symlink(join(cacheFolder(), name), join(folder, 'full', name));
  }
  const script = join(repository, '.github/publish-guest.ts');
  execFileSync(process.execPath, [script, release, 'http://127.0.0.1/', 'x86_64'], {
    stdio: 'inherit',
    env: { ...process.env, HOOKPOINT_CACHE: join(folder, 'full') },
  });
}

async function grade(what: string): Promise<void> {
  const from = performance.now();
  const env = { HOOKPOINT_CACHE: join(folder, 'cache'), NO_PROXY: '127.0.0.1' };
  const { code, stdout, stderr } = await clone.grade(['programs/hello', '--as', 'ada'], env);
  const steps = stderr.split('\n').filter((line) => line.startsWith('✓'));
  for (const step of steps) console.log(`  ${step}`);
  const verdict = /Passed: .*/.exec(stdout)?.[0] ?? `${stdout}${stderr}`;
  console.log(`${((performance.now() - from) / 1000).toFixed(1)} s  ${what}: ${verdict}, exit code ${code}`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1).padStart(6);
}

async function onDisk(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).blocks * 512));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
