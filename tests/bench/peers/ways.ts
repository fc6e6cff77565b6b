/** Who makes the test, and how: data. */
import { join } from 'node:path';
import { qemuBinary } from '../../../grader/machine/vm/qemu.ts';
import type { ReadyVm } from '../../../grader/machine/vm/vm.ts';
import { repository } from '../../support/clone.ts';
import type { BenchFolder } from './bench-folder.ts';
import type { Command } from './measure.ts';
import { fired, type Test } from './scripts.ts';

export const wayIds = ['restore', 'boot', 'virtme', 'plain'] as const;
export type WayId = (typeof wayIds)[number];

export const wayNames: Readonly<Record<WayId, string>> = {
  restore: 'Hookpoint, restored',
  boot: 'Hookpoint, booted',
  virtme: 'virtme-ng',
  plain: 'plain QEMU',
};

export interface Way {
  id: WayId;
  command(test: Test): Command;
  /** Files and folders that it reads, which are put out of the page cache before a cold run. */
  reads: string[];
  /** What it needs on disk, of these. */
  keeps: string[];
}

/** Those that can run here: virtme-ng may be left out. */
export function waysOf(vm: ReadyVm, folder: BenchFolder, without: readonly WayId[]): Way[] {
  const { kernel, image, state } = vm;
  const guest = [image.path, kernel.files.layer, kernel.files.kernel, kernel.files.initramfs];
  const script = join(import.meta.dirname, 'one.ts');
  const own = (how: 'restore' | 'boot') => (test: Test) => ({
    argv: [process.execPath, script, how, test],
    cwd: repository,
    says: fired,
  });
  const ways: Way[] = [
    { id: 'restore', command: own('restore'), reads: [...guest, state.folder], keeps: [...guest, state.folder] },
    { id: 'boot', command: own('boot'), reads: guest, keeps: guest },
    {
      id: 'plain',
      command: (test) => ({ argv: plainCommand(vm, folder, test), says: fired }),
      reads: [...guest.slice(0, 3), folder.initramfs('object'), folder.initramfs('source')],
      keeps: guest,
    },
    {
      id: 'virtme',
      command: (test) => ({ argv: virtmeCommand(vm, folder, test), cwd: folder.root, says: fired }),
      reads: [kernel.files.kernel, folder.tree],
      keeps: [kernel.files.kernel, folder.tree],
    },
  ];
  return ways.filter(({ id }) => !without.includes(id));
}

/**
 * Without modules, and so without an initramfs: what it needs is built into the kernel. Its QEMU opens the standard streams again by their
 * names in /proc, which a pipe of the shell's can, and one of Node's, a socket, cannot.
 */
function virtmeCommand({ kernel, accelerator }: ReadyVm, folder: BenchFolder, test: Test): string[] {
  return [
    'sh',
    '-c',
    '"$@" </dev/null 2>&1 | cat',
    'sh',
    'vng',
    '--run',
    kernel.files.kernel,
    '--skip-modules',
    '--disable-monitor',
    ...(accelerator === 'tcg' ? ['--disable-kvm'] : []),
    '--cpus',
    '2',
    '--memory',
    '1G',
    '--',
    'sh',
    folder.virtme,
    test,
  ];
}

/** What somebody would type who has read QEMU's manual, with as many processors and as much memory. */
function plainCommand({ kernel, image, accelerator }: ReadyVm, folder: BenchFolder, test: Test): string[] {
  const disk = (path: string) => ['-drive', `file=${path},format=raw,if=virtio,readonly=on,file.locking=off`];
  return [
    qemuBinary,
    '-nographic',
    '-no-reboot',
    ...(accelerator === 'tcg'
      ? ['-accel', 'tcg,thread=multi', '-cpu', 'max']
      : ['-accel', accelerator, '-cpu', 'host']),
    '-smp',
    '2',
    '-m',
    '1024',
    '-net',
    'none',
    '-kernel',
    kernel.files.kernel,
    '-initrd',
    folder.initramfs(test),
    '-append',
    'console=ttyS0 quiet panic=-1 rdinit=/bench-init',
    ...disk(image.path),
    ...disk(kernel.files.layer),
  ];
}
