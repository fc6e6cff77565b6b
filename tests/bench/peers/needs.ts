/** What the comparison needs on this machine, besides what `grade setup` makes: names what is missing, installs nothing. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Need {
  /** Debian's name. */
  name: string;
  why: string;
  /** Commands or files, any of which shows that it is there. */
  proof: readonly string[];
}

/** For all of it. */
export const alwaysNeeds: readonly Need[] = [
  { name: 'python3', why: 'puts files out of the page cache before a cold run', proof: ['python3'] },
];

/** For virtme-ng's part: --without-virtme leaves it out. */
export const virtmeNeeds: readonly Need[] = [
  { name: 'virtme-ng', why: 'one of the peers', proof: ['vng'] },
  {
    name: 'virtiofsd',
    why: "virtme-ng's guest has its root through it: the course's kernel has no 9p",
    proof: ['virtiofsd', '/usr/libexec/virtiofsd'],
  },
  { name: 'udev', why: "virtme-ng's guest finds its ports by it", proof: ['/usr/lib/systemd/systemd-udevd'] },
  { name: 'e2fsprogs', why: "debugfs copies the guest's root out of its image", proof: ['debugfs'] },
];

export function missing(needs: readonly Need[], isThere = isInstalled): Need[] {
  return needs.filter(({ proof }) => !proof.some(isThere));
}

/** Undefined if nothing is missing. */
export function complaint(lacking: readonly Need[]): string | undefined {
  if (lacking.length === 0) return undefined;
  return [
    'The comparison needs packages that are not installed:',
    ...lacking.map(({ name, why }) => `  ${name.padEnd(12)} ${why}`),
    `On Debian 13: sudo apt-get install --no-install-recommends ${lacking.map(({ name }) => name).join(' ')}`,
    'Elsewhere, virtme-ng is a package of Python (pipx install virtme-ng), and virtiofsd one of Rust.',
    'Or leave virtme-ng out: npm run bench:peers -- --without-virtme',
  ].join('\n');
}

function isInstalled(proof: string): boolean {
  if (proof.startsWith('/')) return existsSync(proof);
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, proof)));
}
