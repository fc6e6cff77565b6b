/**
 * Reads a zip archive that may be made to do harm. Nothing of it is written to a disk, so no name in it can lead anywhere; each entry
 * is unpacked in memory up to its limit, and one that breaks a rule voids the whole.
 */
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { shownPath } from './places.ts';

export interface ArchiveLimits {
  /** Entries. */
  entries: number;
  /** Unpacked, of each and of all. */
  entryBytes: number;
  totalBytes: number;
  /** What an entry may be called; the rest of the rules hold besides. */
  name: RegExp;
}

/** `problem` is fit to print. */
export type Archive = { files: { name: string; bytes: Uint8Array }[] } | { problem: string };

class Broken extends Error {}

export async function readArchive(bytes: Uint8Array, limits: ArchiveLimits): Promise<Archive> {
  let zip: ZipFile | undefined;
  try {
    zip = await fromBufferPromise(Buffer.from(bytes), { strictFileNames: true });
    if (zip.entryCount > limits.entries)
      throw new Broken(`it has ${zip.entryCount} entries, and ${limits.entries} at most are read`);
    const files = new Map<string, Uint8Array>();
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      const { fileName: name } = entry;
      checkEntry(entry, limits);
      if (files.has(name)) throw new Broken(`it has ${name} twice`);
      const content = await unpack(zip, entry, Math.min(limits.entryBytes, limits.totalBytes - total));
      total += content.length;
      files.set(name, content);
    }
    return { files: [...files].map(([name, content]) => ({ name, bytes: content })) };
  } catch (error) {
    // yauzl's own errors are about the archive as well: names with '..', sizes that lie, a broken structure.
    return {
      problem: `The archive of results cannot be used: ${error instanceof Error ? shownPath(error.message) : 'unknown'}.`,
    };
  } finally {
    zip?.close();
  }
}

function checkEntry(entry: Entry, { name, entryBytes }: ArchiveLimits): void {
  const { fileName } = entry;
  const shown = JSON.stringify(shownPath(fileName).slice(0, 60));
  // Unix keeps the kind of file in the upper half; 0 is a maker that has no kinds.
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind !== 0 && kind !== 0o100000) throw new Broken(`${shown} is not a regular file`);
  if (!name.test(fileName) || /[/\\\0]/.test(fileName) || fileName.includes('..'))
    throw new Broken(`${shown} does not belong to results`);
  if (entry.isEncrypted()) throw new Broken(`${shown} is encrypted`);
  if (entry.uncompressedSize > entryBytes)
    throw new Broken(`${shown} is ${entry.uncompressedSize} bytes, and ${entryBytes} at most are read`);
}

/** The size that an entry claims may be a lie, so what comes is counted. */
async function unpack(zip: ZipFile, entry: Entry, most: number): Promise<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if ((bytes += chunk.length) > most) throw new Broken('it unpacks to more than may be');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
