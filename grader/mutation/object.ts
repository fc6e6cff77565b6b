/**
 * What a BPF object is to the kernel: its instructions, data, symbols, relocations, and its BTF without the text of source lines. Two
 * sources with the same digest are the same program.
 */
import { createHash } from 'node:crypto';

interface Section {
  name: string;
  type: number;
  flags: bigint;
  info: number;
  link: number;
  bytes: Buffer;
}

const progbits = 1;
const symtab = 2;
const relocations = 9;
const nobits = 8;
const allocated = 2n;

/** Of an ELF file for 64-bit BPF, little endian. Throws RangeError if it is cut short. */
export function digestOfObject(object: Uint8Array): string {
  const sections = readSections(Buffer.from(object));
  const parts: unknown[] = [];
  const symbols = readSymbols(sections);
  for (const { name, type, flags, bytes, info } of sections) {
    const isLoaded = (flags & allocated) !== 0n && (type === progbits || type === nobits);
    if (isLoaded) parts.push([name, type, `${flags}`, bytes.toString('hex')]);
    if (type === relocations && ((sections[info]?.flags ?? 0n) & allocated) !== 0n)
      for (let at = 0; at < bytes.length; at += 16)
        parts.push([
          name,
          `${bytes.readBigUInt64LE(at)}`,
          bytes.readUInt32LE(at + 8),
          symbols[bytes.readUInt32LE(at + 12)],
        ]);
  }
  parts.push(
    symbols
      .filter(({ kind }) => kind === 'function' || kind === 'object')
      .map((symbol) => JSON.stringify(symbol))
      .sort(),
  );
  const btf = sections.find(({ name }) => name === '.BTF')?.bytes;
  const ext = sections.find(({ name }) => name === '.BTF.ext')?.bytes;
  if (btf) parts.push(typesOf(btf), ext ? coreRelocations(ext, btf) : []);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function readSections(file: Buffer): Section[] {
  const [offset, size, count, names] = [
    Number(file.readBigUInt64LE(0x28)),
    file.readUInt16LE(0x3a),
    file.readUInt16LE(0x3c),
    file.readUInt16LE(0x3e),
  ];
  const headers = Array.from({ length: count }, (_, nth) => {
    const header = file.subarray(offset + nth * size, offset + (nth + 1) * size);
    const [type, from, length] = [
      header.readUInt32LE(4),
      Number(header.readBigUInt64LE(24)),
      Number(header.readBigUInt64LE(32)),
    ];
    return {
      nameAt: header.readUInt32LE(0),
      type,
      flags: header.readBigUInt64LE(8),
      link: header.readUInt32LE(40),
      info: header.readUInt32LE(44),
      // One that is all zeroes, such as .bss, has a length only.
      bytes: type === nobits ? Buffer.from(`${length}`) : file.subarray(from, from + length),
    };
  });
  return headers.map(({ nameAt, ...section }) => ({ ...section, name: textAt(headers[names]!.bytes, nameAt) }));
}

function readSymbols(sections: readonly Section[]) {
  const table = sections.find(({ type }) => type === symtab);
  if (!table) return [];
  const names = sections[table.link]!.bytes;
  return Array.from({ length: table.bytes.length / 24 }, (_, nth) => {
    const entry = table.bytes.subarray(nth * 24);
    return {
      name: textAt(names, entry.readUInt32LE(0)),
      kind: ['none', 'object', 'function', 'section'][entry[4]! & 15] ?? 'other',
      binding: entry[4]! >> 4,
      section: sections[entry.readUInt16LE(6)]?.name ?? '',
      value: `${entry.readBigUInt64LE(8)}`,
      size: `${entry.readBigUInt64LE(16)}`,
    };
  });
}

/** How many words follow a type's own three, and which of them are names: Documentation/bpf/btf.rst in the kernel. */
const kinds: Record<number, { extra?: number; each?: number; names?: readonly number[] }> = {
  1: { extra: 1 }, // int
  3: { extra: 3 }, // array
  4: { each: 3, names: [0] }, // struct
  5: { each: 3, names: [0] }, // union
  6: { each: 2, names: [0] }, // enum
  13: { each: 2, names: [0] }, // function prototype
  14: { extra: 1 }, // variable
  15: { each: 3 }, // section of variables
  17: { extra: 1 }, // declaration tag
  19: { each: 3, names: [0] }, // enum of 64 bits
};

function typesOf(btf: Buffer): unknown[] {
  const header = btf.readUInt32LE(4);
  const end = header + btf.readUInt32LE(8) + btf.readUInt32LE(12);
  const types: unknown[] = [];
  for (let at = header + btf.readUInt32LE(8); at < end;) {
    const info = btf.readUInt32LE(at + 4);
    const { extra = 0, each = 0, names = [] } = kinds[(info >>> 24) & 31] ?? {};
    const members = Array.from({ length: extra + each * (info & 0xffff) }, (_, nth) => {
      const word = btf.readUInt32LE(at + 12 + nth * 4);
      return each > 0 && names.includes(nth % each) ? btfText(btf, word) : word;
    });
    types.push([btfText(btf, btf.readUInt32LE(at)), info, btf.readUInt32LE(at + 8), ...members]);
    at += 12 + members.length * 4;
  }
  return types;
}

/** Where libbpf writes the running kernel's offsets: an instruction may look the same, and reach for another member. */
function coreRelocations(ext: Buffer, btf: Buffer): unknown[] {
  const header = ext.readUInt32LE(4);
  if (header < 32) return [];
  const from = header + ext.readUInt32LE(24);
  const end = from + ext.readUInt32LE(28);
  const found: unknown[] = [];
  if (end === from) return found;
  const size = ext.readUInt32LE(from);
  for (let at = from + 4; at < end;) {
    const [section, count] = [btfText(btf, ext.readUInt32LE(at)), ext.readUInt32LE(at + 4)];
    at += 8;
    for (let nth = 0; nth < count; nth += 1, at += size)
      found.push([
        section,
        ext.readUInt32LE(at),
        ext.readUInt32LE(at + 4),
        btfText(btf, ext.readUInt32LE(at + 8)),
        ext.readUInt32LE(at + 12),
      ]);
  }
  return found;
}

function btfText(btf: Buffer, at: number): string {
  return textAt(btf, btf.readUInt32LE(4) + btf.readUInt32LE(16) + at);
}

function textAt(bytes: Buffer, at: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.subarray(at, end < 0 ? bytes.length : end).toString('utf8');
}
