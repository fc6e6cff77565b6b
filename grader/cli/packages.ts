/** The system packages that the grader needs, which are missing, and installing them. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface as createLines } from 'node:readline';
import { confirm } from './ask.ts';
import { CommandFailure, type Context } from './context.ts';

export interface SystemPackage {
  /** Debian's and Ubuntu's name. */
  name: string;
  why: string;
  /** Commands or files that show that it is there. */
  proof: string[];
}

/** To run the guest. */
const runtime: SystemPackage[] = [
  { name: 'qemu-system-x86', why: 'runs the guest', proof: ['qemu-system-x86_64'] },
  {
    name: 'util-linux',
    why: 'setpriv and flock: no process outlives the grader',
    proof: ['setpriv', 'flock', 'unshare'],
  },
];

/** To build the guest's image and fetch its kernels. */
const build: SystemPackage[] = [
  { name: 'mmdebstrap', why: 'builds the guest image from Debian packages', proof: ['mmdebstrap'] },
  {
    name: 'debian-archive-keyring',
    why: "checks the packages' signatures",
    proof: ['/usr/share/keyrings/debian-archive-keyring.gpg'],
  },
  { name: 'mount', why: 'shows the new root without /proc and /sys', proof: ['mount', 'umount'] },
  { name: 'e2fsprogs', why: 'makes file system images', proof: ['mke2fs', 'debugfs'] },
  { name: 'kmod', why: "reads the kernel's list of drivers", proof: ['depmod', 'modprobe'] },
  { name: 'cpio', why: 'packs the initramfs', proof: ['cpio'] },
  { name: 'xz-utils', why: 'unpacks drivers', proof: ['xz'] },
  { name: 'uidmap', why: 'builds the image without root', proof: ['newuidmap'] },
];

/** What --machine host needs. */
const host: SystemPackage[] = [
  { name: 'clang', why: 'compiles BPF programs', proof: ['clang'] },
  { name: 'gcc', why: "compiles the grader's own tools", proof: ['gcc'] },
  { name: 'libc6-dev', why: 'C headers', proof: ['/usr/include/stdio.h'] },
  { name: 'bpftool', why: "reads the kernel's types", proof: ['bpftool'] },
  { name: 'libbpf-dev', why: 'loads BPF programs', proof: ['/usr/include/bpf/libbpf.h'] },
  { name: 'libelf-dev', why: 'reads object files', proof: ['/usr/include/gelf.h'] },
];

/** To make the machine of the lab (docs/lab.md), besides what builds an image. */
const lab: SystemPackage[] = [
  { name: 'libdeflate-tools', why: 'compresses what a page downloads', proof: ['libdeflate-gzip'] },
];

/** 'run' a guest that is there, 'build' its image or a kernel as well, make the 'lab', or grade on this 'host'. */
export type Purpose = 'run' | 'build' | 'lab' | 'host';

/** What a purpose needs. */
export const packagesFor: Readonly<Record<Purpose, readonly SystemPackage[]>> = {
  run: runtime,
  build: [...runtime, ...build],
  lab: [...runtime, ...build, ...lab],
  host: [...host, runtime[1]!],
};

/** What is missing here for a purpose. */
export function missingPackages(purpose: Purpose): SystemPackage[] {
  const root = process.getuid?.() === 0;
  return packagesFor[purpose].filter(({ name, proof }) => !(name === 'uidmap' && root) && !proof.every(isThere));
}

/** Installs what is missing, after asking unless --yes or CI=true. Throws CommandFailure if it is not wanted or fails. */
export async function installMissing(context: Context, purpose: Purpose): Promise<void> {
  const missing = missingPackages(purpose);
  if (missing.length === 0) return;
  const command = installCommand(missing);
  const list = missing.map(({ name, why }) => `  ${name.padEnd(24)} ${why}`).join('\n');
  if (!isThere('apt-get')) {
    throw new CommandFailure(
      `System packages are missing, and this is not Debian or Ubuntu:\n${list}`,
      3,
      'Install what your distribution calls these, then run the same command again.',
    );
  }
  context.note(`These system packages are missing:\n${list}\n`);
  if (!context.yes && !(await confirm(context, `Install them now with “${command}”?`, true))) {
    throw new CommandFailure(
      `System packages are missing: ${missing.map(({ name }) => name).join(', ')}.`,
      3,
      `${command}\nor let it be done: npx grade --yes`,
    );
  }
  context.progress.step('System packages');
  context.progress.update('apt-get');
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'Dpkg::Use-Pty=0'];
  const names = missing.map(({ name }) => name);
  const said: string[] = [];
  const onLine = (line: string) => {
    said.push(line);
    if (/^(Get:|Unpacking|Setting up)/.test(line)) context.progress.update(line.split(' ').slice(0, 3).join(' '));
  };
  // An update that fails for one source may still do for what is wanted: only the installation decides.
  await run([...apt, 'update'], onLine);
  const ran = await run([...apt, 'install', '-y', '--no-install-recommends', ...names], onLine);
  if (!ran || missingPackages(purpose).length > 0) {
    throw new CommandFailure(
      `The system packages could not be installed. The last words of apt-get:\n${said.slice(-15).join('\n')}`,
      3,
      command,
    );
  }
  context.progress.done(`system packages: ${names.join(', ')}`);
}

export function installCommand(packages: readonly SystemPackage[]): string {
  return `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install --no-install-recommends ${packages.map(({ name }) => name).join(' ')}`;
}

/** Keeps the terminal as standard input, where sudo may ask for a password. */
function run([command, ...args]: string[], onLine: (line: string) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command!, args, { stdio: ['inherit', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) createLines({ input: stream }).on('line', onLine);
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** A file by its path, or a command; the folders of the superuser count, which not every PATH has. */
export function isThere(proof: string): boolean {
  if (proof.startsWith('/')) return existsSync(proof);
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some(
    (folder) => folder !== '' && existsSync(join(folder, proof)),
  );
}
