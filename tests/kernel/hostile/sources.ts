/** Sources that are hostile to whoever reads and compiles them. */
import type { Hostile } from './graded.ts';

const source = (what: string, text: string, more: Partial<Hostile> = {}): Hostile => ({
  what: `source: ${what}`,
  exercise: 'programs/hello',
  files: { 'hello.bpf.c': text },
  at: 'compiles',
  ...more,
});

const doubling = (name: string, times: number) =>
  [
    `#define ${name}0 int x;`,
    ...Array.from({ length: times }, (_, i) => `#define ${name}${i + 1} ${name}${i} ${name}${i}`),
  ].join('\n');

export const sources: Hostile[] = [
  source('includes itself without end', '#include "hello.bpf.c"\n'),
  source('includes a file without end', '#include "/dev/zero"\n'),
  source('includes what never comes', '#include "/dev/stdin"\n'),
  source('includes a secret', '#include "/etc/shadow"\n'),
  source('includes the agent’s port', '#include "/dev/vport1p1"\n'),
  source('includes the kernel’s memory', '#include "/proc/kcore"\n'),
  source('embeds a device', 'asm(".incbin \\"/dev/zero\\"");\n'),
  source('embeds a secret', 'asm(".incbin \\"/etc/shadow\\"");\n'),
  source('a macro that doubles 40 times', `${doubling('A', 40)}\nA40\n`),
  source('a macro that doubles 22 times', `${doubling('A', 22)}\nA22\n`),
  source('an array of 8 GB', 'char big[1ul << 33] = { 1 };\n'),
  source('an array of 200 MB', 'char big[200 << 20] = { 1 };\n'),
  source('5,000 brackets', `int x = ${'('.repeat(5000)}1${')'.repeat(5000)};\n`),
  source('20,000 nested blocks', `int f(void) ${'{'.repeat(20_000)}${'}'.repeat(20_000)}\n`),
  source('a line of 60,000 letters', `int ${'x'.repeat(60_000)} = y;\n`),
  source('a message with escapes and marks', '#error \u001b]0;owned\u0007\u001b[2J \u009b31m\n'),
  source('a message with a workflow command', '#error ::set-output name=x::y\n#error ##[error]x\n'),
  source('10,000 errors', 'x y z;\n'.repeat(10_000).slice(0, 60_000)),
  source('nothing at all', '', { outcome: 'any', at: undefined }),
  source('nothing but newlines', '\n'.repeat(60_000)),
  source('bytes that are no text', '\xff\xfe\x00\x80\xc0', { outcome: 'any', at: undefined }),
  source('a pragma for a plugin', '#pragma clang module load "/tmp/x.so"\n'),
  source('a constructor', '__attribute__((constructor)) static void f(void) { for (;;) ; }\nint x;\n', {
    at: undefined,
  }),
  source('another vmlinux.h', '#define __VMLINUX_H__\n#include "vmlinux.h"\nstruct task_struct { int x; };\n'),
  source(
    'loops that are unrolled without end',
    `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("kprobe/x") int f(void *c) { volatile int n = 0;
#pragma unroll
for (int i = 0; i < 100000; i++) n += i * n;
return n; }
`,
    { at: undefined },
  ),
];
