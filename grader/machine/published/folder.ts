/** Published files from a folder, such as that of a USB stick. */
import { createReadStream, type ReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MachineUnavailable } from '../machine.ts';
import type { Part } from './manifest.ts';
import type { Opened, Source } from './source.ts';
import { buildRemedy, NotDownloaded } from './trouble.ts';

export class FolderSource implements Source {
  readonly name: string;

  private constructor(folder: string) {
    this.name = folder;
  }

  /** A path, as from here or from the home folder, or a file: address. Rejects if there is no such folder. */
  static async find(mirror: string): Promise<FolderSource> {
    const path = mirror.startsWith('file:') ? fileURLToPath(mirror) : mirror.replace(/^~(?=\/|$)/, homedir());
    const folder = resolve(path);
    try {
      await access(folder);
    } catch {
      throw new MachineUnavailable(
        `HOOKPOINT_MIRROR is ${mirror}, and there is no such folder.`,
        'If it is on a USB stick, is it mounted? Name the folder that has the published files, or an address that begins with http.',
      );
    }
    return new FolderSource(folder);
  }

  async open(part: Part, from: number): Promise<Opened & { bytes: ReadStream }> {
    const path = join(this.name, part.name);
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size !== part.bytes)
      throw new NotDownloaded(
        'absent',
        size === undefined
          ? `The mirror ${this.name} has no ${part.name}. It may be of another version of the course.`
          : `In the mirror ${this.name}, ${part.name} has ${size} bytes, and the course published ${part.bytes}: it was not copied whole.`,
        `Make the mirror again where there is a network: npx grade setup --copy-to FOLDER\n${buildRemedy}`,
      );
    return { from, bytes: createReadStream(path, { start: from, highWaterMark: 1 << 20 }) };
  }

  async close(): Promise<void> {}
}
