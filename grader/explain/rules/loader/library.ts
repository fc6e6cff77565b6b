/** What cilium/ebpf and aya say in words of their own of programs, maps and the kernel. */
import type { Rule } from '../../rule.ts';

export const libraryRules: readonly Rule[] = [
  // cilium/ebpf: prog.go, map.go, link/*.go, ringbuf, kconfig
  {
    id: 'libbpf-section',
    pattern: /can't load (?:a )?program of unspecified type|section "([^"]{1,100})": unknown (?:program )?section/,
    text: 'The loader does not know of which type a program is ($1).',
    why: 'The name in SEC() says what kind of program it is, and this library does not know the name.',
    help: 'Check the spelling: SEC("xdp"), SEC("kprobe/<function>"), SEC("tracepoint/<group>/<name>"), SEC("tc"). Newer names need a newer library.',
    lesson: 'programs/program-types',
  },
  {
    id: 'program-type-differs',
    pattern:
      /eBPF program type (\w{1,40}) is not (?:an? )?(\w{1,40})|invalid program type (\w{1,40}), expected (\w{1,40})|(?:Error: )?unexpected program type$|only BPF_PROG_TYPE_EXT can attach as (freplace)/,
    text: 'The program is of another type ($1$3) than what it should be attached to ($2$4$5).',
    why: 'The type comes from SEC(), and each way to attach takes its own.',
    help: 'Compare SEC() in the source with the call that attaches it: link.Kprobe for kprobe/, link.Tracepoint for tracepoint/, link.AttachTracing for fentry/ and fexit/, link.AttachXDP for xdp; in aya the type in try_into().',
    lesson: 'programs/program-types',
  },
  // GetMap() and GetProgram() of libbpfgo, for one: a look-up by name
  {
    id: 'not-in-object',
    pattern: /failed to find (?:e?BPF )?(map|program) (\S{1,100}?): (?:no such file|not found)/,
    text: 'The object has no $1 called $2.',
    why: 'The tool looks it up by name in the object that it has opened: the two are of different versions, or it is one that was left out on purpose. Some tools go on without it; then their next lines say so, and nothing is wrong.',
    help: 'bpftool gen skeleton FILE.o | grep -w $2, or llvm-objdump -t FILE.o, shows what is in it. Build or install tool and object together.',
    lesson: 'introduction/life-of-a-program',
  },
  // goebpf reads maps only as its own macros write them, and knows no data sections
  {
    id: 'goebpf-map',
    pattern: /Invalid binary representation of BPF map|loadPrograms\(\) failed: map '(\w{0,60})' doesn't exist/,
    text: 'goebpf does not understand a map of the object ($1).',
    why: 'It reads maps only in the form that BPF_MAP_DEF() and BPF_MAP_ADD() of its own bpf_helpers.h write, and it knows no global variables and no string constants (.rodata), as bpf_printk() makes them.',
    help: 'Include goebpf’s bpf_helpers.h instead of libbpf’s, and keep formats in a local array: char fmt[] = "…"; bpf_trace_printk(fmt, sizeof(fmt)). Or use cilium/ebpf, which knows both.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'map-ringbuf-size',
    pattern:
      /ringbuffer map size (\d{1,12}) is zero or not a power of two|ringbuf: ring buffer size \((\d{1,20})\) is too big/,
    text: 'The size of the ring buffer ($1$2) is not one that it can have.',
    why: 'max_entries of a ring buffer is its size in bytes: a power of two, and a multiple of the page size.',
    help: '__uint(max_entries, 256 * 1024);',
    lesson: 'maps/ring-buffer',
  },
  {
    id: 'libbpf-map-definition',
    pattern: /map (\w{1,60}): (?:missing (?:key size|value size|max entries|type|flags)|unrecognized field)/,
    text: 'The definition of the map $1 is not complete.',
    why: 'Type, sizes of key and value, and max_entries must be there.',
    help: 'Compare it with: struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } $1 SEC(".maps");',
    lesson: 'maps/hash-and-array',
    find: '} $1',
  },
  {
    id: 'kprobe-ambiguous',
    pattern:
      /multiple kernel symbols with the same name|attaching to ambiguous kernel symbol is not supported|symbol (\S{1,100}): duplicate found at address/,
    text: 'Several functions of the kernel have this name ($1), so it is not clear which one is meant.',
    why: 'Static functions of different files may be called alike.',
    help: 'sudo grep -w NAME /proc/kallsyms shows them. Probe a function that calls it or is called by it, or a tracepoint near it.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'kernel-config',
    pattern:
      /config option (CONFIG_\w{1,60}|\w{1,60}) does not exist on this kernel|kconfig (\S{1,60}) not found in \.kconfig/,
    text: 'The program asks for the kernel’s option $1$2, and this kernel’s configuration does not have it.',
    why: 'An extern with __kconfig must be there when the program is loaded, unless it is __weak.',
    help: 'zgrep $1$2 /proc/config.gz /boot/config-$(uname -r). If it may be missing: extern … __kconfig __weak.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'kallsyms-hidden',
    pattern: /restricted by kernel\.kptr_restrict and\/or net\.core\.bpf_jit_harden/,
    text: 'The kernel hides its addresses here.',
    why: 'kernel.kptr_restrict and net.core.bpf_jit_harden do that.',
    help: 'sysctl kernel.kptr_restrict net.core.bpf_jit_harden; sudo sysctl kernel.kptr_restrict=1; give the process CAP_SYSLOG.',
    lesson: 'security/hardening',
  },
  {
    id: 'kernel-lacks',
    pattern:
      /(native multi-uprobe links|chained programs|program ids|[\w-]{2,40} links) are not supported by the (?:current|running) kernel|(\w{3,30}) (?:program|prog) type (?:is )?not supported/,
    text: 'This kernel does not offer it: $1$2.',
    why: 'It is too old for it, or built without it: programs of type tracing (fentry, tp_btf) need Linux 5.5, BTF and trampolines, LSM programs CONFIG_BPF_LSM, multi-uprobes Linux 6.6.',
    help: 'uname -rm; bpftool feature probe | grep -i program_type; ls /sys/kernel/btf/vmlinux. Use a newer kernel, or another mode of the tool that needs less.',
    lesson: 'programs/loaders-and-links',
  },
  // aya
  {
    id: 'libbpf-ksym',
    pattern: /kernel (?:function|variable) '(\w{1,100})' (?:not found|has incompatible)/,
    text: 'This kernel has no kfunc or variable $1, or it is of another kind.',
    why: 'An extern with __ksym must be there when the program is loaded, with the same types.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w $1; compare with your declaration.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'extern-not-resolved',
    pattern: /strong extern `(\w{1,100})` not resolvable/,
    text: 'The program needs $1 from the kernel, and this kernel does not have it.',
    why: 'An extern is looked up in the kernel’s BTF and in /proc/kallsyms.',
    help: 'sudo grep -w $1 /proc/kallsyms; bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w $1. If it may be missing, declare it weak and test it.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'core-ambiguous',
    pattern:
      /multiple candidate target types found with different memory layouts|relo #\d+: (?:relocation decision|field offset) ambiguity/,
    text: 'The kernel has several types of this name that differ, and CO-RE does not know which one is meant.',
    why: 'Two modules, or a module and the kernel, define a structure alike in name only.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux format c | grep -A20 "struct NAME {", and the same of the modules in /sys/kernel/btf. Use a field that both have at one place, or do without the structure: bpf_probe_read_kernel().',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'aya-map-type',
    pattern: /type of (\w{1,60}) \((.{1,60})\) is unsupported; see `EbpfLoader::allow_unsupported_maps`/,
    text: 'aya has no support for the type of the map $1 ($2).',
    why: 'It refuses what it could not use from user space.',
    help: 'EbpfLoader::new().allow_unsupported_maps() loads the object all the same: the map is there for programs, not for Rust. Or update aya.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'uprobe-file',
    pattern: /could not resolve uprobe target `([^`]{1,200})`/,
    text: 'There is no file $1 to probe.',
    why: 'aya looks for a library’s short name in ld.so.cache; where that has none (musl, Alpine, a container), it needs the whole path.',
    help: 'ldconfig -p | grep NAME; ls -l FILE. For a process in a container: /proc/PID/root/….',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'uprobe-symbol',
    pattern: /unknown symbol `([^`]{1,200})`$|symbol '([^']{1,200})' not found/,
    also: ['[Uu]probe|usdt'],
    text: 'The file has no symbol of that name ($1$2).',
    why: 'It may be stripped, static, inlined, in another library, or mangled as C++, Rust and Go do; or an offset or address of another build was given.',
    help: 'nm -D FILE | grep NAME; readelf -Ws FILE; ldd PROGRAM.',
    lesson: 'programs/uprobes-and-usdt',
  },
];

