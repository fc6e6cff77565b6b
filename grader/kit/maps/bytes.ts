/** Numbers as a BPF map holds them: little endian, on all machines that we know. */

export function u32(number: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return new Uint8Array(bytes);
}

export function u64(number: number | bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return new Uint8Array(bytes);
}

/** `offset` in bytes. Throws if the bytes end before the number does. */
export function readU32(bytes: Uint8Array, offset = 0): number {
  return Buffer.from(bytes).readUInt32LE(offset);
}

export function readU64(bytes: Uint8Array, offset = 0): bigint {
  return Buffer.from(bytes).readBigUInt64LE(offset);
}
