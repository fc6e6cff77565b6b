import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { type System, system } from './system/index.ts';

/**
 * Runs `work` while no other grader of this cache does the same.
 * `onWait` is called if somebody else has the lock; then it waits for as long as that takes.
 */
export async function withLock<T>(name: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await mkdir(cacheFolder(), { recursive: true });
  return withFileLock(join(cacheFolder(), `${name}.lock`), onWait, work);
}

/** The same for whoever locks this file, which is made if it is not there. A crash leaves nothing locked. */
export async function withFileLock<T>(
  file: string,
  onWait: () => void,
  work: () => Promise<T>,
  { lock }: Pick<System, 'lock'> = system,
): Promise<T> {
  const waiting = setTimeout(onWait, 500);
  const giveBack = await lock(file).finally(() => clearTimeout(waiting));
  try {
    return await work();
  } finally {
    giveBack();
  }
}
