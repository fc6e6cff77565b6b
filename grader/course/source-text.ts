/** Whether what was handed in is text that a compiler can read. */
import type { Location, Message } from '../verdict/result.ts';

/** What is wrong with the bytes of `name`; null if they are UTF-8 with something in it. */
export function checkText(name: string, bytes: Uint8Array): Message | null {
  if (bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))) {
    return { text: `${name} is empty.`, expected: 'your program', help: 'Write it, and save the file in your editor.' };
  }
  const wrong = {
    text: `${name} is not a text file in UTF-8.`,
    expected: 'UTF-8 without NUL bytes',
    help: 'Save it as UTF-8 in your editor.',
  };
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { ...wrong, actual: 'a NUL byte', location: locate(name, bytes, nul) };
  const bad = firstBadByte(bytes);
  if (bad < 0) return null;
  return { ...wrong, actual: `the byte 0x${bytes[bad]!.toString(16)}`, location: locate(name, bytes, bad) };
}

/** Offset of the first byte that is not UTF-8, -1 if all is well. */
function firstBadByte(bytes: Uint8Array): number {
  // What is not UTF-8 becomes U+FFFD, and differs when it is encoded again.
  const again = Buffer.from(Buffer.from(bytes).toString('utf8'));
  return bytes.findIndex((byte, i) => byte !== again[i]);
}

function locate(file: string, bytes: Uint8Array, offset: number): Location {
  let line = 1;
  for (const byte of bytes.subarray(0, offset)) if (byte === 0x0a) line += 1;
  return { file, line };
}
