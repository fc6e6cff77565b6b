/** Which of QEMU's native accelerators a computer has for the guest, which is x86-64, and what keeps it from being used. */
import type { Native } from './interface.ts';

export interface Facts {
  platform: NodeJS.Platform;
  arch: string;
  /** Whether /dev/kvm can be opened; asked on Linux. */
  kvm?: () => Promise<'usable' | 'denied' | 'absent'>;
  /** Whether macOS lets programs use its hypervisor: not in most virtual machines. */
  hvf?: () => Promise<boolean>;
}

export async function nativeAccelerator({ platform, arch, kvm, hvf }: Facts): Promise<Native> {
  const name = platform === 'darwin' ? 'hvf' : platform === 'win32' ? 'whpx' : 'kvm';
  // An accelerator runs the processor's own instructions, so it is of no use for a guest of another architecture.
  if (arch !== 'x64') return { name, problem: 'this is not an x86-64 machine' };
  if (name === 'kvm') {
    const access = (await kvm?.()) ?? 'absent';
    if (access === 'denied') return { name, problem: 'you may not use /dev/kvm' };
    if (access === 'absent') return { name, problem: 'there is no /dev/kvm' };
    return { name };
  }
  if (name === 'hvf' && !(await hvf?.())) return { name, problem: 'macOS does not offer its hypervisor here' };
  // grader/machine/vm/qemu.ts starts guests with KVM or emulated.
  return { name, problem: `guests are not started with ${name} yet` };
}
