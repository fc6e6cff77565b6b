import { execFile } from 'node:child_process';
import { cpus, platform } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { isEnding } from '../child.ts';
import { MachineUnavailable } from '../machine.ts';
import type { System } from './interface.ts';
import { nativeAccelerator } from './native.ts';

/** How often somebody else's lock is tried again. */
const againMs = 50;
/** SQLite's SQLITE_BUSY. */
const busy = 5;

export const portable: System = {
  /**
   * Node has no call that locks a file. SQLite, which is part of it, locks its databases by what each operating system has for that, and
   * an empty file is an empty database: a transaction that is open for as long as the work lasts, and writes nothing, is a lock.
   */
  async lock(file) {
    const { DatabaseSync } = await import('node:sqlite');
    for (;;) {
      let database;
      try {
        database = new DatabaseSync(file, { timeout: 0 });
        database.exec('BEGIN EXCLUSIVE');
        return () => database!.close();
      } catch (error) {
        database?.close();
        if ((error as { errcode?: number }).errcode !== busy)
          throw new MachineUnavailable(
            `Could not lock ${file}: ${(error as Error).message}.`,
            'May you write there? If the file is not empty, something else made it: delete it.',
          );
        if (isEnding()) throw new Error(`The command is ending, and waits no longer for ${file}.`);
        await wait(againMs);
      }
    }
  },

  async processor() {
    return cpus()[0]?.model ?? '';
  },

  native: () =>
    nativeAccelerator({
      platform: platform(),
      arch: process.arch,
      hvf: () =>
        new Promise((resolve) => {
          execFile('sysctl', ['-n', 'kern.hv_support'], (error, stdout) => resolve(!error && stdout.trim() === '1'));
        }),
    }),
};