export const libraryWarnings: readonly Rule[] = [
  // aya-log: EbpfLogger::init()
  {
    id: 'aya-log',
    pattern: /failed to initialize eBPF logger: (.{1,120})|log event array AYA_LOGS doesn't exist/,
    text: 'aya’s logger does not start. That is only a warning: the program runs without it.',
    why: 'The map AYA_LOGS is in the object only if the eBPF program logs something (info!, debug! …).',
    help: 'Nothing is to be done if you do not log. Otherwise use a macro of aya-log-ebpf in the program, and start the logger after Ebpf::load().',
    lesson: 'programs/loaders-and-links',
  },
  // A consumer that is too slow for the buffer: perf_buffer's lost callback
  {
    id: 'events-lost',
    pattern: /(?:Possibly )?[Ll]ost (\d{1,12}) (?:events|samples)|lost (\d{1,12}) events on CPU/,
    text: 'Events came faster than the tool read them, and $1$2 of them are lost. The program itself works.',
    why: 'The buffer between kernel and tool was full for a moment.',
    help: 'A larger buffer (bpftrace: BPFTRACE_PERF_RB_PAGES=256, bcc: page_cnt=256 in open_perf_buffer(), libbpf: more pages or a larger ring buffer), a filter in the program, or counting in a map instead of an event for each.',
    lesson: 'maps/ring-buffer',
  },
];
