/**
 * What differs from one operating system to another, in one place: locks, what the processor is, and the accelerator that QEMU could
 * use. Linux has its own side, everything else the portable one. What else only Linux has, and where, is listed in docs/portability.md.
 */

export interface System {
  /**
   * Waits for the lock of this file, which is made if it is not there, for as long as that takes; resolves with what gives it back. The
   * operating system gives it back if the process ends in whatever way. Rejects with MachineUnavailable if the file cannot be locked.
   */
  lock(file: string): Promise<() => void>;
  /** What says that a saved guest may not fit: 'model name : …' on Linux. Empty if it is not known. */
  processor(): Promise<string>;
  /** QEMU's native accelerator here. */
  native(): Promise<Native>;
}

/** QEMU's name of it; `problem` says why it cannot be used. */
export interface Native {
  name: 'kvm' | 'hvf' | 'whpx';
  problem?: string;
}
