import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { killOwned, spawnOwned } from '../child.ts';
import { MachineUnavailable } from '../machine.ts';
import type { System } from './interface.ts';
import { nativeAccelerator } from './native.ts';

export const linux: System = {
  /** flock (util-linux) holds the lock for as long as its process lives, and that one cannot outlive us: a crash leaves nothing locked. */
  async lock(file) {
    const holder = spawnOwned(['flock', '--exclusive', file, 'sh', '-c', 'echo locked; exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
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
    } catch (error) {
      killOwned(holder);
      throw error;
    }
    return () => killOwned(holder);
  },

  async processor() {
    const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
    return /^model name.*$/m.exec(cpuinfo)?.[0] ?? '';
  },

  native: () =>
    nativeAccelerator({
      platform: 'linux',
      arch: process.arch,
      async kvm() {
        try {
          await access('/dev/kvm', constants.R_OK | constants.W_OK);
          return 'usable';
        } catch (error) {
          return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'denied' : 'absent';
        }
      },
    }),
};
