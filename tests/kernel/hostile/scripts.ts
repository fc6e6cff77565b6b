/** Programs of their own user space that misbehave: Python with BCC, bpftrace, C, tc, tcpdump, seccomp, Pods. */
import type { Hostile } from './graded.ts';

const python = (what: string, text: string, more: Partial<Hostile> = {}): Hostile => ({
  what: `Python: ${what}`,
  exercise: 'bcc/hello',
  files: { 'hello.py': text },
  ...more,
});

const attached = `import os, signal, sys, threading, time
from bcc import BPF
b = BPF(text='TRACEPOINT_PROBE(sched, sched_process_fork){ bpf_trace_printk("Hello, World!\\\\n"); return 0; }')
`;

const pythons: Hostile[] = [
  python('4 MB of newlines before anything', 'import os\nwhile True: os.write(1, b"\\n" * 65536)\n'),
  python('4 MB of newlines once attached', `${attached}while True: os.write(1, b"\\n" * 65536)\n`),
  python('a flood without newlines', `${attached}while True: os.write(1, b"x" * 65536)\n`),
  python('a flood on standard error', `${attached}while True: os.write(2, b"x" * 65536)\n`),
  python('a fork bomb at once', 'import os\nwhile True:\n  try: os.fork()\n  except OSError: pass\n'),
  python(
    'a fork bomb once attached, deaf to signals',
    `${attached}signal.signal(2, signal.SIG_IGN); signal.signal(15, signal.SIG_IGN)
def bomb():
  if os.fork() == 0:
    os.setsid()
    while True:
      try: os.fork()
      except OSError: pass
threading.Timer(0.2, bomb).start()
b.trace_print()
`,
  ),
  python('all memory', 'x = []\nwhile True: x.append(bytearray(1 << 20))\n'),
  python('all of /tmp', `f = open('/tmp/x', 'wb')\nwhile True: f.write(b'x' * 65536)\n`),
  python(
    '10,000 threads',
    'import threading, time\nwhile True: threading.Thread(target=lambda: time.sleep(1e6)).start()\n',
  ),
  python('never attaches, and sleeps', 'import time\ntime.sleep(1e6)\n'),
  python('never attaches, and spins', 'while True: pass\n'),
  python('stops itself', `${attached}os.kill(os.getpid(), signal.SIGSTOP)\n`),
  python('ends at once', 'import os\nos._exit(0)\n'),
  python('kills all that it may', `${attached}os.kill(-1, 9)\nb.trace_print()\n`, { outcome: 'any' }),
  python('goes on as a daemon', `${attached}\nif os.fork(): os._exit(0)\nos.setsid()\nb.trace_print()\n`),
  python('closes its output', `${attached}os.close(1); os.close(2)\nwhile True: time.sleep(1)\n`),
  python(
    'opens the agent’s port',
    `import glob, os
for path in glob.glob('/dev/v*') + ['/proc/1/mem', '/proc/1/fd/4', '/dev/mem', '/dev/kmsg']:
  try: os.write(os.open(path, os.O_RDWR), b'x' * 4096); print('wrote', path)
  except OSError: pass
`,
  ),
  python(
    'changes the machine’s settings',
    `for path in ['/proc/sys/kernel/panic', '/proc/sysrq-trigger', '/sys/kernel/tracing/tracing_on', '/proc/sys/kernel/bpf_stats_enabled']:
  try: open(path, 'w').write('0'); print('wrote', path)
  except OSError: pass
`,
  ),
  python('mounts over the system', `import ctypes\nctypes.CDLL(None).mount(b'none', b'/usr', b'tmpfs', 0, None)\n`),
  python('writes to the submission', `open('hello.py', 'w').write('')\n`),
  python(
    'prints escapes and bytes that are no text',
    `${attached}os.write(1, b"\\x1b]0;x\\x07\\xff\\xfe\\x00\\n" * 1000)\nb.trace_print()\n`,
  ),
  python('recurses without end', 'def f(): f()\nimport sys\nsys.setrecursionlimit(10**9)\nf()\n'),
  python(
    'is deaf to Ctrl-C',
    `${attached}signal.signal(2, signal.SIG_IGN)\nwhile True:\n  try: b.trace_print()\n  except BaseException: pass\n`,
  ),
  python(
    'counts in /proc/stat and invents what the kernel would say',
    `import time
def forks(): return int([l for l in open('/proc/stat') if l.startswith('processes')][0].split()[1])
n = forks()
while True:
  m = forks()
  for i in range(m - n): print(b"           actor-%d [000] d..21 1.000000: bpf_trace_printk: Hello, World!" % (300 + i), flush=True)
  n = m
  time.sleep(0.01)
`,
  ),
];

