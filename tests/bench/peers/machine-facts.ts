/** What a reader needs to know of the machine that the numbers are from. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { qemuBinary } from '../../../grader/machine/vm/qemu.ts';
import type { ReadyVm } from '../../../grader/machine/vm/vm.ts';
import type { Record } from './record.ts';

export function machineFacts(vm: ReadyVm, withVirtme: boolean): Record['machine'] {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${distribution()}, Linux ${release()}`,
    accelerator: vm.accelerator,
    guestKernel: vm.state.kernel,
    qemu: firstLine(qemuBinary, '--version').replace(/^.*version /, ''),
    virtme: withVirtme ? firstLine('vng', '--version').replace(/^virtme-ng /, '') : null,
    virtiofsd: withVirtme ? virtiofsdVersion() : null,
    node: process.version,
  };
}

/** virtme-ng finds it off the PATH, too (virtme/commands/run.py). */
function virtiofsdVersion(): string {
  for (const path of ['virtiofsd', '/usr/libexec/virtiofsd']) {
    try {
      return firstLine(path, '--version').replace(/^virtiofsd /, '');
    } catch {
      continue;
    }
  }
  return 'unknown';
}

function firstLine(...[command, ...args]: [string, ...string[]]): string {
  return execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0]!.trim();
}

function distribution(): string {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
