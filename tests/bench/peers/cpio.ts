/** A cpio archive as the kernel unpacks it (Documentation/driver-api/early-userspace/buffer-format.rst: “newc”). */

export interface CpioFile {
  path: string;
  content: Uint8Array | string;
  /** A regular file's permissions. */
  mode: number;
}

/** Can be appended to an initramfs: the kernel unpacks one archive after the other, at multiples of four bytes. */
export function cpio(files: readonly CpioFile[]): Buffer {
  const folders = new Set(files.flatMap(({ path }) => parentsOf(path)));
  return Buffer.concat([
    ...[...folders].map((path, i) => entry(path, 0o040_755, Buffer.alloc(0), i + 1)),
    ...files.map(({ path, content, mode }, i) =>
      entry(path, 0o100_000 | mode, Buffer.from(content), folders.size + i + 1),
    ),
    entry('TRAILER!!!', 0, Buffer.alloc(0), 0),
  ]);
}

function entry(path: string, mode: number, content: Buffer, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(content)]);
}

export function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
