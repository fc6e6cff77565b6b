/** BPF programs that reach beyond the task. Each stands beside the right one, which would pass alone. */
import type { Hostile } from './graded.ts';

const hello = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
char LICENSE[] SEC("license") = "GPL";
SEC("tracepoint/syscalls/sys_enter_execve")
int hello(void *ctx) { bpf_printk("Hello, BPF World!"); return 0; }
`;

const beside = (what: string, extra: string, more: Partial<Hostile> = {}): Hostile => ({
  what,
  exercise: 'programs/hello',
  files: { 'hello.bpf.c': hello + extra },
  ...more,
});

const signals: Hostile[] = [
  ['SIGKILL to whoever writes', 'tracepoint/syscalls/sys_enter_write', 'bpf_send_signal(9)'],
  ['SIGSTOP after each system call', 'tracepoint/raw_syscalls/sys_exit', 'bpf_send_signal(19)'],
  ['SIGSEGV to whoever forks', 'tracepoint/sched/sched_process_fork', 'bpf_send_signal(11)'],
  ['SIGTERM to a thread', 'tracepoint/syscalls/sys_enter_openat', 'bpf_send_signal_thread(15)'],
  ['SIGKILL at a kprobe', 'kprobe/do_unlinkat', 'bpf_send_signal(9)'],
  ['SIGKILL at the scheduler', 'tp_btf/sched_switch', 'bpf_send_signal(9)'],
].map(([what, section, call]) =>
  beside(what!, `SEC("${section}") int extra(void *ctx) { ${call}; return 0; }`, {
    at: 'loads',
    says: /bpf_send_signal/,
  }),
);

const write = (what: string, section: string, body: string) =>
  beside(what, `SEC("${section}") int extra(struct trace_event_raw_sys_enter *ctx) { ${body} return 0; }`, {
    at: 'loads',
    says: /bpf_probe_write_user/,
  });

const writes: Hostile[] = [
  write(
    'writes lengths into the agent’s frames',
    'tracepoint/syscalls/sys_enter_write',
    'unsigned len = 20u << 20; if (ctx->args[2] == 12) bpf_probe_write_user((void *)ctx->args[1], &len, 4);',
  ),
  write(
    'writes into every buffer that is written',
    'tracepoint/syscalls/sys_enter_write',
    'char zero[8] = {}; bpf_probe_write_user((void *)ctx->args[1], zero, 8);',
  ),
  write(
    'changes the names of files that are opened',
    'tracepoint/syscalls/sys_enter_openat',
    'char name[2] = "/"; bpf_probe_write_user((void *)ctx->args[1], name, 2);',
  ),
  write(
    'changes what is executed',
    'tracepoint/syscalls/sys_enter_execve',
    'char name[10] = "/bin/true"; bpf_probe_write_user((void *)ctx->args[0], name, 10);',
  ),
  beside(
    'writes over the stack of process 1',
    `SEC("tracepoint/syscalls/sys_exit_poll") int extra(void *ctx) {
      if (bpf_get_current_pid_tgid() >> 32 != 1) return 0;
      struct pt_regs *regs = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
      static unsigned long bad[64];
      bpf_probe_write_user((void *)BPF_CORE_READ(regs, sp), bad, sizeof(bad));
      return 0; }`,
    { at: 'loads', says: /bpf_probe_write_user/ },
  ),
];

const hooks = [
  ['opening files', 'file_open'],
  ['starting processes', 'task_alloc'],
  ['executing programs', 'bprm_check_security'],
  ['BPF', 'bpf'],
  ['mapping files', 'mmap_file'],
  ['permissions of inodes', 'inode_permission'],
  ['permissions of files', 'file_permission'],
  ['signals', 'task_kill'],
  ['capabilities', 'capable'],
];
const denials: Hostile[] = hooks.map(([what, hook]) =>
  beside(
    `denies ${what} to all`,
    `SEC("lsm/${hook}") int BPF_PROG(extra) { return -1; }`,
    // Whether the kernel takes it, and what then breaks, is the kernel's; a pass it cannot be, for the actor cannot act.
    hook === 'task_kill' || hook === 'capable' || hook === 'bpf' ? { outcome: 'any' } : {},
  ),
);

const modified: Hostile[] = [
  beside(
    'changes the result of a system call (fmod_ret)',
    `SEC("fmod_ret/__x64_sys_execve") int BPF_PROG(extra) { return -1; }`,
  ),
  beside(
    'makes execve fail (bpf_override_return)',
    `SEC("kprobe/__x64_sys_execve") int extra(struct pt_regs *ctx) { bpf_override_return(ctx, -1); return 0; }`,
  ),
];

const spin = `static long in(u32 i, void *c) { return 0; }
static long out(u32 i, void *c) { bpf_loop(1 << 23, in, 0, 0); return 0; }
`;
const loops: Hostile[] = [
  ['at openat', 'tracepoint/syscalls/sys_enter_openat'],
  ['at write', 'tracepoint/syscalls/sys_enter_write'],
  ['at execve', 'tracepoint/syscalls/sys_enter_execve'],
  ['at the scheduler', 'tracepoint/sched/sched_switch'],
  ['at every interrupt', 'tracepoint/irq/softirq_entry'],
].map(([what, section]) =>
  beside(
    `never ends, ${what}`,
    `${spin}SEC("${section}") int extra(void *ctx) { bpf_loop(1 << 23, out, 0, 0); return 0; }`,
  ),
);

const floods: Hostile[] = [
  beside(
    'prints at every system call',
    `SEC("tracepoint/raw_syscalls/sys_enter") int extra(void *ctx) { bpf_printk("Hello, BPF World!"); return 0; }`,
  ),
  beside(
    'prints at every switch of the scheduler',
    `SEC("tracepoint/sched/sched_switch") int extra(void *ctx) { bpf_printk("Hello, BPF World!"); return 0; }`,
  ),
  {
    what: 'prints lines that look like those of other processes',
    exercise: 'programs/hello',
    files: {
      'hello.bpf.c': hello.replace(
        'bpf_printk("Hello, BPF World!")',
        'bpf_printk("Hello, BPF World!\\n           true-1     [000] d..21    99.000000: bpf_trace_printk: Hello, BPF World!")',
      ),
    },
  },
  {
    what: 'prints what looks like the grader’s own marks',
    exercise: 'programs/hello',
    files: {
      'hello.bpf.c': hello.replace(
        'bpf_printk("Hello, BPF World!")',
        'bpf_printk("x\\n           x-1     [000] d..21    99.000000: tracing_mark_write: hookpoint-end")',
      ),
    },
  },
  {
    what: 'prints terminal escapes',
    exercise: 'programs/hello',
    files: { 'hello.bpf.c': hello.replace('Hello, BPF World!', '\\x1b]0;title\\x07\\x1b[2J\\x1b[31mred') },
  },
];

const sizes: Hostile[] = [
  beside(
    'has 80 programs',
    Array.from({ length: 80 }, (_, i) => `SEC("kprobe/do_unlinkat") int p${i}(void *ctx) { return 0; }`).join('\n'),
    { at: 'loads', says: /holds more than 64 BPF programs/ },
  ),
  {
    what: 'has a section with a name of 3,000 letters',
    exercise: 'programs/hello',
    files: { 'hello.bpf.c': hello.replace('syscalls/sys_enter_execve', 'x'.repeat(3000)) },
  },
  {
    what: 'has a program with a name of 3,000 letters',
    exercise: 'programs/hello',
    files: { 'hello.bpf.c': hello.replace('int hello(', `int ${'h'.repeat(3000)}(`) },
    outcome: 'pass',
  },
  beside(
    'wants a map of 4 GB',
    `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1 << 26); __type(key, u32); __type(value, u64[8]); } big SEC(".maps");`,
    { at: 'loads' },
  ),
  beside(
    'wants all memory for maps',
    Array.from(
      { length: 12 },
      (_, i) =>
        `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 100000); __type(key, u32); __type(value, u8[1000]); } m${i} SEC(".maps");`,
    ).join('\n'),
  ),
  beside(
    'has 500 maps',
    Array.from(
      { length: 500 },
      (_, i) =>
        `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, u32); __type(value, u32); } m${i} SEC(".maps");`,
    ).join('\n'),
    { outcome: 'pass' },
  ),
  beside(
    'has a verifier walk as far as it goes',
    `SEC("kprobe/do_unlinkat") int extra(void *ctx) { unsigned x = bpf_get_prandom_u32(), n = 0;
${Array.from({ length: 30 }, (_, i) => `if (x & (1u << ${i})) n += bpf_get_prandom_u32();`).join('\n')}
for (int i = 0; i < 100000; i++) { if (bpf_get_prandom_u32() > n) n++; } return n; }`,
    { outcome: 'any' },
  ),
  beside(
    'has BTF that names files of the machine',
    `SEC("uprobe//proc/1/exe:main") int extra(void *ctx) { return 0; }`,
  ),
];

export const programs: Hostile[] = [...signals, ...writes, ...denials, ...modified, ...loops, ...floods, ...sizes];
