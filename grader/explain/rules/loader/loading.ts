/** What libbpf says between opening an object and attaching its programs, beyond what the other tables have: libbpf.c, usdt.c, ringbuf.c, linker.c. */
import type { Rule } from '../../rule.ts';

export const loadingRules: readonly Rule[] = [
  // btf__load_vmlinux_btf() from libbpf 1.4 on
  {
    id: 'no-kernel-btf',
    pattern: /kernel BTF is missing at '([^']{1,100})', was CONFIG_DEBUG_INFO_BTF enabled\?/,
    text: 'This kernel has no BTF at $1.',
    why: 'CO-RE, fentry and vmlinux.h take the types of the running kernel from there.',
    help: 'Use a kernel that is built with CONFIG_DEBUG_INFO_BTF=y (zgrep DEBUG_INFO_BTF /proc/config.gz /boot/config-$(uname -r)), or a BTF file for it from BTFHub. In a container /sys must be mounted.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'kernel-btf-unreadable',
    pattern: /failed to read kernel BTF from '([^']{1,100})': (.{1,60})/,
    text: 'The kernel’s BTF at $1 cannot be read ($2).',
    why: 'Either the process may not open the file, or this libbpf is too old for the kinds of types in it.',
    help: 'ls -l $1; bpftool btf dump file $1 | head. Update libbpf (1.0 or newer for kernels from 6.0 on), and build the program with it.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'module-btf-broken',
    pattern: /failed to load module \[([\w-]{1,60})\]'s BTF object #\d+: (.{1,60})/,
    text: 'libbpf cannot read the BTF of the kernel module $1 ($2); your program may well be right.',
    why: 'It looks through the modules for a type or function that vmlinux does not have. This module was built with another vmlinux, or with a newer pahole than libbpf can read.',
    help: 'bpftool btf dump file /sys/kernel/btf/$1 --base-btf /sys/kernel/btf/vmlinux | head. If nobody needs the module: sudo modprobe -r $1. Otherwise rebuild it for this kernel, or update libbpf.',
    lesson: 'vm/btf-and-core',
  },
  // bpf_object_load(): its lines above say which program
  {
    id: 'core-failed',
    passing: true,
    pattern: /failed to perform CO-RE relocations: (.{1,40})/,
    text: 'libbpf could not adapt the program to this kernel’s types ($1).',
    why: 'ESRCH (-3) and ENOENT (-2) mostly mean that the kernel has no BTF, EINVAL (-22) that a type does not fit or that libbpf is too old for the object. The line above names the type.',
    help: 'ls -l /sys/kernel/btf/vmlinux. Paste the lines above, or let libbpf say more (libbpf_set_print(), -v); update libbpf.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'core-mismatch',
    pattern:
      /relo #\d+: (?:unexpected insn #\d+ \([\w/]+\)|insn #\d+ \(LDIMM64\) has unexpected form|trying to relocate unrecognized insn|substituting insn #\d+ w\/ invalid insn .{0,20}failed|parsing \[\d+\] .{1,100} failed)|relo \d+ at insn #\d+ can't be (?:applied to array access|satisfied for bitfield)|relo for \[\d+\] .{1,80} captures type \[\d+\] of unexpected kind/,
    text: 'A CO-RE relocation does not fit the instruction that it is about.',
    why: 'Compiler, linker and libbpf do not agree: the object was made by a clang with an error or by another tool, was changed afterwards, or the field is one that cannot be relocated (a bit field, an array by index).',
    help: 'Build it again with a newer clang (-O2 -g -target bpf) and update libbpf. Read bit fields with BPF_CORE_READ_BITFIELD().',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'object-link',
    pattern:
      /prog '([^']{1,100})': (?:bad subprog addr relo against|no \.text section found yet sub-program call exists|missing subprog addr relo|unexpected relo for insn|extern relo failed to find extern|invalid relo against|can't create jump table|relo #\d+: bad (?:insn|relo type))/,
    text: 'libbpf cannot put the parts of the program $1 together: something in it refers to what libbpf does not find in the object.',
    why: 'Mostly clang is newer than libbpf and writes a form that it does not know (function pointers, jump tables, symbols in other sections), or the object was linked or stripped by another tool.',
    help: 'Update libbpf and build the loader with it; compile each .bpf.c by clang -O2 -g -target bpf, and link several only with bpftool gen object.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'object-too-new',
    pattern:
      /bad map relo against '([^']{1,100})' in section '([^']{1,100})'|map relo failed to find map for section '(?!\.)([^']{1,100})'/,
    text: 'The program uses $1 like a map, and libbpf finds no map there ($2$3).',
    why: 'A map must be in SEC(".maps") (before libbpf 1.0 also in SEC("maps")); a variable in a section of its own is read only by a newer libbpf.',
    help: 'Put it into SEC(".maps"), or leave the section away for a variable. Update libbpf.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'func-info',
    pattern:
      /prog '([^']{1,100})': (?:error relocating \.BTF\.ext (?:function|line) info|missing \.BTF\.ext (?:function|line) info\.|failed to perform \.BTF\.ext fix ups)/,
    text: 'The object’s own notes on functions and lines (.BTF.ext) do not fit the program $1.',
    why: 'Some files of the object were compiled with -g and others without, or clang and libbpf do not fit together.',
    help: 'Compile everything with -g, by one clang; update libbpf.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'extern-not-resolved',
    pattern:
      /extern function (\w{1,100}) is unsupported under (\S{1,60}) section|unrecognized extern section '([^']{1,60})'|failed to find extern definition for BTF (?:var )?'?([^']{1,100})'?/,
    text: 'An extern of the program ($1$4) is not one that libbpf can resolve ($2$3).',
    why: 'Externs are __ksym (a symbol or kfunc of the kernel) or __kconfig (an option of its configuration); a function can only be __ksym.',
    help: 'Declare it extern … __ksym; or define the function in the program.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'libbpf-map-definition',
    pattern:
      /map '([^']{1,100})': (?:multi-level inner maps not supported|'values' member should be last|should be map-in-map or prog-array|\S+ spec is not a zero-sized array|\S+ def is of unexpected kind|\S+ type \[\d+\] not found|(?:prog-array value|map-in-map inner) def is of unexpected kind)|map #\d+: empty name/,
    text: 'The definition of the map $1 is not one that libbpf reads.',
    why: 'values must be the last field, an array without a size, and only maps of maps and program arrays have it; an inner map cannot have inner maps.',
    help: '__array(values, struct { __uint(type, …); … }); for a map of maps, __array(values, int (void *)); for a program array.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'arena',
    pattern:
      /only single ARENA map is supported|declared ARENA map size|ARENA map should be explicitly declared|failed to mmap arena/,
    text: 'The arena of the object is not set up as libbpf needs it.',
    why: 'There can be one arena map, declared in SEC(".maps"), and large enough for all variables marked __arena.',
    help: 'struct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, pages); } arena SEC(".maps"); with more pages. It needs Linux 6.9.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'struct-ops-reuse',
    pattern: /struct_ops init_kern (\w{1,100}) func ptr (\w{1,100}): invalid reuse of prog (\w{1,100})/,
    text: 'The program $3 is used for two different callbacks of struct_ops ($2 of $1).',
    why: 'Its type is that of one callback: the verifier checks it with the arguments of that one.',
    help: 'Write a program of its own for each callback.',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
  {
    id: 'libbpf-map-contents',
    pattern:
      /map '([^']{1,100})': failed to (?:set initial contents|freeze as read-only|re-mmap\(\) contents|initialize slot \[\d+\] to (?:map|prog) '[^']{1,100}'(?: fd=-?\d+)?): (.{1,60})/,
    text: 'The map $1 was created, and cannot be filled with what it begins with ($2).',
    why: 'EPERM is a matter of rights or a frozen map. EINVAL for a program array means that the program is of another type than the array’s first, or was not loaded.',
    help: 'Check that all programs in the array are of one type and are loaded (autoload); run it as root; uname -r.',
    lesson: 'maps/hash-and-array',
  },
  // Attaching
  {
    id: 'kprobe-ambiguous',
    pattern: /failed to find a unique match for '([^']{1,200})' \((\d+) matches\)/,
    text: 'The pattern $1 fits $2 functions, and exactly one is wanted.',
    why: 'The option unique_match was given: libbpf attaches only if one function fits.',
    help: 'sudo grep NAME /sys/kernel/tracing/available_filter_functions shows them; make the pattern narrower.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'section-target',
    pattern:
      /(?:kprobe (?:name|multi pattern|session pattern)|tracing multi pattern) is invalid: (\S{1,100})|kprobe offset must be a non-negative integer/,
    text: 'The section’s name is not one that says what to probe: $1.',
    why: 'After the / comes the name of a function, with letters, digits, _ and ., for multi also * and ?.',
    help: 'SEC("kprobe/do_unlinkat"), SEC("kprobe/do_unlinkat+0x10"), SEC("kprobe.multi/vfs_*").',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'uprobe-file',
    pattern:
      /failed to resolve full path for '([^']{1,200})'|zip: could not find archive member (\S{1,100}) in|zip: entry \S{1,100} of \S{1,200} is compressed/,
    text: 'There is no file $1$2 to probe.',
    why: 'libbpf looks for a name without a / in PATH and in the usual folders of libraries; the file is in another place, in another container, or compressed inside of an .apk.',
    help: 'which NAME; ldconfig -p | grep NAME; then give the whole path. For a process in a container: /proc/PID/root/….',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'probe-unsupported',
    pattern: /failed to determine (k|u)probe (?:perf type|retprobe bit): (.{1,60})/,
    text: 'This kernel has no perf events for $1probes ($2).',
    why: 'They exist from Linux 4.17 on, with CONFIG_KPROBE_EVENTS and CONFIG_UPROBE_EVENTS; in a container /sys may not be mounted.',
    help: 'ls /sys/bus/event_source/devices/: kprobe and uprobe must be there. uname -r; zgrep -E "KPROBE_EVENTS|UPROBE_EVENTS" /proc/config.gz. A newer libbpf falls back to tracefs.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'usdt-argument',
    pattern:
      /usdt: (?:unrecognized (?:register|arg #\d+ spec) .{1,100}|too many USDT arguments.{0,100}|invalid SIB scale \d+)/,
    text: 'libbpf does not understand where an argument of the USDT probe is kept.',
    why: 'The note in the binary describes it in a form (a register, a number of arguments) that this libbpf does not read.',
    help: 'Update libbpf. readelf -n FILE shows the arguments; an argument that is not read does no harm if the probe is built without it.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'unknown-event',
    pattern:
      /usdt: (?:failed to process ELF program segments|invalid USDT notes section|matched ELF binary .{1,200} executable|failed to get memory segments in PID \d+|unsupported type of ELF binary|ELF endianness mismatch|unsupported ELF class|unrecognized ELF kind)/,
    text: 'libbpf cannot find the USDT probe in this process or binary.',
    why: 'The file is not a program or library of this machine, is not mapped there, or is mapped in another way than its notes say.',
    help: 'file FILE; readelf -n FILE lists the probes as stapsdt; cat /proc/PID/maps must name the file.',
    lesson: 'programs/uprobes-and-usdt',
  },
  // linker.c, of bpftool gen object
  {
    id: 'link-conflict',
    pattern:
      /ELF sections \S{1,100} are incompatible|non-identical contents of section '([^']{1,100})'|sec (\S{1,100}) (?:types|flags|entsize) mismatch|global\/extern '([^']{1,100})' BTF is ambiguous|global '([^']{1,100})': (?:unsupported BTF kind|invalid (?:map|dst map) definition)|unsupported symbol (?:binding|visibility) \d+|relocation against STT_SECTION in non-exec section|multiple SYMTAB sections found, not supported/,
    text: 'bpftool cannot link these objects into one ($1$2$3$4).',
    why: 'They contradict each other, or one was made in a way that the linker does not read.',
    help: 'Compile all with the same clang -O2 -g -target bpf; declare what is shared alike in all of them (a header); hidden symbols need __hidden.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'cpu-list',
    pattern:
      /Failed to (?:open|read) cpu mask (?:file|from) (\S{1,100})|Invalid CPU range \[|CPU mask is too big|Can't get # of possible cpus/,
    text: 'The list of the machine’s CPUs cannot be read ($1).',
    why: 'Per-CPU maps need their number. /sys is not mounted here, or the process may not read it.',
    help: 'cat /sys/devices/system/cpu/possible; in a container mount /sys.',
    lesson: 'maps/hash-and-array',
  },
];