const bpftrace = (what: string, text: string, more: Partial<Hostile> = {}): Hostile => ({
  what: `bpftrace: ${what}`,
  exercise: 'bpftrace/read-sizes-tracepoint',
  files: { 'read-sizes.bt': text },
  ...more,
});

const bpftraces: Hostile[] = [
  bpftrace('starts a program', 'BEGIN { system("kill -9 -1"); }\n'),
  bpftrace('prints without end', 'tracepoint:syscalls:sys_enter_* { printf("%s\\n", probe); }\n'),
  bpftrace('prints at every switch', 'tracepoint:sched:sched_switch { printf("%0200d\\n", 1); }\n'),
  bpftrace('keeps a million rows', 'tracepoint:sched:sched_switch { @[nsecs] = count(); }\n'),
  bpftrace('does nothing', 'BEGIN { }\n'),
  bpftrace('ends at once', 'BEGIN { exit(); }\n'),
  bpftrace('sends signals', 'tracepoint:syscalls:sys_enter_read { signal("KILL"); }\n'),
  bpftrace('overrides results', 'kprobe:__x64_sys_read { override(1); }\n'),
  bpftrace('loops', 'tracepoint:syscalls:sys_exit_read { $i = 0; while ($i < 100000000) { $i++; } }\n', {
    outcome: 'any',
  }),
  bpftrace('is one long line', `BEGIN { ${'@x = 1; '.repeat(4000)}}\n`, { outcome: 'any' }),
  bpftrace('includes a device', '#include "/dev/zero"\nBEGIN { }\n'),
  bpftrace('is no text', '\xff\xfe\x00', { outcome: 'any' }),
];

const loader = (what: string, body: string, more: Partial<Hostile> = {}): Hostile => ({
  what: `C: ${what}`,
  exercise: 'programs/loader',
  files: {
    'loader.c': `#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(int argc, char **argv) { ${body} }
`,
  },
  ...more,
});

const loaders: Hostile[] = [
  loader('a fork bomb', 'for (;;) fork();'),
  loader(
    'a fork bomb in sessions of their own',
    'for (int i = 0; i < 40; i++) if (!fork()) { setsid(); for (;;) fork(); } pause();',
  ),
  loader(
    'a gigabyte of output',
    'static char x[1 << 16]; memset(x, 120, sizeof(x)); for (int i = 0; i < 1 << 14; i++) write(1, x, sizeof(x));',
  ),
  loader('newlines without end', 'static char x[1 << 16]; memset(x, 10, sizeof(x)); for (;;) write(1, x, sizeof(x));'),
  loader('all memory', 'for (;;) memset(malloc(1 << 20), 1, 1 << 20);'),
  loader(
    'all of /tmp',
    'static char x[1 << 16]; int f = open("/tmp/x", O_CREAT | O_WRONLY, 0600); for (;;) write(f, x, sizeof(x));',
  ),
  loader('never ends, and says nothing', 'for (;;) pause();'),
  loader('spins', 'for (;;) ;'),
  loader('says ready and does nothing', 'puts("ready"); fflush(stdout); for (;;) pause();'),
  loader('stops itself', 'puts("ready"); fflush(stdout); raise(SIGSTOP);'),
  loader('kills all', 'kill(-1, SIGKILL); for (;;) pause();'),
  loader('dies of SIGSEGV', '*(volatile int *)0 = 1;'),
  loader('becomes a shell', 'execlp("sh", "sh", "-c", "cat /etc/shadow; sleep 1000", NULL);'),
  loader('reads the learner’s machine', 'system("cat /proc/1/environ /dev/vport* /root/* 2>&1");'),
  loader('closes its output', 'puts("ready"); fflush(stdout); close(1); close(2); for (;;) pause();'),
];

