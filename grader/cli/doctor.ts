/** `grade doctor`: what works here, what does not, and the exact command that fixes it. Changes nothing. */
import { statfs } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { cacheFolder } from '../machine/cache.ts';
import { rememberedAccelerator } from '../machine/vm/accelerator.ts';
import { versionOf } from '../machine/vm/build.ts';
import { findImage } from '../machine/vm/image.ts';
import { findKernel, listKernels } from '../machine/vm/kernels.ts';
import { MachineUnavailable } from '../machine/machine.ts';
import { FolderSource } from '../machine/published/folder.ts';
import { downloadBytes, partsOf, type PublishedEntry } from '../machine/published/manifest.ts';
import { megabytes } from '../machine/published/speed.ts';
import { namespaceRemedy } from '../machine/vm/namespace.ts';
import { qemuBinary } from '../machine/vm/qemu.ts';
import { Supply } from '../machine/vm/supply.ts';
import { findVm, kernelEntry, unfitComputer } from '../machine/vm/vm.ts';
import { marks, pad, painter, type Screen, visibleLength } from '../report/paint.ts';
import type { Context } from './context.ts';
import { checkMachineOptions, type MachineOptions, toolkitPreparation } from './machines.ts';
import { installCommand, missingPackages, type SystemPackage } from './packages.ts';
import type { Finding } from './finding.ts';
import { wslFindings } from './wsl.ts';

/** Returns 0 if exercises can be graded here (now, or after set-up), 3 if not. */
export async function doctor(context: Context, options: MachineOptions): Promise<number> {
  const kind = await checkMachineOptions(options);
  const findings = kind === 'host' ? hostFindings() : [...wsl(context.root), ...(await vmFindings(options.kernel))];
  const broken = findings.filter(({ state }) => state === 'broken');
  if (context.json) process.stdout.write(`${JSON.stringify({ machine: kind, findings }, null, 2)}\n`);

  context.say(renderFindings(findings, context.screen));
  context.say(
    broken.length > 0
      ? `\n${broken.length} of these must be fixed before exercises can be graded here.`
      : '\nExercises can be graded here: npx grade',
  );
  return broken.length > 0 ? 3 : 0;
}

export function renderFindings(findings: readonly Finding[], screen: Screen): string {
  if (screen.plain)
    return findings
      .map(
        ({ what, state, detail, remedy }) =>
          `${words[state]}: ${what}, ${detail}${remedy ? `. What fixes it: ${remedy}` : ''}`,
      )
      .join('\n');
  const [paint, mark] = [painter(screen), marks(screen)];
  const signs = {
    works: paint('green', mark.pass),
    later: paint('yellow', mark.skipped),
    broken: paint('red', mark.fail),
  };
  const width = Math.max(...findings.map(({ what }) => visibleLength(what)));
  return findings
    .flatMap(({ what, state, detail, remedy }) => [
      `${signs[state]} ${pad(what, width)}  ${detail}`,
      ...(remedy
        ? [`  ${' '.repeat(width)}  ${mark.arrow} ${remedy.replaceAll('\n', `\n    ${' '.repeat(width)}  `)}`]
        : []),
    ])
    .join('\n');
}

const words = { works: 'works', later: 'not there yet', broken: 'broken' };