/** Where nothing else is said. */
export const loadingWarnings: readonly Rule[] = [
  // btf__load() of libbpf 0.0.x prints the kernel’s own list of types with the error
  {
    id: 'btf-load-old',
    pattern: /libbpf: Error loading BTF: (.{1,60})/,
    text: 'The kernel does not accept the BTF of the object ($1). By itself that is mostly only a warning: an old libbpf goes on without it.',
    why: 'The compiler writes kinds of types that this kernel does not know, or sizes that the old libbpf has not filled in. The lines below it, with [1] PTR and so on, are the types; the kernel’s complaint is behind the last one.',
    help: 'If nothing fails below, nothing is to be done. Otherwise: uname -r; a newer libbpf (bpftool version), which leaves out what the kernel does not know; or compile without -g, if the program needs no BTF.',
    lesson: 'vm/btf-and-core',
  },
  // libbpf prints what the kernel answered by netlink, in the kernel's or a driver's own words
  {
    id: 'netlink-said',
    pattern: /Kernel error message: (.{1,200})/,
    text: 'The kernel, or the network driver, says why it refuses: “$1”.',
    why: 'libbpf only hands on these words. They are about the interface, the mode or the settings of the card, and not about what the program does.',
    help: 'Look the words up with the driver’s name: ethtool -i DEV; dmesg | tail. For XDP try generic mode (xdpgeneric, -m skb, XDP_FLAGS_SKB_MODE).',
    lesson: 'networking/xdp',
  },
];
