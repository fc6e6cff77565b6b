/** What bcc, bpftrace, libscap and the schedulers of sched_ext say, beyond the probes themselves. */
import type { Rule } from '../../rule.ts';

export const tracersRules: readonly Rule[] = [
  // bpftrace before 0.11 names no error
  {
    id: 'bpftrace-map',
    passing: true,
    pattern: /Error creating (?:map: '(@\w{0,60})'|stack id map|perf event map)(?: \(-1\))?$/,
    text: 'bpftrace cannot create a map ($1), and this version does not say why.',
    why: 'It lacks rights or locked memory (not root, a container, RLIMIT_MEMLOCK before Linux 5.11); for stacks kernel.perf_event_max_stack may be below 127; or this bpftrace is too old for the kernel.',
    help: 'bpftrace --version, and a newer one. id -u; ulimit -l; sysctl kernel.perf_event_max_stack. sudo strace -f -e bpf bpftrace … shows the error.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  // libscap: open of events/…/id below debugfs
  {
    id: 'libscap-event',
    pattern: /failed to open event (\w{1,60}\/\w{1,60})\b/,
    text: 'The tracepoint $1 cannot be opened.',
    why: 'The tool reads its number from debugfs (/sys/kernel/debug/tracing/events): that is not mounted, not visible in this container, or not for this user. All kernels with CONFIG_FTRACE_SYSCALLS have the tracepoints of system calls.',
    help: 'sudo ls /sys/kernel/debug/tracing/events/raw_syscalls. mount -t debugfs none /sys/kernel/debug; docker run --privileged -v /sys/kernel/debug:/sys/kernel/debug; cat /sys/kernel/security/lockdown.',
    lesson: 'programs/tracepoints',
  },
  // libscap: the engines that read from a kernel module
  {
    id: 'driver-module',
    pattern:
      /(?:Unable to load the driver )?error opening device \/dev\/(?:sysdig|falco|scap)\S{0,8}\. Make sure you have root credentials and that the ([\w-]{1,40}) module|unable to open '\/sys\/module\/(\w{1,40})\/parameters\/g_buffer_bytes_dim'/,
    text: 'The tool’s own kernel module ($1$2) is not loaded: here it reads its events from that, and not from BPF.',
    why: 'It was not built for this kernel (its headers are missing), Secure Boot refuses it because nobody signed it, or a container does not see /dev.',
    help: 'lsmod; dkms status; sudo modprobe $1$2, and sudo dmesg | tail for the reason. Or use BPF instead, which needs no module: sysdig --modern-bpf, for Falco engine.kind: modern_ebpf (Linux 5.8 or newer with BTF).',
    lesson: 'programs/loaders-and-links',
  },
  // ply
  {
    id: 'ply-kernel',
    pattern: /ERR probe_load {1,20}: was ply built against the running kernel\?/,
    text: 'ply’s program is refused, mostly because ply was built for another kernel.',
    why: 'Before Linux 5.0 a kprobe program must carry the exact version of the running kernel, and ply takes it from the headers that it was compiled with.',
    help: 'uname -r; build ply again on this kernel with its headers (linux-headers-$(uname -r)), or use bpftrace.',
    lesson: 'programs/program-types',
  },
  // Beyla (OBI), of bpf_probe_write_user()
  {
    id: 'lockdown-or-rights',
    pattern: /Kernel in lockdown mode or missing CAP_SYS_ADMIN/,
    text: 'The tool may not write into the memory of processes: the kernel is locked down, or the process lacks CAP_SYS_ADMIN.',
    why: 'bpf_probe_write_user() is forbidden by lockdown in both of its modes (Secure Boot can switch that on; Bottlerocket, Talos and others have it always), and otherwise takes CAP_SYS_ADMIN. Mostly only one feature, such as the propagation of traces, is missing then.',
    help: 'cat /sys/kernel/security/lockdown (it must say [none]; in a container mount /sys/kernel/security); capsh --print. Or switch the feature off.',
    lesson: 'security/hardening',
  },
  // kernel/sched/ext.c: scx_exit_reason(); the schedulers print the same with EXIT:
  {
    id: 'scx-runtime',
    pattern:
      /sched_ext: (runnable task stall \(.{1,120}?\)|BPF scheduler "?[\w.-]{1,60}"? (?:errored, )?disabl\w{1,5}.{0,100})|EXIT: ((?:runtime error|runnable task stall|BPF error|scx_bpf_error).{0,200})|triggered exit kind \d+:?(.{0,60})|EXIT: (sys-rq|Scheduler registration failed.{0,100})/,
    text: 'The scheduler was loaded and ran; then it made a mistake, and the kernel went back to its own ($1$2$3$4).',
    why: 'The kernel watches a sched_ext scheduler: a task that waits too long, or is put where it may not run, ends it. Neither the loading nor the verifier is to blame, nor are fields that libbpf leaves out as zero.',
    help: 'journalctl -k | grep -A40 sched_ext has the kernel’s report with the queues. Report it to the scheduler’s authors with that, try another release of it, or another scheduler; nothing needs to be done for the system itself.',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
  // bcc: src/cc/libbpf.c, src/python/bcc
  {
    id: 'bcc-sampling',
    pattern: /Exactly one of sample_period \/ sample_freq should be set/,
    text: 'attach_perf_event() was given both a period and a frequency, or neither.',
    why: 'The kernel samples either every N events, or N times a second.',
    help: 'b.attach_perf_event(ev_type=…, ev_config=…, fn_name="…", sample_freq=49), with sample_period left out.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'bcc-mixed',
    pattern:
      /AttributeError: (?:type object )?'(?:BPF|PerfEventArray|RingBuf|HashTable|LruHash|PerCpuHash|Array|PerCpuArray|QueueStack|USDT|Table|TableBase|Function)' object has no attribute '(\w{1,60})'|AttributeError: module 'bcc' has no attribute '(\w{1,60})'/,
    text: 'The Python part of bcc on this machine does not have $1$2, which the script uses.',
    why: 'Tool and library are of different releases: mostly a tool from the newest source runs with the distribution’s older package.',
    help: 'python3 -c "import bcc; print(bcc.__version__, bcc.__file__)". Take the tools of the same release (tools/ at that tag, or the package’s own), or install bcc from the same source.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'bcc-quota',
    pattern:
      /Number of open probes would exceed (?:global|table) quota|Can't attach to (\d{1,9}) probes because it exceeds the current limit of (\d{1,9})/,
    text: 'The pattern fits more functions than the tool will attach to ($1).',
    why: 'Each probe costs time and a descriptor; a pattern such as * slows the whole machine.',
    help: 'Take a narrower pattern. In bpftrace BPFTRACE_MAX_PROBES raises the limit.',
    lesson: 'bpftrace/probes-and-filters',
  },
  {
    id: 'libbpf-attach-target',
    pattern: /bpf: (\w{1,100}) is not found in (\w{1,60}) BTF/,
    text: 'There is no function $1 to attach to in this kernel’s BTF ($2).',
    why: 'The name may be misspelt, or the function is static and inlined, renamed in this kernel version, or in a module that is not loaded.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w $1; sudo grep $1 /sys/kernel/tracing/available_filter_functions. Or use a kprobe.',
    lesson: 'programs/kprobes-and-fentry',
  },
  // bpftrace
  {
    id: 'capability-missing',
    pattern: /Missing (CAP_\w{1,30}) capability/,
    text: 'The process lacks the capability $1.',
    why: 'The tool checks it before it asks the kernel anything.',
    help: 'Run it with sudo; in a container add the capability, or --privileged. capsh --print shows what there is.',
    lesson: 'security/hardening',
  },
  {
    id: 'bpftrace-tracepoint',
    pattern: /tracepoint format file not found: (\S{1,200})/,
    text: 'There is no $1: this kernel has no such tracepoint, or tracefs is not mounted here.',
    why: 'bpftrace reads the fields of a tracepoint from there.',
    help: 'sudo ls /sys/kernel/tracing/events: if it is empty, mount -t tracefs none /sys/kernel/tracing. Otherwise bpftrace -l "tracepoint:*" | grep NAME.',
    lesson: 'programs/tracepoints',
  },
  // eunomia-bpf: ecli and ecc
  {
    id: 'ecli-package',
    pattern:
      /Failed to deserialize package to object: (.{1,120})|Export map named `(\w{1,60})` found, but (no export type is provided)/,
    text: 'ecli cannot use the package that ecc made: $1$3.',
    why: 'ecc writes the types of exported events from a header (ecc FILE.bpf.c FILE.h); without it, or for a program without maps, some releases make a package that ecli does not take.',
    help: 'Compile again with the header beside the source, with ecc and ecli of one release. To go on without them: bpftool prog load, or libbpf-bootstrap with the same .bpf.c.',
    lesson: 'programs/loaders-and-links',
  },
  // ebpfmanager of Datadog, as ecapture uses it
  {
    id: 'go-missing',
    pattern: /(?:unknown EbpfFuncName ?, )?couldn't find (program|map) at "?(\w{1,100})"?/,
    text: 'The object has no $1 called $2.',
    why: 'The tool asks for it by the name of the function: the object that it took is another one, for other kernels or another library’s version.',
    help: 'llvm-objdump -t FILE.o lists the symbols. For a ready-made tool: its release for this kernel and architecture (with or without CO-RE), or the option that chooses the object.',
    lesson: 'programs/loaders-and-links',
  },
];
