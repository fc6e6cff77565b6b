/** What libbpf says of an object, before the kernel is asked anything. */
import type { Rule } from '../../rule.ts';

export const libbpfRules: readonly Rule[] = [
  {
    id: 'libbpf-section',
    pattern:
      /(?:missing BPF prog type, check ELF section name|failed to guess program type from ELF section|(?:prog '\w{1,100}': )?unrecognized ELF section name) '(?!xdp\/dispatcher')(.*?)'/,
    text: 'libbpf does not know the section "$1".',
    why: 'The name in SEC() says what kind of program it is, and where it is attached.',
    help: 'Check the spelling against the list: SEC("xdp"), SEC("kprobe/<function>"), SEC("tracepoint/<group>/<name>"), SEC("fentry/<function>"), SEC("tc").',
    lesson: 'programs/program-types',
    find: 'SEC("$1")',
  },
  // set_kcfg_value_tri() and its like
  {
    id: 'kconfig-type',
    pattern:
      /extern \(kcfg\) '(\w{1,100})': ((?:value .{1,40} (?:implies|isn't|doesn't)|type is unsupported|invalid string|unrecognized).{0,80})/,
    text: 'The extern $1 has another type than the kernel’s option: $2.',
    why: 'y, m and n go into bool, char or enum libbpf_tristate, numbers into integers, texts into arrays of char.',
    help: 'zgrep $1 /proc/config.gz shows the value; declare it to fit: extern bool CONFIG_… __kconfig; extern int CONFIG_HZ __kconfig;',
    lesson: 'vm/btf-and-core',
    find: '$1',
  },
  {
    id: 'ksym-type',
    pattern: /extern \((?:var|func) ksym\) '(\w{1,100})': (?:incompatible types|func_proto \[\d+\] incompatible)/,
    text: 'The declaration of $1 is not that of this kernel.',
    why: 'The types of an extern with __ksym are compared with the kernel’s BTF, and a kfunc can change between versions.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux format raw | grep -w -A6 $1; write the declaration as it is there, or take it from a vmlinux.h of this kernel.',
    lesson: 'programs/helpers-and-kfuncs',
    find: '$1',
  },
  {
    id: 'object-broken',
    pattern:
      /elf: (?:failed to get|could not read elf|init internal error|symbol strings section missing|multiple symbol tables)|sec '[^']{1,100}': (?:corrupted|invalid offset|failed to get relo)|ELF (?:relo|sym|section|SYMTAB)\S{0,10} .{0,30}(?:invalid|unexpected|missing|inconsistent)/,
    text: 'The object file is damaged, or was made by a tool that writes it in another way than libbpf expects.',
    why: 'A table in it points to something that is not there. Mostly the file is cut off (a full disk, a build that broke off), or was changed by strip or objcopy.',
    help: 'Build it again from scratch; llvm-readelf -a FILE.o shows where it breaks. Use llvm-strip -g, not strip.',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'ringbuf-mmap',
    pattern: /ringbuf: failed to mmap (?:consumer page|data pages) for map fd=-?\d+: (.{1,60})/,
    text: 'The ring buffer cannot be mapped into the process ($1).',
    why: 'Its memory counts against the process: RLIMIT_MEMLOCK and the cgroup’s limit. The descriptor must belong to a ring buffer, and be open for writing.',
    help: 'ulimit -l unlimited; free -m; a smaller max_entries. In a container --privileged, or --ulimit memlock=-1.',
    lesson: 'maps/ring-buffer',
  },
  // bpf_program__attach_perf_event_opts()
  {
    id: 'perf-callchain',
    pattern: /try add PERF_SAMPLE_CALLCHAIN to or remove exclude_callchain_/,
    text: 'The program wants the stack of a perf event that does not record stacks.',
    why: 'For a program that calls bpf_get_stackid() or bpf_get_stack() on a precise event, the kernel needs the call chain that the event itself has sampled.',
    help: 'attr.sample_type |= PERF_SAMPLE_CALLCHAIN before perf_event_open(), and exclude_callchain_kernel and _user 0; or set precise_ip to 0.',
    lesson: 'maps/stacks-and-storage',
  },
  {
    id: 'libbpf-legacy-maps',
    pattern: /legacy map definitions in 'maps' section are not supported/,
    text: 'The maps are defined in the old way, in SEC("maps").',
    why: 'libbpf 1.0 and newer read only maps that are described by BTF, in SEC(".maps").',
    help: 'Write it as: struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } name SEC(".maps");',
    lesson: 'maps/hash-and-array',
    find: 'SEC("maps")',
  },
  {
    id: 'libbpf-open',
    pattern:
      /(?:elf|libbpf): failed to open (.+?): (?:No such file or directory|-ENOENT)|(?:open|stat) (\S{1,200}\.(?:o|elf|bpf)): no such file or directory|Error opening object (\S{1,200}): No such file/,
    text: 'There is no file $1$2$3.',
    why: 'The loader was asked to load it, or looks for it in a fixed place: it was not built, not installed, or the path is relative to another folder.',
    help: 'Check the path, and that the build made it: ls -l $1$2$3. A relative path counts from where the program is started; some tools ship the object in a package of its own.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'libbpf-no-program',
    pattern: /object file doesn't contain any bpf program/,
    text: 'There is no BPF program in the object.',
    why: 'Only functions with SEC() before them become programs.',
    help: 'Write for example SEC("xdp") on the line before the function.',
    lesson: 'programs/program-types',
  },
  {
    id: 'libbpf-attach-target',
    pattern:
      /failed to find kernel BTF type ID_? ?of '([\w.]+)'|attach \w{1,40}\/\w{1,40}: (?:(?:fentry|fexit) ([\w.]{1,120})|([\w.]{1,120}) modify return) not supported/,
    text: 'This kernel has no function $1$2$3 to attach to.',
    why: 'It is not in the kernel’s BTF: the name may be misspelt, or the function is static and inlined, renamed in this kernel version (many page_… functions became folio_…), or in a module that is not loaded.',
    help: 'See what there is: bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w "$1$2$3"; sudo grep $1$2$3 /sys/kernel/tracing/available_filter_functions; grep $1$2$3 /proc/kallsyms. Attach to a function that calls it, or choose when you load it, by the kernel (bpf_program__set_autoload).',
    lesson: 'programs/kprobes-and-fentry',
    find: '/$1',
  },
  {
    id: 'libbpf-ksym',
    pattern: /extern \((?:func|var) ksym\) '(\w+)'.*not found/,
    text: 'This kernel has no kfunc or variable $1.',
    why: 'An extern with __ksym must be there when the program is loaded.',
    help: 'Check the spelling and the oldest kernel that has it. If it may be missing, declare it __weak and test bpf_ksym_exists($1).',
    lesson: 'programs/helpers-and-kfuncs',
    find: '$1',
  },
  {
    id: 'skeleton-differs',
    pattern: /failed to find skeleton (?:map|program) '([^']{1,100})'/,
    text: 'The skeleton and the libbpf that it runs with do not agree on $1.',
    why: 'bpftool made the skeleton by one version’s rules, libbpf opens the object by another’s: sections such as .rodata.str1.1 are maps for newer ones only.',
    help: 'Make the skeleton with a bpftool of the same release as libbpf (bpftool version says both), and build the program again; update the older one.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'object-too-old',
    pattern:
      /failed to find BTF info for global\/extern symbol '([^']{1,100})'|sec '([^']{1,100})': failed to find program symbol at offset|[Ii]ncorrect bpf_call opcode|failed to open BPF object file: BPF object format invalid/,
    text: 'The object lacks something that libbpf needs ($1$2): the clang that made it is too old, or it was made in another way.',
    why: 'Old versions of clang write no symbols for programs and no BTF for variables; objects of llc without -g, or stripped ones, lack them too.',
    help: 'clang --version: 12 or newer, and clang -O2 -g -target bpf -c …, then make it again. A global variable that is initialised (= 0) helps older ones.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'program-not-loaded',
    pattern:
      /can't attach BPF program without FD|can't attach before loaded|can't use BPF program without FD|can't pin program that wasn't loaded|can't (?:pin|attach|use) BPF map without FD|program(?: is)? not loaded(?: yet)?$|the program is not loaded/,
    text: 'A program or map is used that was not loaded.',
    why: 'It was left out when the object was loaded: a ? in SEC("?…"), autoload switched off, or load() was not called.',
    help: 'Call load before attach; bpf_program__set_autoload(prog, true), or no ? in the section’s name.',
    lesson: 'programs/loaders-and-links',
  },
  // tohojo in xdp-project/xdp-tools#381: clang and llc must be of one version
  {
    id: 'llc-differs',
    pattern: /failed to find BTF for extern '(llvm\.[\w.]{1,100})'/,
    text: 'The object calls $1, which is not one of your functions: clang and llc are of different versions.',
    why: 'clang leaves such notes in the .ll file for an llc of its own release; an older one takes them for functions.',
    help: 'clang --version; llc --version. Use those of one release (CLANG=clang-14 LLC=llc-14), or let clang write the object itself: clang -O2 -g -target bpf -c FILE.c -o FILE.o.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'libbpf-extern',
    pattern: /failed to find BTF for extern '(\w+)'|reference to missing symbol "?(\w+)"?/,
    text: '$1$2 is used, but it is not defined anywhere.',
    why: 'A BPF program can call only its own functions, helpers and kfuncs, nothing of the C library. A macro that no header defined was taken for a function: PT_REGS_… needs <bpf/bpf_tracing.h> and -D__TARGET_ARCH_x86 or arm64.',
    help: 'Look for “implicit declaration” in what clang warned about. Define it, check the spelling of the helper, or declare a kfunc with extern … __ksym.',
    lesson: 'programs/helpers-and-kfuncs',
    find: '$1',
  },
  {
    id: 'libbpf-object-btf',
    pattern: /BTF is required, but is missing or corrupted/,
    text: 'The object has no BTF.',
    why: 'Maps in SEC(".maps") are described by it.',
    help: 'Compile with -g.',
    lesson: 'vm/btf-and-core',
  },
  // bpf_object__init_user_btf_map(); btf_fixup_datasec() makes hidden variables static
  {
    id: 'map-linkage',
    pattern: /map '(\w+)': unsupported (?:map|var) linkage (\w{1,20})/,
    text: 'The map $1 is $2 in the object; libbpf takes only maps that are global and defined there.',
    why: 'static in front of it does that, and so does -fvisibility=hidden on the compiler’s command line (some build tools add it); extern, where the map is in another object that was not linked in.',
    help: 'Take static or extern away from the definition, and -fvisibility=hidden out of the flags for the BPF file (make V=1 shows them; in xmake set_symbols("none")); then build the object and the skeleton again.',
    lesson: 'maps/hash-and-array',
    find: '} $1',
  },
  {
    id: 'libbpf-map-definition',
    pattern:
      /map '(\w+)': (?:attr '.{1,100}?'|should be a map struct|unexpected|conflicting (?:key|value) size|(?:key|value) (?:type \[|spec is)|can't determine (?:key|value) size|unknown field|map type isn't specified|invalid (?:field|def size|pinning value)|inner def can't)/,
    text: 'The definition of the map $1 is not one that libbpf reads.',
    why: 'It must be a structure with __uint() and __type() fields, in SEC(".maps").',
    help: 'Compare it with: struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } $1 SEC(".maps");',
    lesson: 'maps/hash-and-array',
    find: '} $1',
  },
];