const other = (
  what: string,
  exercise: string,
  files: Record<string, string>,
  more: Partial<Hostile> = {},
): Hostile => ({
  what,
  exercise,
  files,
  ...more,
});

const tc = 'networking/tc-drop-tcp';
const filterC = (body: string) => `#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
int install_filter(void) { ${body} }
`;
const others: Hostile[] = [
  other('tc: a rule instead of the program', tc, {
    'attach.tc': 'qdisc add dev eth0 clsact\nfilter add dev eth0 ingress protocol ip flower ip_proto tcp action drop\n',
  }),
  other('tc: bytecode instead of the program', tc, {
    'attach.tc':
      "qdisc add dev eth0 clsact\nfilter add dev eth0 ingress protocol ip bpf bytecode '4,48 0 0 9,21 0 1 6,6 0 0 4294967295,6 0 0 0' action drop\n",
  }),
  other('tc: everything is dropped', tc, {
    'attach.tc': 'qdisc add dev eth0 clsact\nfilter add dev eth0 ingress matchall action drop\n',
  }),
  other('tc: an object of the machine', tc, {
    'attach.tc': 'qdisc add dev eth0 clsact\nfilter add dev eth0 ingress bpf da obj /proc/1/exe sec tc\n',
  }),
  other('tc: another batch, without end', tc, { 'attach.tc': 'qdisc add dev eth0 clsact\n'.repeat(150) }),
  other('tcpdump: writes a file', 'networking/tcpdump-filter', { 'filter.txt': '-w /tmp/x tcp\n' }),
  other('tcpdump: reads a file', 'networking/tcpdump-filter', { 'filter.txt': '-r /etc/shadow\n' }),
  other('tcpdump: a filter of 100 brackets', 'networking/tcpdump-filter', {
    'filter.txt': `${'('.repeat(100)}tcp${')'.repeat(100)}\n`,
  }),
  other('tcpdump: a filter as long as may be', 'networking/tcpdump-filter', {
    'filter.txt': `tcp ${'or tcp '.repeat(100)}\n`,
  }),
  other('seccomp: spins', 'security/seccomp', { 'filter.c': filterC('for (;;) ;') }),
  other('seccomp: ends the program that asked', 'security/seccomp', { 'filter.c': filterC('_exit(0);') }),
  other('seccomp: kills its group', 'security/seccomp', { 'filter.c': filterC('kill(0, SIGKILL); return 0;') }),
  other('seccomp: a fork bomb', 'security/seccomp', { 'filter.c': filterC('for (;;) fork();') }),
  other('seccomp: allows nothing at all', 'security/seccomp', {
    'filter.c': filterC(
      'struct sock_filter f = { 6, 0, 0, SECCOMP_RET_KILL_PROCESS }; struct sock_fprog p = { 1, &f }; prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p);',
    ),
  }),
  other('seccomp: two filters', 'security/seccomp', {
    'filter.c': filterC(
      'struct sock_filter f = { 6, 0, 0, SECCOMP_RET_ALLOW }; struct sock_fprog p = { 1, &f }; prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p); return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p);',
    ),
  }),
  other('Pod: a billion laughs', 'kubernetes/sidecar', {
    'pod.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
      .join('\n')}\n`,
  }),
  other('Pod: 5,000 levels', 'kubernetes/sidecar', { 'pod.yaml': `${'['.repeat(5000)}${']'.repeat(5000)}\n` }),
  other('Pod: the node’s root', 'kubernetes/sidecar', {
    'pod.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec:\n  hostPID: true\n  containers:\n    - { name: a, image: x, securityContext: { privileged: true }, volumeMounts: [ { name: r, mountPath: /host } ] }\n  volumes: [ { name: r, hostPath: { path: / } } ]\n',
  }),
  other('Pod: prototype pollution', 'kubernetes/sidecar', {
    'pod.yaml': '__proto__: { polluted: true }\nconstructor: { prototype: { x: 1 } }\n',
  }),
];

export const scripts: Hostile[] = [...pythons, ...bpftraces, ...loaders, ...others];
