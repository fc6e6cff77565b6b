/** A lock keeps processes apart and is given back when its holder is killed, by Linux' side and by the portable one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { withFileLock } from '../../../grader/machine/lock.ts';
import type { System } from '../../../grader/machine/system/index.ts';
import { linux } from '../../../grader/machine/system/linux.ts';
import { portable } from '../../../grader/machine/system/portable.ts';
import { repository } from '../../support/clone.ts';
import { temporaryFolder } from '../temporary.ts';

const sides: [string, System][] = [
  ['portable', portable],
  ...(platform() === 'linux' ? [['linux', linux] as [string, System]] : []),
];
const inFolder = (name: string) => join(repository, 'grader/machine', name);

/** A process that has the lock once this resolves. */
async function holder(side: string, file: string): Promise<ChildProcess> {
  const code = `
    import { withFileLock } from ${JSON.stringify(inFolder('lock.ts'))};
    import { ${side} as side } from ${JSON.stringify(inFolder(`system/${side}.ts`))};
    await withFileLock(${JSON.stringify(file)}, () => {}, () => new Promise(() => { console.log('has it'); setInterval(() => {}, 1000); }), side);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--no-warnings', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (exit) => reject(new Error(`it ended with ${exit}`)));
  });
  return child;
}

describe.each(sides)('%s', (name, side) => {
  test('another process waits for it, hears that it does, and has it once the holder is killed', async () => {
    const file = join(await temporaryFolder(), 'a.lock');
    const other = await holder(name, file);
    let has = false;
    const { promise: waits, resolve } = Promise.withResolvers<void>();
    const having = withFileLock(file, resolve, async () => void (has = true), side);
    await waits;
    expect(has).toBe(false);
    other.kill('SIGKILL');
    await having;
    expect(has).toBe(true);
  });

  test('in one process, one after another, and a failure gives it back', async () => {
    const file = join(await temporaryFolder(), 'a.lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
      throw new Error('it failed');
    };
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => withFileLock(file, () => {}, work, side)));
    expect(all.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(most).toBe(1);
    expect(await readFile(file, 'utf8')).toBe('');
  });

  test('a file that cannot be made: it says which', async () => {
    const file = join(await temporaryFolder(), 'none/a.lock');
    await expect(
      withFileLock(
        file,
        () => {},
        async () => {},
        side,
      ),
    ).rejects.toThrow(`Could not lock ${file}`);
  });
});
