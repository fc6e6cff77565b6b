/**
 * What lies in the memory of a machine without a BIOS when its processor begins: Linux's 32-bit boot protocol
 * (Documentation/arch/x86/boot.rst, zero-page.rst in the kernel's sources). environment/lab/reset.S goes on from there.
 */

/** Physical addresses, as reset.S knows the first two. */
const bootParams = 0x10000;
const kernelAt = 0x100000;
const commandLineAt = 0x20000;
/** Where the BIOS of a PC would be, up to 1 MiB. */
const endOfLowMemory = 0xa0000;

const pageBytes = 4096;
const sectorBytes = 512;

export interface Part {
  /** Physical. */
  address: number;
  bytes: Uint8Array;
}

export interface Boot {
  /** A bzImage. */
  kernel: Uint8Array;
  initramfs: Uint8Array;
  commandLine: string;
  memoryBytes: number;
}

/** Throws an Error if the kernel is none that can be started so, or if not all of it has room. */
export function layOut({ kernel, initramfs, commandLine, memoryBytes }: Boot): Part[] {
  const header = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  if (kernel.byteLength < 0x1000 || header.getUint32(0x202, true) !== magic)
    throw new Error('The kernel is not a bzImage: it has no setup header.');
  const code = kernel.subarray((header.getUint8(0x1f1) + 1) * sectorBytes);
  const roomForKernel = header.getUint32(0x260, true);
  const preferred = Number(header.getBigUint64(0x258, true));
  const initramfsAt = (memoryBytes - initramfs.byteLength) & -pageBytes;
  if (initramfsAt < Math.max(preferred + roomForKernel, kernelAt + code.byteLength))
    throw new Error(
      `Kernel and initramfs do not fit into ${memoryBytes >> 20} MiB: they need ${(preferred + roomForKernel + initramfs.byteLength) >> 20}.`,
    );

  const page = new Uint8Array(pageBytes);
  const params = new DataView(page.buffer);
  page.set(kernel.subarray(0x1f1, 0x202 + header.getUint8(0x201)), 0x1f1);
  params.setUint16(0x1fa, 0xffff, true); // vid_mode: as it is
  params.setUint8(0x210, 0xff); // type_of_loader: none that is known
  params.setUint8(0x211, params.getUint8(0x211) | 1); // loadflags: the kernel is at 1 MiB
  params.setUint32(0x218, initramfsAt, true);
  params.setUint32(0x21c, initramfs.byteLength, true);
  params.setUint32(0x228, commandLineAt, true);
  const ram = [
    [0, endOfLowMemory],
    [kernelAt, memoryBytes - kernelAt],
  ] as const;
  params.setUint8(0x1e8, ram.length);
  ram.forEach(([start, size], index) => {
    params.setBigUint64(0x2d0 + index * 20, BigInt(start), true);
    params.setBigUint64(0x2d0 + index * 20 + 8, BigInt(size), true);
    params.setUint32(0x2d0 + index * 20 + 16, 1, true); // RAM
  });
  return [
    { address: bootParams, bytes: page },
    { address: commandLineAt, bytes: new TextEncoder().encode(`${commandLine}\0`) },
    { address: kernelAt, bytes: code },
    { address: initramfsAt, bytes: initramfs },
  ];
}

/** 'HdrS' */
const magic = 0x53726448;
