/** What the kernel itself writes into its log about probes (trace_kprobe.c), and what package managers say of a kernel’s packages. */
import type { Rule } from '../../rule.ts';

const lesson = 'programs/kprobes-and-fentry';

export const kernelLogRules: readonly Rule[] = [
  // __register_trace_kprobe()
  {
    id: 'libbpf-kprobe',
    pattern: /(?:trace_kprobe: )?Could not probe notrace function ([\w.$]{1,200})/,
    text: 'The function $1 is in the kernel, but no kprobe may be put on it: it is marked notrace.',
    why: 'Functions that tracing itself uses, and those that ftrace does not know, would end in a loop or a crash.',
    help: 'sudo grep -w $1 /sys/kernel/tracing/available_filter_functions shows nothing then. Take a function that calls it or that it calls, or a tracepoint near it.',
    lesson,
  },
  {
    id: 'libbpf-kprobe',
    pattern:
      /(?:trace_kprobe: )?(?:Could not insert probe at ([\w.$]{1,200}(?:\+\d{1,9})?): -?\d+|Probing address\(0x\w{1,20}\) is not an instruction boundary|Failed to (?:allocate trace_probe|register probe event)\.?\(-?(?:2|22)\))/,
    text: 'The kernel could not put a probe there ($1).',
    why: '-2 (ENOENT) is a function that this kernel does not have, -22 (EINVAL) one that may not be probed, or a place inside of an instruction.',
    help: 'sudo grep -w NAME /sys/kernel/tracing/available_filter_functions; grep NAME /proc/kallsyms. If a module has it: sudo modprobe NAME. Otherwise take a function that calls it.',
    lesson,
  },
  {
    id: 'kernel-package',
    pattern:
      /(?:E: )?Unable to locate package ((?:linux-(?:headers|tools|image|modules|cloud-tools)|kernel-devel)-\S{1,100})|No match for argument: (kernel-\S{0,40}(?:devel|headers|debuginfo)\S{0,100})|Couldn't find any package by (?:glob|regex) '(linux-(?:headers|tools|modules)-[^']{1,100})'|No package (kernel-(?:devel|headers)-\S{1,100}) available/,
    text: 'There is no package $1$2$3$4 to install: the distribution does not have (or no longer has) one for the kernel that runs.',
    why: 'Such packages belong to exactly one kernel. It is one that the distribution did not build (WSL, Docker Desktop, a cloud’s or an own kernel; a container shows the host’s), or an older one that has been replaced.',
    help: 'uname -r. On the distribution’s own kernel: update it and reboot, then install the package. For bpftool or perf alone another version does: linux-tools-generic, or a release of github.com/libbpf/bpftool. For headers of WSL’s kernel: build them from github.com/microsoft/WSL2-Linux-Kernel. Tools that use BTF need no headers.',
    lesson: 'setup/reference-environment',
  },
];

export const kernelLogWarnings: readonly Rule[] = [
  // create_or_delete_trace_kprobe(), for a line that begins with '-:'
  {
    id: 'kprobe-event-gone',
    pattern: /trace_kprobe: Event (\w{1,60}\/\w{1,100}) doesn't exist/,
    text: 'A tool wanted to remove the kprobe event $1, and it is not there. By itself that is harmless.',
    why: 'Tools clean up what they set up, also where setting up has failed or somebody else has removed it.',
    help: 'If the tool does not work, look for what failed before: its own log, and sudo dmesg | grep -i kprobe. sudo cat /sys/kernel/tracing/kprobe_events shows the events that there are.',
    lesson,
  },
  // The shortest that tools say: neither what, nor why
  {
    id: 'tool-says-only',
    pattern:
      /(?:[Ff]ailed|FAILED|[Uu]nable|[Cc]ould not|[Cc]ouldn't|[Cc]annot|[Cc]an't|[Ee]rror) (?:to )?(?:open and )?(?:load|attach|start|verify|initiali[sz]e)(?:ing)?(?: and attach| and verify)? (?:the |any )?(?:[\w-]{1,30} )?(?:e?BPF|[kK]probe|XDP)(?:[ -](?:skeleton|program|object|module|probe|code|filter|tracer|subsystem)s?)?(?: '?[\w.:/-]{1,60}'?)?[.!]?$/,
    text: 'The tool says only that it failed with its BPF program, and not why.',
    why: 'The reasons are mostly these: it is not root, or is in a container without the capabilities; the kernel has no BTF; it is too old for what the program uses; or the verifier refuses the code.',
    help: 'Let the tool say more: -v, --debug, RUST_LOG=debug, libbpf_set_print(). Then: id -u; capsh --print; uname -r; ls -l /sys/kernel/btf/vmlinux; sudo dmesg | tail. strace -f -e trace=bpf,perf_event_open PROGRAM shows the call that fails and its error.',
    lesson: 'programs/loaders-and-links',
  },
  // libbpf read .BTF without looking whether there is one: bpftool 7.4, libbpf/bpftool#145
  {
    id: 'tool-crash',
    pattern: /^(?:zsh: |bash: )?.{0,80}(?:[Ss]egmentation fault|SIGSEGV)\b/,
    also: ['(?:^|\\n)[^\\n]{0,60}(?:[#$%>] |sudo |^)(?:bpftool|bpftrace|xdp-loader|xdp-filter) [\\w-]'],
    text: 'The tool itself crashed (segmentation fault). Nothing is said against the program by that.',
    why: 'It is a bug of this release of the tool or of the libbpf in it, which something in the file or the script brings out: an object without BTF (bpftool 7.4), or one of a much newer or older clang.',
    help: 'Compile with -g; try another release: bpftool version, bpftrace --version. To see where it is: coredumpctl gdb, or gdb --args and the command, then bt.',
    lesson: 'programs/loaders-and-links',
  },
  // BPF::attach_uprobe() in src/cc/api/BPF.cc
  {
    id: 'bcc-uprobe-place',
    pattern:
      /Unable to attach \w{0,10}uprobe for binary (\S{0,300}) symbol (\S{0,200}) addr ([\da-f]{1,16}) offset ([\da-f]{1,16}) using (\S{1,100})/,
    text: 'The kernel refused the uprobe for $5: file $1, symbol $2, address $3.',
    why: 'The file must be a path that the kernel can open: a short name such as c must have been resolved to one. Address 0 with a symbol’s name means that the symbol was not found. Otherwise the offset is not at an instruction, or the process may not (root, tracefs).',
    help: 'Give the whole path (ldconfig -p | grep libc.so) and look the symbol up: nm -D FILE | grep NAME. id -u; sudo dmesg | tail; strace -f -e trace=perf_event_open PROGRAM shows the error itself.',
    lesson: 'programs/uprobes-and-usdt',
  },
  // What bpftrace says without a place in the script
  {
    id: 'bpftrace-said',
    pattern: /^ERROR: ([A-Z][^\n]{8,200})$/,
    also: ['bpftrace|Attaching \\d+ probes?|\\bstdin:\\d+:\\d+|\\.bt\\b'],
    text: 'bpftrace itself says what is wrong: “$1”.',
    why: 'Hookpoint has no words of its own for it. It may be about the script, about what this version of bpftrace knows, or about this machine.',
    help: 'bpftrace --version and bpftrace --info show what it can do here; bpftrace -v, or -d libbpf, prints more. Look the words up in its issues.',
    lesson: 'bpftrace/syntax',
  },
];
