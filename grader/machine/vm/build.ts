/** Runs the recipes in environment/ and turns what they say into progress and into errors that people can act on. */
import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { killOwned, spawnOwned } from '../child.ts';
import { MachineUnavailable } from '../machine.ts';
import type { Progress } from '../progress.ts';
import { namespaceRemedy } from './namespace.ts';

export const environmentFolder = join(import.meta.dirname, '../../../environment');

/** What mmdebstrap announces, in our words. */
const phases: [RegExp, string][] = [
  [/^I: running apt-get update/, 'reading the package lists'],
  [/^(I: downloading packages|Need to get)/, 'downloading packages'],
  [/^I: extracting archives/, 'unpacking the base'],
  [/^I: installing essential/, 'installing the base'],
  [/^I: installing remaining/, 'installing packages'],
  [/gcc -O2/, 'compiling the agent'],
  [/^checking for /, 'configuring Bochs'],
  [/^em\+\+ .* -c /, 'compiling Bochs'],
  [/mke2fs|^I: running --customize-hook.*pack/, 'writing the file system'],
];

const failures: [RegExp, string, string][] = [
  [
    // Go finds itself by /proc, which mmdebstrap then could not mount in the new root.
    /cannot find GOROOT directory/,
    'Nothing may be mounted here, as in most containers, and the image cannot be built without.',
    'Build it where mounts are allowed, or let the course publish its guest, so that it is downloaded: docs/releases.md',
  ],
  [
    /No space left on device/,
    'The disk is full.',
    'Free some space, in /var/tmp as well, where the image is made; or put the cache elsewhere: HOOKPOINT_CACHE=/a/larger/disk npx grade',
  ],
  [
    /Could not resolve|Temporary failure|Failed to fetch|Could not connect|Unable to connect|Network is unreachable|Connection timed out/,
    "Debian's package mirror could not be reached.",
    'Check the network (and http_proxy, if you use one), then run the same command again: nothing half done is kept.',
  ],
  [
    /NO_PUBKEY|no matching keyring|unable to find a suitable keyring|is not signed/,
    "This system does not know the keys of Debian 13's archive.",
    'sudo apt-get install debian-archive-keyring',
  ],
];

/** Among others, what mmdebstrap says if it may have no namespace, or finds no ids for it. */
const noNamespace =
  /newuidmap|no entry in \/etc\/subuid|unshare.*(Operation not permitted|Permission denied)|cannot use unshare mode|unprivileged user namespaces|unable to pick chroot mode/i;

/**
 * Root's mmdebstrap mounts /proc, /sys and parts of /dev in the new root. In namespaces of their own its processes and mounts end
 * with the grader, even if that is killed: else the mounts stay where somebody will delete a folder.
 */
const apart =
  'if unshare --mount-proc --pid --fork true 2>/dev/null; then exec unshare --mount-proc --pid --fork --kill-child -- "$@"; fi; exec "$@"';

/** Runs environment/<script> with a deadline. Rejects with MachineUnavailable, which carries the end of its output. */
export async function runRecipe(script: string, args: string[], progress: Progress, deadlineMs: number): Promise<void> {
  const child = spawnOwned(['sh', '-c', apart, 'sh', 'sh', join(environmentFolder, script), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    graceMs: 60_000, // mmdebstrap takes away a gigabyte of small files
    // mmdebstrap works below TMPDIR, maybe as another user: it must be a disk (not a tmpfs) that everybody can enter.
    env: { ...process.env, TMPDIR: '/var/tmp', LC_ALL: 'C.UTF-8', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
  });
  const lines: string[] = [];
  let phase = 'starting';
  const onLine = (line: string) => {
    lines.push(line);
    if (lines.length > 2000) lines.shift();
    phase = phases.find(([pattern]) => pattern.test(line))?.[1] ?? phase;
  };
  const freeBefore = await freeBytes();
  // mmdebstrap says little about how far it is; what it has put on the disk grows all the time.
  const ticking = setInterval(async () => {
    const megabytes = Math.round((freeBefore - (await freeBytes())) / 1e6);
    progress.update(megabytes > 0 ? `${phase}, ${megabytes} MB on disk` : phase);
  }, 500);
  for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', onLine);
  const timer = setTimeout(() => killOwned(child, 'SIGTERM'), deadlineMs);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode));
  }).finally(() => (clearTimeout(timer), clearInterval(ticking)));
  if (code === 0) return;

  const output = lines.join('\n');
  const known = knownFailure(output);
  const denied = noNamespace.test(output) ? namespaceRemedy(true) : undefined;
  const tail = lines
    .filter((line) => line.trim() && !/^I: (main|removing)/.test(line))
    .slice(-12)
    .join('\n');
  const failed = `environment/${script} failed${code === null ? ' (it was ended)' : ` with exit code ${code}`}.`;
  const [, reason, help] = known ?? [];
  if (denied)
    throw new MachineUnavailable(
      `${failed} The image is built in a user namespace, and this system does not let you have one.\n\nIts last words:\n${tail}`,
      `This fixes it; then run the same command again.\n${denied}`,
    );
  throw new MachineUnavailable(
    `${failed}${reason ? ` ${reason}` : ''}\n\nIts last words:\n${tail}`,
    help ??
      'Run the same command again; nothing half done is kept. If it fails again, please report it with these lines.',
  );
}

/** What was said, why, and what helps. */
export function knownFailure(output: string): (typeof failures)[number] | undefined {
  return failures.find(([pattern]) => pattern.test(output));
}

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs('/var/tmp');
  return bavail * bsize;
}

/** Of programs that were there: asking QEMU takes a tenth of a second, and every guest depends on the answer. */
const versions = new Map<string, string>();

/** The first line of `<program> --version`; undefined if it cannot be run. */
export function versionOf(program: string): Promise<string | undefined> {
  const known = versions.get(program);
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: 10_000 }, (error, stdout) => {
      if (error) return resolve(undefined);
      const version = stdout.split('\n')[0]!.trim();
      versions.set(program, version);
      resolve(version);
    });
  });
}
