/** What a person finds in the guest: the files, a shell that knows the headers, and the commands to begin with. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolkitAt } from '../kit/guest/toolkit.ts';
import type { Machine } from '../machine/machine.ts';
import { environmentFolder } from '../machine/vm/build.ts';

const home = '/root';

/** The folder of an exercise in the guest; without one, the home of root. */
export function guestFolder(exerciseId?: string): string {
  return exerciseId === undefined ? home : `${home}/${exerciseId}`;
}

export async function furnish(machine: Machine, folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await machine.put(`${home}/.bashrc`, await readFile(join(environmentFolder, 'guest/bashrc')));
  await machine.put(`${home}/.bash_profile`, '. ~/.bashrc\n');
  for (const [name, bytes] of files) await machine.put(`${folder}/${name}`, bytes);
}

/** The whole environment of a person's commands. `terminal`: that of the learner, for colours and keys. */
export function guestEnv(toolkit: string, arch: string, terminal?: NodeJS.ProcessEnv): Record<string, string> {
  const { headers } = toolkitAt(toolkit);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: home,
    USER: 'root',
    LOGNAME: 'root',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    // vmlinux.h of this kernel, and where Debian keeps the <asm/types.h> that <linux/bpf.h> needs.
    C_INCLUDE_PATH: `${headers}:/usr/include/${arch}-linux-gnu`,
    ...(terminal && { TERM: terminal.TERM || 'xterm-256color' }),
    ...(terminal?.COLORTERM && { COLORTERM: terminal.COLORTERM }),
  };
}

type Steps = readonly (readonly [what: string, command: (file: string) => string])[];

const trace = ['trace', () => 'cat /sys/kernel/tracing/trace_pipe'] as const;
const look = ['look', () => 'bpftool prog show; bpftool map show; bpftool link show'] as const;

/** By the ending of a file, of which the longest counts: how it is tried by hand. */
const steps: readonly (readonly [ending: string, steps: Steps])[] = [
  [
    '.bpf.c',
    [
      ['compile', (file) => `clang -O2 -g --target=bpf -D__TARGET_ARCH_x86 -c ${file}`],
      ['load', (file) => `bpftool prog loadall ${file.replace(/\.c$/, '.o')} /sys/fs/bpf/mine autoattach`],
      look,
      trace,
    ],
  ],
  ['.sh', [['run', (file) => `bash ${file}`]]],
  ['.bt', [['run', (file) => `bpftrace ${file}`], look]],
  ['.py', [['run', (file) => `python3 ${file}`], look, trace]],
  ['filter.c', [['compile', (file) => `gcc -O2 -Wall -c ${file}`]]],
  ['.c', [['compile', (file) => `gcc -O2 -Wall -o ${file.replace(/\.c$/, '')} ${file} -lbpf`], look, trace]],
  [
    '.tc',
    [
      ['device', () => 'ip link add eth0 type dummy && ip link set eth0 up'],
      ['attach', (file) => `tc -batch ${file}`],
      ['look', () => 'tc -s filter show dev eth0 ingress'],
    ],
  ],
  ['filter.txt', [['look', (file) => `tcpdump -d "$(cat ${file})"`]]],
];

/** What is said before the first prompt. */
export function banner(kernel: string, folder: string, files: readonly string[]): string {
  const known = steps.flatMap(([ending, these]) => {
    const file = files.find(
      (name) => name.endsWith(ending) && !steps.some(([other]) => other.length > ending.length && name.endsWith(other)),
    );
    return file === undefined ? [] : these.map(([what, command]) => [what, command(file)] as const);
  });
  const lines =
    known.length > 0 ? known : ([look, trace] as const).map(([what, command]) => [what, command()] as const);
  return [
    `You are root on Linux ${kernel}, in a guest of your own.`,
    'Its files and programs are gone when you leave.',
    '',
    ...lines.map(([what, command]) => `  ${what.padEnd(8)} ${command}`),
    '',
    ...(files.length > 0
      ? [`Your files are in ${folder.replace(home, '~')}; what you change in them you may keep.`]
      : []),
    'Leave with exit or Ctrl-D. Ctrl-] three times ends a guest that hangs.',
    '',
  ].join('\n');
}
