/** One QEMU process: its arguments, its channels, and why it ended. */
import { closeSync, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { killOwned, spawnOwned } from '../child.ts';
import { MachineLost } from '../machine.ts';
import { ConsoleLog } from './console.ts';
import { Qmp } from './qmp.ts';

export const qemuBinary = 'qemu-system-x86_64';
export const guestMemoryMiB = 1024;
export const guestCpus = 2;

export type Accelerator = 'kvm' | 'tcg';

export interface GuestFiles {
  kernel: string;
  initramfs: string;
  /** The root file system that all kernels share. */
  root: string;
  /** This kernel's modules and headers. */
  layer: string;
}

export interface QemuOptions {
  accelerator: Accelerator;
  files: GuestFiles;
  /** File behind the guest's memory. 'make': written through, for a state to be saved; 'restore': read, copied on write. */
  memory?: { path: string; use: 'make' | 'restore' };
  /** Device state to restore from, with memory.use 'restore'. */
  state?: string;
}

const bootArguments = [
  'console=ttyS0',
  'quiet', // the console is slow to write; what goes wrong is printed all the same
  'panic=-1', // a panic reboots at once, and -no-reboot makes that the end
  'mitigations=off', // every guest lives for seconds and holds no secret
  'no_timer_check', // under TCG the timer check fails on a busy machine
  'random.trust_cpu=on', // else early random reads wait for entropy
  'lsm=landlock,bpf', // BPF LSM is compiled in but not switched on by Debian
  'transparent_hugepage=never', // keeps the memory of a clone small
  'oops=panic', // a guest that hurt itself must not go on judging
  'watchdog_thresh=5', // a processor that runs nothing else for 10 seconds is stuck: a program that never ends
  'softlockup_panic=1', // and so is the guest
];

/** No network card, no shared folder, nothing but two read-only disks and a serial port for the agent. */
export function qemuArguments({ accelerator, files, memory, state }: QemuOptions): string[] {
  const ram = `id=ram,size=${guestMemoryMiB}M`;
  const disk = (id: string, path: string) => [
    '-blockdev',
    `driver=raw,node-name=${id},read-only=on,file.driver=file,file.filename=${path.replaceAll(',', ',,')},file.locking=off`,
    '-device',
    `virtio-blk-pci,drive=${id}`,
  ];
  return [
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-no-reboot',
    '-name',
    'hookpoint',
    '-M',
    'q35,memory-backend=ram,usb=off,vmport=off',
    '-accel',
    accelerator === 'tcg' ? 'tcg,thread=multi' : accelerator,
    '-cpu',
    accelerator === 'tcg' ? 'max' : 'host',
    '-smp',
    String(guestCpus),
    '-object',
    memory
      ? `memory-backend-file,${ram},mem-path=${memory.path.replaceAll(',', ',,')},share=${memory.use === 'make' ? 'on' : 'off'}`
      : `memory-backend-ram,${ram}`,
    // A guest is hostile once a submission runs in it: QEMU then may start no process. (Saving a state needs one.)
    ...(memory?.use === 'make'
      ? []
      : ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny']),
    '-kernel',
    files.kernel,
    '-initrd',
    files.initramfs,
    '-append',
    bootArguments.join(' '),
    ...disk('root', files.root),
    ...disk('layer', files.layer),
    '-chardev',
    'stdio,id=console,signal=off',
    '-serial',
    'chardev:console',
    '-chardev',
    'socket,id=qmp,fd=3',
    '-mon',
    'chardev=qmp,mode=control',
    '-device',
    'virtio-serial-pci',
    '-chardev',
    'socket,id=agent,fd=4',
    '-device',
    'virtserialport,chardev=agent,name=agent',
    ...(state ? ['-incoming', 'defer'] : []),
  ];
}

export class Qemu {
  readonly agent: Duplex;
  readonly qmp: Qmp;
  readonly console = new ConsoleLog();
  /** Resolves when the process has ended, with the reason. */
  readonly ended: Promise<MachineLost>;
  readonly #child;
  #stderr = '';
  #guestEnded = false;

  constructor(options: QemuOptions) {
    const state = options.state === undefined ? undefined : openSync(options.state, 'r');
    try {
      this.#child = spawnOwned([qemuBinary, ...qemuArguments(options)], {
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...(state === undefined ? [] : [state])],
      });
    } finally {
      if (state !== undefined) closeSync(state);
    }
    const child = this.#child;
    this.agent = child.stdio[4] as Duplex;
    this.qmp = new Qmp(child.stdio[3] as Duplex, ({ event, data }) => {
      if (event === 'SHUTDOWN' && data?.guest) this.#guestEnded = true;
    });
    child.stdout!.on('data', (chunk: Buffer) => this.console.push(chunk));
    child.stderr!.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-4000)));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(new MachineLost('died', `QEMU could not be started: ${error.message}`)));
      child.once('close', (code, signal) => resolve(this.#reasonOfEnd(code, signal)));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  kill(): void {
    killOwned(this.#child);
  }

  /** Loads the saved state that was given as `state` and lets the guest go on. */
  async restore(): Promise<void> {
    await this.qmp.execute('qmp_capabilities');
    await this.#ignoreSharedMemory();
    await this.qmp.execute('migrate-incoming', { uri: 'fd:5' });
    await this.#migrationEnd();
    await this.qmp.execute('cont');
  }

  /** Stops the guest and saves all but its memory, which is in the file given as `memory`. */
  async save(path: string): Promise<void> {
    await this.qmp.execute('qmp_capabilities');
    await this.#ignoreSharedMemory();
    await this.qmp.execute('stop');
    await this.qmp.execute('migrate', { uri: `exec:cat >'${path.replaceAll("'", "'\\''")}'` });
    await this.#migrationEnd();
    await this.qmp.execute('quit');
    await this.ended;
  }

  /**
   * Where the guest's processors are in so many moments: the addresses of their next instructions, all of them for each moment. The
   * guest stands still meanwhile. Rejects where QEMU has no answer.
   */
  async instructionPointers(moments: number): Promise<bigint[][]> {
    const seen: bigint[][] = [];
    for (let moment = 0; moment < moments; moment += 1) {
      await this.qmp.execute('stop');
      const text = await this.qmp.execute<string>('human-monitor-command', { 'command-line': 'info registers -a' });
      await this.qmp.execute('cont');
      seen.push([...text.matchAll(/\bRIP=([0-9a-f]{16})/g)].map(([, digits]) => BigInt(`0x${digits}`)));
    }
    return seen;
  }

  #ignoreSharedMemory(): Promise<unknown> {
    return this.qmp.execute('migrate-set-capabilities', {
      capabilities: [{ capability: 'x-ignore-shared', state: true }],
    });
  }

  async #migrationEnd(): Promise<void> {
    for (;;) {
      const info = await this.qmp.execute<{ status?: string; 'error-desc'?: string }>('query-migrate');
      if (info.status === 'completed') return;
      if (info.status === 'failed' || info.status === 'cancelled')
        throw new Error(`QEMU could not move the state: ${info['error-desc'] ?? info.status}`);
    }
  }

  #reasonOfEnd(code: number | null, signal: NodeJS.Signals | null): MachineLost {
    const tail = this.console.tail();
    if (this.console.complaint)
      return new MachineLost('panic', `the guest's kernel gave up: ${this.console.complaint}`, tail);
    if (this.#guestEnded) return new MachineLost('power-off', 'the guest switched itself off', tail);
    const how = signal ? `killed by ${signal}` : `exit code ${code}`;
    return new MachineLost('died', `QEMU ended (${how})${this.#stderr.trim() && `: ${this.#stderr.trim()}`}`, tail);
  }
}
