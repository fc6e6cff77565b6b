/** What the parts of the lab are made of, in environment/, and what of the machine is said there. */

/** Of the guest; `memory` in environment/lab/bochsrc. */
export const memoryBytes = 256 * 2 ** 20;

/** Of the guest, in a second of its own; `ips` in environment/lab/bochsrc. */
export const ticksPerSecond = 60_000_000;

export const emulatorRecipe = [
  'lab/emulator.sh',
  'lab/emulator-packages.txt',
  'lab/bochs-source.sh',
  'lab/compile.sh',
  'lab/bochs.patch',
  'lab/bochsrc',
  'lab/machine.cc',
  'lab/reset.S',
];

/** All files in `rootFolders` count as well. */
export const rootRecipe = [
  'lab/root.sh',
  'lab/root-packages.txt',
  'lab/collect.sh',
  'lab/init',
  'lab/clang',
  'lab/unqualify.c',
];
export const rootFolders = ['guest', 'lab/types'];

/** Where everything is, in the guest, that only compiling needs; a ramfs (environment/lab/init). */
export const compilerFolder = '/usr/lib/hookpoint/compiler';
/** What a guest makes there itself before it is saved (grader/cli/lab.ts). */
export const compilerMade = ['vmlinux.h', 'vmlinux.index'];

/** What the kernel is told at its one boot. */
export const commandLine = [
  'console=ttyS0,115200',
  'quiet',
  'panic=-1', // a panic restarts at once, by a triple fault, and that ends the emulator
  'reboot=t',
  'mitigations=off',
  'nokaslr',
  'acpi=off', // there is no BIOS that could make tables
  'no_timer_check',
  `tsc_early_khz=${ticksPerSecond / 1000}`, // an instruction is a tick
  'tsc=reliable',
  'nowatchdog',
  'random.trust_cpu=on',
  'lsm=landlock,bpf',
  'transparent_hugepage=never',
  'oops=panic',
  'init_on_free=1', // free memory is zero, and zero pages are not saved
].join(' ');
