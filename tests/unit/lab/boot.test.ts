/** What a kernel finds in memory, as Documentation/arch/x86/boot.rst and zero-page.rst want it. */
import { expect, test } from 'vitest';
import { layOut } from '../../../grader/machine/lab/boot.ts';

const memoryBytes = 64 * 2 ** 20;
const commandLine = 'console=ttyS0 quiet';

/** A bzImage with three sectors of setup, of which the first has the header, and this code. */
function bzImage(code: Uint8Array): Uint8Array {
  const image = new Uint8Array(4 * 512 + Math.max(code.length, 2 * 4096));
  const view = new DataView(image.buffer);
  view.setUint8(0x1f1, 3);
  view.setUint8(0x201, 0x6a); // the header ends at 0x26c
  view.setUint32(0x202, 0x53726448, true);
  view.setUint8(0x211, 0x80);
  view.setBigUint64(0x258, 0x100_0000n, true);
  view.setUint32(0x260, 0x10_0000, true);
  image.set(code, 4 * 512);
  return image;
}

const initramfs = new Uint8Array(5000).fill(7);
const code = new Uint8Array(3000).fill(9);
const at = (address: number, parts: ReturnType<typeof layOut>) => {
  const part = parts.find((one) => one.address === address);
  if (!part) throw new Error(`nothing at ${address.toString(16)}`);
  return part.bytes;
};

test('kernel, initramfs and command line are where the parameters say', () => {
  const parts = layOut({ kernel: bzImage(code), initramfs, commandLine, memoryBytes });
  const params = new DataView(at(0x10000, parts).buffer);
  expect(at(0x100000, parts).subarray(0, code.length)).toEqual(code);
  expect(new TextDecoder().decode(at(params.getUint32(0x228, true), parts))).toBe(`${commandLine}\0`);
  const initramfsAt = params.getUint32(0x218, true);
  expect(at(initramfsAt, parts)).toEqual(initramfs);
  expect(params.getUint32(0x21c, true)).toBe(initramfs.length);
  expect(initramfsAt % 4096).toBe(0);
  expect(initramfsAt + initramfs.length).toBeLessThanOrEqual(memoryBytes);
});

test('the kernel’s own header is kept, and is told that a loader was there', () => {
  const params = new DataView(
    at(0x10000, layOut({ kernel: bzImage(code), initramfs, commandLine, memoryBytes })).buffer,
  );
  expect(params.getUint32(0x202, true)).toBe(0x53726448);
  expect(params.getBigUint64(0x258, true)).toBe(0x100_0000n);
  expect(params.getUint8(0x210)).toBe(0xff);
  expect(params.getUint8(0x211)).toBe(0x81);
});

test('memory is all but what a PC has below 1 MiB for its screen and its BIOS', () => {
  const params = new DataView(
    at(0x10000, layOut({ kernel: bzImage(code), initramfs, commandLine, memoryBytes })).buffer,
  );
  const ranges = Array.from({ length: params.getUint8(0x1e8) }, (_, index) => [
    Number(params.getBigUint64(0x2d0 + index * 20, true)),
    Number(params.getBigUint64(0x2d8 + index * 20, true)),
    params.getUint32(0x2e0 + index * 20, true),
  ]);
  expect(ranges).toEqual([
    [0, 0xa0000, 1],
    [0x100000, memoryBytes - 0x100000, 1],
  ]);
});

test('what is no kernel is refused', () => {
  expect(() => layOut({ kernel: new Uint8Array(8192), initramfs, commandLine, memoryBytes })).toThrow(/not a bzImage/);
});

test('what has no room is refused', () => {
  const large = new Uint8Array(memoryBytes);
  expect(() => layOut({ kernel: bzImage(code), initramfs: large, commandLine, memoryBytes })).toThrow(
    'Kernel and initramfs do not fit into 64 MiB: they need 81.',
  );
});
