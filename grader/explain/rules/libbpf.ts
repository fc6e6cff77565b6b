/** What libbpf says when a program does not get as far as the verifier, or cannot be attached. */
import type { Rule } from '../rule.ts';

export const libbpfRules: readonly Rule[] = [
  {
    id: 'libbpf-section',
    pattern: /(?:missing BPF prog type, check ELF section name|failed to guess program type from ELF section) '(.*?)'/,
    text: 'libbpf does not know the section "$1".',
    why: 'The name in SEC() says what kind of program it is, and where it is attached.',
    help: 'Check the spelling against the list: SEC("xdp"), SEC("kprobe/<function>"), SEC("tracepoint/<group>/<name>"), SEC("fentry/<function>"), SEC("tc").',
    find: 'SEC("$1")',
  },
  {
    id: 'libbpf-no-program',
    pattern: /object file doesn't contain any bpf program/i,
    text: 'There is no BPF program in the object.',
    why: 'Only functions with SEC() before them become programs.',
    help: 'Write for example SEC("xdp") on the line before the function.',
  },
  {
    id: 'libbpf-tracepoint',
    pattern: /failed to (?:determine|create) tracepoint '(.*?)'/,
    text: 'There is no tracepoint $1 in this kernel.',
    why: 'libbpf looks for it in tracefs, by group and name.',
    help: 'List those that are there: sudo ls /sys/kernel/tracing/events/<group>. The section is SEC("tracepoint/<group>/<name>").',
    find: '/$1"',
  },
  {
    id: 'libbpf-kprobe',
    pattern: /failed to (?:create|add legacy) k(?:ret)?probe (?:event for )?'([\w.]+)/,
    text: 'This kernel has no function $1 that a kprobe can be attached to.',
    why: 'Static functions may be inlined or renamed by the compiler, and some are forbidden.',
    help: 'See what there is: sudo grep -w $1 /sys/kernel/tracing/available_filter_functions',
    find: '/$1',
  },
  {
    id: 'libbpf-attach-target',
    pattern: /(?:failed to find kernel BTF type ID of|failed to find BTF for) '(?:\w+:)?(\w+)'|(?:attach target|kernel function) '?(\w+)'? (?:is )?not found/,
    text: 'This kernel has no function $1$2 to attach to.',
    why: 'fentry, fexit, LSM and iterator programs name their target as it is in the kernel’s BTF.',
    help: 'Check the spelling: bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w "$1$2"',
    find: '/$1$2',
  },
  {
    id: 'libbpf-ksym',
    pattern: /extern \((?:func|var) ksym\) '(\w+)'.*not found/,
    text: 'This kernel has no kfunc or variable $1.',
    why: 'An extern with __ksym must be there when the program is loaded.',
    help: 'Check the spelling and the oldest kernel that has it. If it may be missing, declare it __weak and test bpf_ksym_exists($1).',
    find: '$1',
  },
  {
    id: 'libbpf-extern',
    pattern: /failed to find BTF for extern '(\w+)'|extern '(\w+)' is not|unresolved (?:extern|symbol) '(\w+)'/,
    text: '$1$2$3 is used, but it is not defined anywhere.',
    why: 'A BPF program can call only its own functions, helpers and kfuncs.',
    help: 'Define it, check the spelling of the helper, or declare a kfunc with extern … __ksym.',
    find: '$1$2$3',
  },
  {
    id: 'libbpf-no-btf',
    pattern: /failed to find valid kernel BTF|Error loading vmlinux BTF|kernel doesn't support BTF/i,
    text: 'This kernel has no BTF.',
    why: 'CO-RE, fentry and the like need the types of the running kernel, from /sys/kernel/btf/vmlinux.',
    help: 'Use a kernel that is built with CONFIG_DEBUG_INFO_BTF=y.',
  },
  {
    id: 'libbpf-object-btf',
    pattern: /BTF is required, but is missing or corrupted/,
    text: 'The object has no BTF.',
    why: 'Maps in SEC(".maps") are described by it.',
    help: 'Compile with -g.',
  },
  {
    id: 'libbpf-map-create',
    pattern: /map '(\w+)': failed to create: (.*)|Error in bpf_create_map_xattr\((\w+)\):(.*)/,
    text: 'The map $1$3 cannot be created.',
    why: 'The kernel refused its type, its sizes or its flags ($2$4).',
    help: 'Check the map: sizes of key and value above 0, max_entries set, and for a ring buffer a power of two and a multiple of the page size.',
    find: '} $1$3 SEC(',
  },
  {
    id: 'libbpf-map-definition',
    pattern: /map '(\w+)': (?:unsupported map linkage|attr '.*?'|should be a map struct|unexpected)/,
    text: 'The definition of the map $1 is not one that libbpf reads.',
    why: 'It must be a structure with __uint() and __type() fields, in SEC(".maps").',
    help: 'Compare it with: struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } $1 SEC(".maps");',
    find: '} $1',
  },
];

/** When there is nothing but an error number. */
export const errnoRules: readonly Rule[] = [
  {
    id: 'errno-eperm',
    pattern: /^1$/,
    text: 'The kernel does not allow this (EPERM).',
    why: 'Loading BPF programs needs CAP_BPF, and for most types CAP_PERFMON or CAP_NET_ADMIN; a locked-down kernel refuses some even to root.',
    help: 'In the grader that is our fault: please report it. Elsewhere: run it with sudo.',
  },
  {
    id: 'errno-enomem',
    pattern: /^12$/,
    text: 'There was not enough memory for it (ENOMEM).',
    why: 'Maps count against the memory limit of who creates them, all entries at once unless BPF_F_NO_PREALLOC is set.',
    help: 'Use a smaller max_entries.',
  },
];
