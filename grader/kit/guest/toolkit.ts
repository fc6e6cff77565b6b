/** What the grader itself brings to a machine: its loader, its actor, and the kernel's types ready to compile with. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MachineUnavailable, type Machine } from '../../machine/machine.ts';
import { compileFlags } from './compile-flags.ts';

/** The grader's tools in the guest, environment/guest/<name>.c, with what else gcc is told. */
const tools = {
  loader: [
    ...['object', 'attach', 'links', 'maps', 'types', 'variables', 'run'].map((part) => `loader-${part}.c`),
    '-lbpf',
    '-lelf',
  ],
  actor: ['-lpthread'],
  wire: ['-lbpf', '-lelf'],
  network: [],
  access: [],
  filter: [],
  apart: [],
  attached: ['-lbpf', '-lelf'],
  reader: ['-lpthread'],
  dialer: [],
  spawner: ['-lpthread'],
  executor: ['-lpthread'],
  gate: [],
  // a library: LD_PRELOAD
  resident: ['-shared', '-fPIC'],
} as const;

type ToolName = keyof typeof tools;
const toolNames = Object.keys(tools) as ToolName[];

/** Where each tool is on the machine. */
export type Toolkit = Record<ToolName, string> & {
  /** Folder with vmlinux.h, for -I. */
  headers: string;
  /** The types of vmlinux.h, compiled as a clang module. */
  module: string;
  /** What the machine has: lines 'tool NAME' for every command, then, if it is known, 'config' and the kernel's configuration. */
  facts: string;
};

export const guestToolkit = '/run/hookpoint/toolkit';
/** Where a submission is graded in a guest. */
export const guestWork = '/work';

const sources = [
  'json.h',
  'loader.h',
  ...toolNames.flatMap((name) => [`${name}.c`, ...tools[name].filter((word) => word.endsWith('.c'))]),
];
const moduleMap = 'module vmlinux [system] {\n  header "vmlinux-types.h"\n  export *\n}\n';

/**
 * vmlinux.h in two: its types, three megabytes that a module saves from being read each time, and its kfuncs, a hundred lines. From a
 * module clang takes a kfunc without its BTF if it is called by nobody but an attribute, as bpf_for() calls
 * bpf_iter_num_destroy(), and libbpf refuses the object.
 */
const makeHeaders = `
  cd "$1"
  bpftool btf dump file /sys/kernel/btf/vmlinux format c >whole
  sed '/^#ifndef BPF_NO_KFUNC_PROTOTYPES/,/^#endif/d' whole >vmlinux-types.h
  { echo '#ifndef __VMLINUX_KFUNCS_H__'; echo '#define __VMLINUX_KFUNCS_H__'
    sed -n '/^#ifndef BPF_NO_KFUNC_PROTOTYPES/,/^#endif/p' whole; echo '#endif'; } >vmlinux-kfuncs.h
  printf '#include "%s"\\n' vmlinux-types.h vmlinux-kfuncs.h >vmlinux.h
  rm whole`;

/** Where things are in a folder that prepareToolkit has filled; for a machine restored from a saved state. */
export function toolkitAt(folder: string): Toolkit {
  const paths = Object.fromEntries(toolNames.map((name) => [name, `${folder}/${name}`])) as Record<ToolName, string>;
  return {
    ...paths,
    headers: `${folder}/headers`,
    module: `${folder}/vmlinux.pcm`,
    facts: `${folder}/facts`,
  };
}

/**
 * Fills `folder` on a freshly booted machine. All of it may read the folder, nobody but root may write: on the host
 * that includes every folder above it. Takes about as long as two compiles without the module.
 */
export async function prepareToolkit(machine: Machine, folder = guestToolkit): Promise<Toolkit> {
  const toolkit = toolkitAt(folder);
  await requireTracing(machine);
  for (const name of sources) await machine.put(`${folder}/source/${name}`, await readSource(name));
  await machine.put(`${toolkit.headers}/module.modulemap`, moduleMap);
  const gcc = (output: string, source: string, ...rest: string[]) =>
    step(machine, [
      'gcc',
      '-O1',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-o',
      output,
      `${folder}/source/${source}`,
      ...rest.map((word) => (word.endsWith('.c') ? `${folder}/source/${word}` : word)),
    ]);
  for (const name of toolNames) await gcc(toolkit[name], `${name}.c`, ...tools[name]);
  await step(machine, ['sh', '-c', collectFacts, 'facts', toolkit.facts]);
  // A shell, for the file of some megabytes need not travel to us and back.
  await step(machine, ['sh', '-ec', makeHeaders, 'headers', toolkit.headers]);
  await step(machine, [
    'clang',
    ...compileFlags(machine.info.arch, toolkit.headers),
    '-fmodules',
    '-fmodule-name=vmlinux',
    '-x',
    'c',
    '-Xclang',
    '-emit-module',
    '-c',
    `${toolkit.headers}/module.modulemap`,
    '-o',
    toolkit.module,
  ]);
  return toolkit;
}

/** Collected once: to look for a few commands takes a guest under emulation half a second. */
const collectFacts = `
  exec >"$1"
  IFS=:
  for folder in $PATH; do ls "$folder" 2>/dev/null; done | sed 's/^/tool /'
  config=/usr/lib/modules/$(uname -r)/config
  [ -r "$config" ] || config=/boot/config-$(uname -r)
  if [ -r "$config" ]; then echo config; cat "$config"
  elif [ -r /proc/config.gz ]; then echo config; zcat /proc/config.gz; fi`;

/** Without tracefs libbpf finds no tracepoint, and the learner's section would seem to be wrong. */
async function requireTracing(machine: Machine): Promise<void> {
  const found = await machine.run([
    'sh',
    '-c',
    '[ -e /sys/kernel/tracing/trace ] || [ -e /sys/kernel/debug/tracing/trace ]',
  ]);
  if (found.code !== 0)
    throw new MachineUnavailable(
      "The kernel's tracing files are not mounted at /sys/kernel/tracing.",
      'sudo mount -t tracefs tracefs /sys/kernel/tracing',
    );
}

/**
 * Changes whenever a prepared toolkit may differ on the same machine: part of the key of a saved state. The files that
 * hold its recipe count as well as the sources. 64 hexadecimal digits.
 */
export async function toolkitVersion(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of sources) hash.update(`\0${name}\0`).update(await readSource(name));
  for (const recipe of ['toolkit.ts', 'compile-flags.ts', 'compiler.ts', 'resident.ts'])
    hash.update('\0').update(await readFile(new URL(recipe, import.meta.url)));
  return hash.digest('hex');
}

function readSource(name: string): Promise<Uint8Array> {
  return readFile(new URL(`../../../environment/guest/${name}`, import.meta.url));
}

async function step(machine: Machine, argv: string[]): Promise<void> {
  const result = await machine.run(argv, { timeoutMs: 600_000 });
  if (result.code !== 0)
    throw new Error(
      `Preparing the machine failed: ${argv.join(' ')} ended with ${result.timedOut ? 'a timeout' : result.signal ? `signal ${result.signal}` : `code ${result.code}`}.\n${result.stderr.slice(0, 4000)}`,
    );
}
