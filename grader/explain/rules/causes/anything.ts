/** Errors that mean the same whatever was tried. They stand last: a cause of its own says more. */
import type { Operation } from '../../operations.ts';
import type { Cause } from '../../rule.ts';

/** To what happens in a kernel or a program, not to a network device or a cgroup. */
export const tracing: readonly Operation[] = [
  'attach-kprobe',
  'attach-uprobe',
  'attach-tracepoint',
  'attach-raw-tracepoint',
  'attach-perf-event',
  'attach-trampoline',
  'raw-open',
];

const attaching: readonly Operation[] = [
  ...tracing,
  'attach',
  'attach-xdp',
  'attach-tc',
  'attach-cgroup',
  'attach-struct-ops',
];

export const anyCauses: readonly Cause[] = [
  {
    id: 'too-many-files',
    of: [...attaching, 'program-load', 'load', 'object-load', 'map-update', 'af-xdp', 'perf-buffer', 'pin', 'tracefs'],
    errno: ['EMFILE'],
    text: 'The process has too many files open (EMFILE).',
    why: 'Each program, map, link and perf event is a descriptor, and a probe on many functions takes one for each and every CPU.',
    help: 'ulimit -n shows the limit; ulimit -n 65536, LimitNOFILE=65536 in a systemd unit. Attach to fewer functions, or by kprobe.multi (Linux 5.18), which takes one for all.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'attach-enomem',
    of: [...attaching, 'map-update'],
    errno: ['ENOMEM'],
    text: 'There was not enough memory for it (ENOMEM).',
    why: 'The machine, or the cgroup of the process (the container’s limit), has none left.',
    help: 'free -m, and memory.max of the cgroup; dmesg | tail.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'attach-enosys',
    of: [...attaching, 'map-update', 'pin', 'tracefs'],
    errno: ['ENOSYS'],
    text: 'This kernel has no such system call (ENOSYS).',
    why: 'It was built without CONFIG_BPF_SYSCALL or CONFIG_PERF_EVENTS, or what runs the process (gVisor, WSL 1, an old container runtime) does not offer it.',
    help: 'zgrep -E "BPF_SYSCALL|PERF_EVENTS" /proc/config.gz; uname -a.',
    lesson: 'programs/loaders-and-links',
  },
  // arch_uprobe_analyze_insn()
  {
    id: 'uprobe-instruction',
    of: ['attach-uprobe'],
    errno: ['ENOTSUPP'],
    text: 'The kernel cannot put a uprobe on what is at $1 ($2).',
    why: 'Either it is not the place that is meant: what is needed is an offset in the file, and nm shows addresses in memory, so the probe lands inside another instruction. Or the instruction is one that uprobes cannot step over.',
    help: 'readelf -lW FILE: the offset is address − VirtAddr + Offset of the LOAD segment that the address is in. Better give the function’s name, and let the library look it up (func_name in bpf_uprobe_opts). objdump -d FILE shows the instruction.',
    lesson: 'programs/uprobes-and-usdt',
  },
  // perf_kprobe and perf_uprobe, kprobe.multi: the kernel has no such kind of event
  {
    id: 'probe-unsupported',
    of: ['attach-kprobe', 'attach-uprobe', 'attach-perf-event', 'attach-tracepoint', 'attach-raw-tracepoint'],
    errno: ['EOPNOTSUPP', 'ENOTSUPP', 'ENODEV'],
    text: 'This kernel does not offer probes of this kind ($2).',
    why: 'It was built without CONFIG_KPROBES, CONFIG_UPROBES or CONFIG_BPF_EVENTS, or is older than what the tool asks for: kprobe.multi needs Linux 5.18 with CONFIG_FPROBE, uprobe.multi 6.6.',
    help: 'uname -r; zgrep -E "KPROBES|UPROBES|BPF_EVENTS|FPROBE" /proc/config.gz.',
    lesson: 'programs/kprobes-and-fentry',
  },
];
