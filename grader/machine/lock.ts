import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { killOwned, spawnOwned } from './child.ts';
import { MachineUnavailable } from './machine.ts';

/**
 * Runs `work` while no other grader of this cache does the same.
 * `onWait` is called if somebody else has the lock; then it waits for as long as that takes.
 */
export async function withLock<T>(name: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(cacheFolder(), { recursive: true });
  return withFileLock(join(cacheFolder(), `${name}.lock`), onWait, work);
}

/**
 * The same for whoever locks this file, which is made if it is not there. flock (util-linux) holds the lock for as long as its
 * process lives, and that one cannot outlive us: a crash leaves nothing locked.
 */
export async function withFileLock<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const holder = spawnOwned(['flock', '--exclusive', file, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = setTimeout(onWait, 500);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout!.once('data', () => resolve());
      holder.once('error', reject);
      holder.once('exit', () =>
        reject(
          new MachineUnavailable(
            `Could not lock ${file}.`,
            'Is flock (package util-linux) installed, and may you write there?',
          ),
        ),
      );
    });
    clearTimeout(waiting);
    return await work();
  } finally {
    clearTimeout(waiting);
    killOwned(holder);
  }
}