async function vmFindings(kernelId: string | undefined): Promise<Finding[]> {
  const unfit = unfitComputer();
  if (unfit) return [node(), broken('computer', unfit.message, unfit.remedy)];
  const image = await findImage();
  const entry = await kernelEntry(kernelId);
  const preparation = await toolkitPreparation();
  const kernel = image && (await findKernel(entry, image));
  const [qemu, vm, accelerator] = [
    await versionOf(qemuBinary),
    await findVm(entry, preparation).catch(() => undefined),
    await rememberedAccelerator(),
  ];
  const { download, build } = await (await Supply.open('download')).wants(entry);
  const bytes = download.reduce((sum, one) => sum + downloadBytes(one), 0);
  const findings: Finding[] = [node()];
  findings.push(packages('packages to run guests', missingPackages('run'), qemu ?? ''));
  findings.push(
    packages(
      'packages to build the image',
      build.length === 0 ? [] : missingPackages('build'),
      kernel ? 'not needed any more' : build.length === 0 ? 'not needed: it is downloaded' : 'all there',
    ),
  );
  findings.push(await space(image ? 1.5e9 : build.length === 0 ? 3e9 : 4e9));
  if (process.env.HOOKPOINT_MIRROR) findings.push(await mirror(process.env.HOOKPOINT_MIRROR, download));
  const denied = image || build.length === 0 ? undefined : namespaceRemedy(false);
  if (denied)
    findings.push(
      broken('user namespace', 'the image is built in one, and this system does not let you have it', denied),
    );
  findings.push(
    image
      ? works('guest image', `${image.digest.slice(0, 19)}…`)
      : later(
          'guest image',
          build.length === 0
            ? `is downloaded on first use (${megabytes(bytes)} MB with the kernel)`
            : 'is built on first use (a minute or more)',
          'npx grade setup',
        ),
  );
  for (const known of (await listKernels()).kernels) {
    const fetched = image && (await findKernel(known, image));
    const chosen = known.id === entry.id;
    if (fetched) findings.push(works(`kernel ${known.id}`, `Linux ${fetched.release}`));
    else
      findings.push(
        later(
          `kernel ${known.id}`,
          chosen ? 'is fetched on first use' : 'not fetched; only if you want it',
          `npx grade setup --kernel ${known.id}`,
        ),
      );
  }
  findings.push(
    accelerator
      ? works('accelerator', `${accelerator.accelerator}: ${accelerator.reason}`)
      : later('accelerator', 'is tried out on first use'),
  );
  findings.push(
    vm ? works('saved guest', 'ready to restore') : later('saved guest', 'is made on first use', 'npx grade setup'),
  );
  return findings;
}

/** Whether a folder has what would be downloaded; of a server nothing is asked. */
async function mirror(place: string, wanted: readonly PublishedEntry[]): Promise<Finding> {
  if (/^https?:/.test(place)) return works('mirror', place);
  try {
    const folder = await FolderSource.find(place);
    for (const part of wanted.flatMap(partsOf)) (await folder.open(part, 0)).bytes.destroy();
    return works('mirror', folder.name);
  } catch (error) {
    if (!(error instanceof MachineUnavailable)) throw error;
    return broken('mirror', error.message, error.remedy);
  }
}

function hostFindings(): Finding[] {
  const root = process.getuid?.() === 0;
  const btf = existsSync('/sys/kernel/btf/vmlinux');
  const tracing = existsSync('/sys/kernel/tracing/trace') || existsSync('/sys/kernel/debug/tracing/trace');
  return [
    node(),
    works('kernel', `Linux ${release()}`),
    root
      ? works('root', 'you are')
      : broken('root', 'needed to load BPF programs into this kernel', 'sudo npx grade --machine host'),
    packages('packages', missingPackages('host'), 'all there'),
    btf
      ? works('BTF', '/sys/kernel/btf/vmlinux')
      : broken(
          'BTF',
          'this kernel has no /sys/kernel/btf/vmlinux',
          'Use the VM, or a kernel built with CONFIG_DEBUG_INFO_BTF=y',
        ),
    tracing || !root
      ? works('tracefs', root ? 'mounted' : 'seen by root only')
      : broken('tracefs', 'not mounted', 'mount -t tracefs tracefs /sys/kernel/tracing'),
  ];
}

const works = (what: string, detail: string): Finding => ({ what, state: 'works', detail });
const later = (what: string, detail: string, remedy?: string): Finding => ({
  what,
  state: 'later',
  detail,
  ...(remedy && { remedy }),
});
const broken = (what: string, detail: string, remedy: string): Finding => ({ what, state: 'broken', detail, remedy });

function wsl(root: string): Finding[] {
  const course = realpathSync(root);
  return wslFindings({ kernel: release(), distribution: process.env['WSL_DISTRO_NAME'], course, home: homedir() });
}

function node(): Finding {
  return works('Node', process.versions.node);
}

function packages(what: string, missing: SystemPackage[], detail: string): Finding {
  if (missing.length === 0) return works(what, detail || 'all there');
  return broken(what, `missing: ${missing.map(({ name }) => name).join(', ')}`, installCommand(missing));
}

async function space(needed: number): Promise<Finding> {
  const folder = cacheFolder();
  const existing = existsSync(folder) ? folder : '/';
  const { bavail, bsize } = await statfs(existing);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free for ${folder}`;
  return free >= needed
    ? works('disk', detail)
    : broken(
        'disk',
        `${detail}; ${(needed / 1e9).toFixed(1)} GB are needed`,
        'Free some, or: HOOKPOINT_CACHE=/a/larger/disk npx grade',
      );
}
