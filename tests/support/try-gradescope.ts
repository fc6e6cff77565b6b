/**
 * The zip for Gradescope, run for real in a fresh Debian root as Gradescope runs it: unpacked to /autograder/source, setup.sh once as root, then
 * run_autograder for each submission, which must leave results.json. Without KVM, as there. Takes some ten minutes and needs root.
 *
 *   sudo node tests/support/try-gradescope.ts [--exercise programs/hello] [--work FOLDER]
 *
 * With --work the root is kept there, and used again without its setup.sh if that was through.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readArchive } from '../../grader/github/archive.ts';
import { repository } from './clone.ts';
import { resultsSchema } from './gradescope.ts';

const { values } = parseArgs({
  options: { exercise: { type: 'string', default: 'programs/hello' }, work: { type: 'string' } },
});
const { exercise } = values;
const work = values.work ?? (await mkdtemp('/var/tmp/hookpoint-gradescope-'));
const root = join(work, 'root');
const autograder = join(root, 'autograder');

/** What a container has of /dev: no /dev/kvm, so that guests are emulated. All mounts end with the namespace. */
const inside = `set -eu
root=$1; shift
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sys "$root/sys"
mount -t tmpfs dev "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs shm "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for device in null zero full random urandom tty; do : > "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
exec chroot "$root" "$@"`;

function run(command: string, args: readonly string[], options: object = {}): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'inherit', 'inherit'], ...options });
}

/** A command in the container. What a network with a certificate authority of its own needs is passed on. */
function contained(...argv: string[]): number {
  const passed = ['http_proxy', 'https_proxy', 'no_proxy', 'npm_config_registry'].filter((name) => process.env[name]);
  const env = Object.fromEntries(passed.map((name) => [name, process.env[name]!]));
  const ca = authority ? { NODE_EXTRA_CA_CERTS: authority, npm_config_cafile: authority } : {};
  const usual = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...ca, ...env };
  const apart = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const { status } = run('unshare', [...apart, 'sh', '-c', inside, 'sh', root, ...argv], { env: usual });
  return status ?? 255;
}

function demand(isSo: boolean, text: string): void {
  if (!isSo) throw new Error(text);
}

const authorityOfHost =
  process.env['NODE_EXTRA_CA_CERTS'] ?? run('npm', ['config', 'get', 'cafile'], { stdio: 'pipe' }).stdout.trim();
const authority = (await stat(authorityOfHost).catch(() => null))?.isFile() ? '/etc/authority.pem' : null;

try {
  demand(process.getuid!() === 0, 'A container is root’s: sudo node tests/support/try-gradescope.ts');
  const isReady = await stat(join(work, 'ready')).catch(() => null);
  if (!isReady) await build();
  await grades();
  console.log('Gradescope: setup.sh and run_autograder work in a fresh root.');
} finally {
  if (values.work === undefined) await rm(work, { recursive: true, force: true });
}

/** What Gradescope does when the zip is uploaded. */
async function build(): Promise<void> {
  const begun = Date.now();
  await rm(root, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const made = run('mmdebstrap', ['--quiet', '--variant=minbase', 'trixie', root]);
  demand(made.status === 0, 'mmdebstrap could not make a root.');
  await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'));
  if (authority) await copyFile(authorityOfHost, join(root, authority));
  // The course is where its ‘origin’ says; here that is a folder of the container.
  const git = (...args: string[]) => demand(run('git', args).status === 0, `git ${args.join(' ')} failed.`);
  git('clone', '--quiet', '--bare', repository, join(root, 'srv/course.git'));
  const clone = join(work, 'clone');
  await rm(clone, { recursive: true, force: true });
  git('clone', '--quiet', repository, clone);
  git('-C', clone, 'remote', 'set-url', 'origin', '/srv/course.git');
  await symlink(join(repository, 'node_modules'), join(clone, 'node_modules'));
  const zip = join(work, 'autograder.zip');
  const exported = run(join(clone, 'grade'), ['export', '--format', 'gradescope-autograder', exercise, '--out', zip]);
  demand(exported.status === 0, 'The zip could not be exported.');
  const archive = await readArchive(await readFile(zip), { entries: 9, entryBytes: 1e5, totalBytes: 1e6, name: /./ });
  if ('problem' in archive) throw new Error(archive.problem);
  for (const { name, bytes } of archive.files) {
    await mkdir(dirname(join(autograder, 'source', name)), { recursive: true });
    await writeFile(join(autograder, 'source', name), bytes);
  }
  await mkdir(join(autograder, 'results'), { recursive: true });
  await cp(join(autograder, 'source/run_autograder'), join(autograder, 'run_autograder'));
  await chmod(join(autograder, 'run_autograder'), 0o755);
  const code = contained('bash', '/autograder/source/setup.sh');
  demand(code === 0, `setup.sh ended with ${code}.`);
  await writeFile(join(work, 'ready'), '');
  console.log(`setup.sh took ${Math.round((Date.now() - begun) / 1000)} s, with the root.`);
}

interface Submission {
  what: string;
  /** Below /autograder/submission. */
  fill: (folder: string) => Promise<void>;
  passes: boolean;
}

async function grades(): Promise<void> {
  const folder = join(repository, 'content/exercises', exercise);
  const submissions: Submission[] = [
    {
      what: 'the solution',
      fill: (to) => cp(join(folder, 'solution'), to, { recursive: true }),
      passes: true,
    },
    { what: 'the starter', fill: (to) => cp(join(folder, 'starter'), to, { recursive: true }), passes: false },
    {
      what: 'a repository with the solution in it, and things beside it',
      fill: async (to) => {
        await cp(join(folder, 'solution'), join(to, 'submissions/ada', exercise), { recursive: true });
        await writeFile(join(to, 'README.md'), 'Mine\n');
      },
      passes: true,
    },
    {
      what: 'a link to the course’s own solution',
      fill: async (to) => {
        await mkdir(dirname(join(to, 'submissions/ada', exercise)), { recursive: true });
        await symlink(
          `/autograder/course/content/exercises/${exercise}/solution`,
          join(to, 'submissions/ada', exercise),
        );
      },
      passes: false,
    },
  ];
  for (const { what, fill, passes } of submissions) {
    const begun = Date.now();
    // Each has a container of its own there; what the last one has left is of no use to the next.
    await rm(join(autograder, 'submission'), { recursive: true, force: true });
    await rm(join(autograder, 'results'), { recursive: true, force: true });
    for (const name of ['submission', 'results']) await mkdir(join(autograder, name), { recursive: true });
    await fill(join(autograder, 'submission'));
    const code = contained('/autograder/run_autograder');
    demand(code === 0, `${what}: run_autograder ended with ${code}.`);
    const results = resultsSchema.parse(JSON.parse(await readFile(join(autograder, 'results/results.json'), 'utf8')));
    const tests = results.tests ?? [];
    const worth = tests.reduce((sum, { max_score = 0 }) => sum + max_score, 0);
    console.log(
      `${what}: ${results.score} of ${worth}, ${tests.length} tests, ${Math.round((Date.now() - begun) / 1000)} s`,
    );
    const isPass = worth > 0 && results.score === worth && tests.every(({ status }) => status === 'passed');
    demand(isPass === passes, `${what} must ${passes ? '' : 'not '}pass: ${JSON.stringify(results, null, 2)}`);
  }
}
