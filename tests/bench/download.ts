/**
 * From nothing to the first verdict, by a download: packs what this machine's cache has as it is published, serves it at a given speed, and
 * has a fresh clone with a fresh cache grade an exercise. node tests/bench/download.ts [Mbit/s] [zstd level]
 * The npm packages are there already. Runs in minutes: packing takes most of them.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../grader/machine/cache.ts';
import { downloadBytes, type PublishedEntry } from '../../grader/machine/published/manifest.ts';
import { packEntry } from '../../grader/machine/published/pack.ts';
import { findVm, kernelEntry } from '../../grader/machine/vm/vm.ts';
import { imageEntry } from '../../grader/machine/vm/image.ts';
import { kernelEntryName } from '../../grader/machine/vm/kernels.ts';
import { toolkitPreparation } from '../../grader/cli/machines.ts';
import { Clone } from '../support/clone.ts';

const [mbit, level] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 15)];
const entry = await kernelEntry(undefined);
const vm = await findVm(entry, await toolkitPreparation());
if (!vm) throw new Error('Set this machine up first: npx grade setup');
const names = [await imageEntry(), await kernelEntryName(entry), vm.state.folder.slice(cacheFolder().length + 1)];
const folder = await mkdtemp(join(tmpdir(), 'hookpoint-bench-'));
const clone = await Clone.make();
try {
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} processors; zstd level ${level}`);
  const packing = { arch: 'x86_64', level, partBytes: 64e6, threads: availableParallelism() } as const;
  const entries: PublishedEntry[] = [];
  for (const name of names) {
    const from = performance.now();
    const packed = await packEntry(cacheFolder(), name, join(folder, 'release'), packing);
    entries.push(packed);
    say(name, `${megabytes(downloadBytes(packed))} MB of ${megabytes(await onDisk(join(cacheFolder(), name)))}`, from);
  }
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, 'slow-server.ts'), join(folder, 'release'), `${mbit}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const address = String(await new Promise((resolve) => server.stdout.once('data', resolve))).trim();
  await writeFile(
    clone.path('environment/published.json'),
    JSON.stringify({ format: 'hookpoint-guest', version: 1, from: address, entries }),
  );
  await mkdir(clone.path('submissions/ada/programs/hello'), { recursive: true });
  await cp(clone.path('content/exercises/programs/hello/solution'), clone.path('submissions/ada/programs/hello'), {
    recursive: true,
  });
  for (const [what, more] of [
    [`a fresh cache, ${mbit} Mbit/s`, {}],
    ['the same again, all there', {}],
  ] as const) {
    const from = performance.now();
    const { code, stdout, stderr } = await clone.grade(['programs/hello', '--as', 'ada'], {
      HOOKPOINT_CACHE: join(folder, 'cache'),
      NO_PROXY: '127.0.0.1',
      ...more,
    });
    console.log(
      stderr
        .split('\n')
        .filter((line) => line.startsWith('✓'))
        .join('\n'),
    );
    say('first verdict', `${/Passed: .*/.exec(stdout)?.[0] ?? stdout}, exit code ${code}, ${what}`, from);
  }
  console.log(`the cache has ${megabytes(await onDisk(join(folder, 'cache')))} MB`);
  server.kill();
} finally {
  await clone.remove();
  await rm(folder, { recursive: true });
}

function say(what: string, came: string, from: number): void {
  console.log(`${((performance.now() - from) / 1000).toFixed(1).padStart(7)} s  ${what}: ${came}`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

async function onDisk(path: string): Promise<number> {
  const names = await readdir(path, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(path, name))).blocks * 512));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
