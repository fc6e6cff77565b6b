/**
 * node:crypto, of which the grader uses SHA-256 and random bytes. A page's own crypto.subtle answers later, and the grader does not wait
 * for a digest.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { Buffer } from 'buffer/index.js';

export function createHash(algorithm: string): Hash {
  if (algorithm !== 'sha256') throw new Error(`The page has no ${algorithm}, only sha256.`);
  return new Hash();
}

class Hash {
  #parts: Buffer[] = [];

  update(part: string | Uint8Array): this {
    this.#parts.push(Buffer.from(part as string));
    return this;
  }

  digest(): Buffer;
  digest(encoding: 'hex'): string;
  digest(encoding?: 'hex'): Buffer | string {
    const digest = Buffer.from(sha256(Buffer.concat(this.#parts)));
    return encoding ? digest.toString(encoding) : digest;
  }
}

export function randomBytes(size: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(size)));
}

/** crypto.randomUUID is only there on pages with https: RFC 9562, version 4. */
export function randomUUID(): string {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
