/** What libbpf, bpftool and cilium/ebpf say of an object file: of its ELF, its symbols, what refers to what. The kernel is not asked yet. */
import type { Rule } from '../../rule.ts';

export const objectRules: readonly Rule[] = [
  // bpf_object__elf_init(): e_type must be ET_REL, e_machine EM_BPF. Go's debug/elf names the first bytes.
  {
    id: 'btf-file-format',
    pattern: /bad magic number '\[159 235 1 0\]' in record at byte 0x0/,
    text: 'The BTF file is raw BTF, and this version of cilium/ebpf expects it inside an ELF file.',
    why: 'pahole and bpftool write either form; older releases of cilium/ebpf read only one of them where they look for the kernel’s types.',
    help: 'Update cilium/ebpf, or the tool that is built with it. Or put the raw BTF into an ELF file: llvm-objcopy --add-section .BTF=FILE.btf on an empty object.',
    lesson: 'vm/btf-and-core',
  },
  // read(2) and open(2) of the object itself, as Go words it
  {
    id: 'file-denied',
    pattern: /\b(?:open|read) (\/\S{1,200}\.(?:b?o|btf|elf)): (operation not permitted|permission denied)/,
    text: 'The process may not read the file $1 ($2). The kernel’s BPF has not been asked yet.',
    why: 'The file’s own rights say so (permission denied), or what the process runs under: SELinux or AppArmor, and with “operation not permitted” a seccomp profile.',
    help: 'ls -lZ $1, as the user that the process has. sudo ausearch -m avc,seccomp -ts recent, or dmesg | grep -i denied; in a container try --privileged, or --security-opt seccomp=unconfined.',
    lesson: 'security/hardening',
  },
  // bpf_object__validate() of libbpf 0.0.x
  {
    id: 'object-version',
    pattern: /(\S{1,200}) doesn't provide kernel version/,
    text: 'The object $1 has no section “version”, and this old libbpf wants one.',
    why: 'Before Linux 5.0 a program for a kprobe had to carry the version of the kernel; libbpf of that time asked for it, for other types too.',
    help: 'Use a newer libbpf; or give it one: __u32 _version SEC("version") = LINUX_VERSION_CODE; with <linux/version.h>.',
    lesson: 'programs/program-types',
  },
  {
    id: 'object-not-bpf',
    pattern:
      /elf: (\S{1,200}) is not a valid eBPF object file|elf: '([^']{1,200})' is not a (?:proper|64-bit) ELF object|elf: '[^']{1,200}' has unknown byte order|unexpected machine type for BPF ELF: (\S{1,40})|unsupported kind of ELF file (\S{1,200})|failed to open (\S{1,200}) as ELF file|failed to parse ELF file '([^']{1,200})'|bad magic number '[^']{1,60}' in record at byte 0x0/,
    text: 'The file is not a BPF object ($1$2$3$4$5$6).',
    why: 'A loader wants a relocatable ELF file for the machine BPF. This one was compiled for another machine (without -target bpf, or for the other byte order), is LLVM bitcode or source, or is empty because the build broke off.',
    help: 'file FILE.o must say “ELF 64-bit LSB relocatable, eBPF”. Delete it and build again: clang -O2 -g -target bpf -c FILE.bpf.c -o FILE.bpf.o (not -emit-llvm).',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'object-stripped',
    pattern:
      /couldn't find symbol table in \S{1,200}, stripped object file\?|ELF is missing (?:SYMTAB section|section headers STRTAB)/,
    text: 'The object has no symbol table: it has been stripped.',
    why: 'Programs, maps and functions are found by their symbols.',
    help: 'Do not run strip on it. llvm-strip -g takes away only what debuggers need, and keeps symbols and BTF.',
    lesson: 'introduction/life-of-a-program',
  },
  // LLVM 11 made -fno-common the default; before it, such a variable is in SHN_COMMON (0xfff2), which is no section.
  {
    id: 'global-not-initialised',
    pattern: /invalid relo (?:for|against) '([^']{1,100})' in special section 0x\w+; forgot to initialize global var/,
    text: 'The global variable $1 has no initial value, and this clang puts it where libbpf does not find it.',
    why: 'clang before 11 makes a “common” symbol of it (-fcommon), which belongs to no section, so it is in no map.',
    help: 'Initialise it ($1 = 0, or = {} for a structure), compile with -fno-common, or use a newer clang.',
    lesson: 'maps/hash-and-array',
    find: ' $1',
  },
  {
    id: 'program-static',
    pattern: /program '(\w{1,100})' is static and not supported/,
    text: 'The program $1 is static, so libbpf cannot load it.',
    why: 'What has SEC() is found by its symbol, which must be global.',
    help: 'Take static away from the function with SEC().',
    lesson: 'programs/program-types',
    find: ' $1(',
  },
  // bpf_program__record_reloc()
  {
    id: 'call-to-section',
    pattern: /bad call relo against '([^']{1,100})'(?: in section '([^']{1,100})'| at offset)/,
    text: 'The program calls $1, which libbpf cannot link to it.',
    why: 'A BPF program can call only functions of the same object that have no SEC() of their own; this one is in a section ($2), or in another object.',
    help: 'Take SEC() away from the function, or make it static __always_inline. Several objects are linked with bpftool gen object OUT.o A.o B.o.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'object-too-new',
    pattern:
      /bad (?:map|data) relo against (?:section )?'(\.(?:rodata|data|bss)[^']{0,100})'|(?:map|data) relo failed to find map for section '(\.(?:rodata|data|bss)[^']{0,100})'/,
    text: 'This libbpf is too old for the object: it makes no map of the section $1$2.',
    why: 'Newer clangs put string literals into sections such as .rodata.str1.1, and programs may name their own; libbpf reads these from 0.6 on.',
    help: 'Update libbpf, and build the loader with it (pkg-config --modversion libbpf); for ip and tc, iproute2. Or let format strings be char fmt[] on the stack.',
    lesson: 'maps/hash-and-array',
  },
  // .values and .maps relocations: prog arrays and maps of maps that are filled when they are made
  {
    id: 'map-values',
    pattern:
      /\.maps relo #\d+: '([^']{1,100})' isn't (?:a valid (?:map|program) reference|an entry-point program|a BTF-defined map)|resolving values contents: unknown relocation (?:(\S{1,100}) )?type|unknown relocation type \S{1,40} for symbol (\S{1,100})/,
    text: 'A map is filled with something that this object does not define ($1$2$3).',
    why: 'The values of a program array must be programs (functions with SEC()) of the same object, and the values of a map of maps its maps.',
    help: 'Check the names in .values = { … }; declare the program above the map, and define it in the same object, outside of any #ifdef that is off.',
    lesson: 'maps/tail-calls',
  },
  {
    id: 'map-static',
    pattern: /possible erroneous static qualifier on map definition: found reference to "?([^"]{1,100})"?/,
    text: 'A map is declared static, so its symbol is missing ($1).',
    why: 'Maps are found by their symbols, which must be global.',
    help: 'Take static away from the map’s definition.',
    lesson: 'maps/hash-and-array',
  },
  // Externs
  {
    id: 'kconfig-unreadable',
    pattern: /failed to open system Kconfig/,
    text: 'libbpf cannot read the configuration of this kernel.',
    why: 'The program uses it by extern … __kconfig; libbpf looks for /boot/config-$(uname -r), then /proc/config.gz.',
    help: 'ls /boot/config-$(uname -r) /proc/config.gz. In a container mount /boot of the host; sudo modprobe configs; or give it with kconfig in bpf_object_open_opts.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'extern-not-resolved',
    pattern: /extern '(\w{1,100})' \(strong\): not resolved/,
    text: 'The program needs $1 from the kernel, and this kernel does not have it.',
    why: 'An extern with __ksym is looked up in /proc/kallsyms, one with __kconfig in the kernel’s configuration: the name may be misspelt, missing in this version or configuration, or in a module that is not loaded. kptr_restrict hides the addresses from a process without rights.',
    help: 'sudo grep -w $1 /proc/kallsyms; zgrep $1 /proc/config.gz /boot/config-$(uname -r). If it may be missing, declare it __weak and test it.',
    lesson: 'vm/btf-and-core',
    find: '$1',
  },
  // struct_ops: bpf_map__init_kern_struct_ops()
  {
    id: 'struct-ops-missing',
    pattern: /struct_ops init_kern: struct (\w{1,100}) is not found in kernel BTF/,
    text: 'This kernel has no struct_ops called $1.',
    why: 'It is older than that subsystem, or was built without it (sched_ext_ops needs Linux 6.12 and CONFIG_SCHED_CLASS_EXT, hid_bpf_ops 6.11), or its module is not loaded.',
    help: 'uname -r; bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w $1; zgrep SCHED_CLASS_EXT /proc/config.gz.',
    lesson: 'modern/struct-ops-and-sched-ext',
    find: '$1',
  },
  {
    id: 'struct-ops-member',
    pattern:
      /struct_ops init_kern (\w{1,100}): (?:Cannot find member (\w{1,100}) in kernel BTF|Unmatched member type (\w{1,100})|Error in size of member (\w{1,100})|kernel member (\w{1,100}) is not)|(\w{1,100}) doesn't exist in (\w{1,100}), but it has non-zero value/,
    text: 'The kernel’s structure of callbacks differs from the one that the program was compiled with: $2$3$4$5$6 of $1$7.',
    why: 'The program sets a field that this kernel does not have, or has with another type: one of the two is newer.',
    help: 'Use the release of the tool that belongs to this kernel, or a newer kernel. Look the structure up: bpftool btf dump file /sys/kernel/btf/vmlinux format c. An optional field is set to NULL before loading if it is missing.',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
  {
    id: 'struct-ops-unused',
    pattern: /prog '(\w{1,100})': SEC\("struct_ops"\) program isn't referenced anywhere/,
    text: 'The struct_ops program $1 is in no structure.',
    why: 'Such a program is a callback: libbpf finds out what it is from the field that points to it.',
    help: 'Set it in the structure: SEC(".struct_ops.link") struct … ops = { .field = (void *)$1 };',
    lesson: 'modern/struct-ops-and-sched-ext',
    find: '$1',
  },
  // Sections
  {
    id: 'section-target',
    pattern:
      /prog '(\w{1,100})': (?:no BTF-based attach target is specified|invalid (?:section name|format of section definition) '([^']{1,200})'|section '([^']{1,200})' missing ':function)|invalid section '([^']{1,200})', expected SEC\("usdt\//,
    text: 'The section of $1 does not say what the program is attached to ($2$3$4).',
    why: 'For fentry, fexit, tp_btf, lsm, uprobe and usdt the target is a part of the section’s name, unless the loader sets it.',
    help: 'SEC("fentry/<function>"), SEC("uprobe/<file>:<function>"), SEC("usdt/<file>:<provider>:<name>"); or bpf_program__set_attach_target() before loading.',
    lesson: 'programs/program-types',
    find: 'SEC("$2$3$4")',
  },
  {
    id: 'return-probe-offset',
    pattern:
      /u?k?retprobes? do(?:es)? not support offset|kretprobes do not support offset specification|uretprobes (?:do not support offset specification|can not be attached to a function offset)/,
    text: 'A probe on the return of a function has an offset.',
    why: 'A return has no place in the function: the kernel hooks it at the function’s entry.',
    help: 'Leave the offset (+0x…) away.',
    lesson: 'programs/kprobes-and-fentry',
  },
  // What user space does with a loaded object
  {
    id: 'buffer-map-type',
    pattern:
      /(?:user )?ringbuf: map fd=-?\d+ is not (BPF_MAP_TYPE_\w+)|map '(\w{1,100})' should be (BPF_MAP_TYPE_PERF_EVENT_ARRAY)/,
    text: 'The buffer is opened on a map of another type: $1$3 is wanted.',
    why: 'A ring buffer and a perf buffer are different maps, with different functions to read them.',
    help: 'ring_buffer__new() for BPF_MAP_TYPE_RINGBUF, perf_buffer__new() for BPF_MAP_TYPE_PERF_EVENT_ARRAY; check which map’s descriptor is passed.',
    lesson: 'maps/ring-buffer',
  },
  {
    id: 'buffer-map-fd',
    pattern: /(?:user )?ringbuf: failed to get map info for fd=(-?\d+)|failed to get map info for map FD (-?\d+)/,
    text: 'The descriptor $1$2 is not a map’s.',
    why: 'The map was not created: the object is opened and not loaded yet, loading failed, or no map has the name that was asked for.',
    help: 'Load the object first, test what bpf_map__fd() or bpf_object__find_map_fd_by_name() returns, and compare the name with the one in the source.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'buffer-pages',
    pattern: /page count should be power of two, but is (\d+)/,
    text: 'The perf buffer is asked for $1 pages for each CPU, which is no power of two.',
    why: 'The kernel maps it in 2ⁿ pages.',
    help: 'perf_buffer__new(fd, 64, …): 8, 16, 32, 64 …',
    lesson: 'maps/ring-buffer',
  },
  {
    id: 'load-twice',
    pattern: /object '([^']{1,100})': (?:prepare loading|load) can't be attempted twice/,
    text: 'The object $1 is loaded a second time.',
    why: 'An object can be loaded once; after a failure it must be opened again.',
    help: 'Call load once; to try again: close the object, open it, load it.',
    lesson: 'programs/loaders-and-links',
  },
  // cilium/ebpf: LoadAndAssign, CollectionSpec
  {
    id: 'go-missing',
    pattern:
      /(?:field \w{1,100}: )?missing (program|map|variable) (?:"(\w{1,100})"(?=$|[\s:,}])|(\w{1,100})(?:$|[:,]))/,
    text: 'The object has no $1 called $2$3.',
    why: 'Names in Go (the tag `ebpf:"…"`, or what bpf2go wrote) must be those in the C source; the object is another one, or the name was compiled out.',
    help: 'llvm-objdump -t FILE.o lists the symbols. Run go generate again after a change of the C source.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'section-missing',
    pattern:
      /program for section '([^']{1,200})' not found|no such (?:XDP|kprobe|tracepoint|socket filter) hook "([^"]{1,100})"/,
    text: 'The object has no program in a section called $1$2.',
    why: 'The loader asks for it by the name of its section: the name is another one, or the tool took an object that was built for other kernels.',
    help: 'llvm-objdump -h FILE.o lists the sections. For a ready-made tool: its own list of supported kernels, and uname -r.',
    lesson: 'programs/program-types',
  },
  {
    id: 'go-program-array',
    pattern: /ProgramArray (\S{1,100}) must be assigned to prevent missed tail calls/,
    text: 'The program array $1 would be closed, and its tail calls lost.',
    why: 'The kernel empties a program array when the last descriptor of user space is closed.',
    help: 'Assign the map too (a field with `ebpf:"$1"`), and keep it open for as long as the programs run, or pin it.',
    lesson: 'maps/tail-calls',
  },
  {
    id: 'libbpf-section',
    pattern: /cannot load program (\S{1,100}): program type is unspecified/,
    text: 'The loader does not know of which type the program $1 is.',
    why: 'The name in SEC() says what kind of program it is, and this library does not know the name.',
    help: 'Check the spelling: SEC("xdp"), SEC("kprobe/<function>"), SEC("tracepoint/<group>/<name>"), SEC("fentry/<function>"), SEC("tc"). Newer names need a newer library.',
    lesson: 'programs/program-types',
  },
  // aya-obj/src/relocation.rs; aya makes no maps of data sections where the kernel has no global data (Features::bpf_global_data)
  {
    id: 'aya-section',
    pattern: /section `(\d{1,6})` not found, referenced by symbol `([^`]{1,100})`/,
    text: 'The program uses the global variable $2, and aya has made no map of its section.',
    why: 'Global variables and constants need Linux 5.2: on an older kernel, such as those of many Android phones, aya leaves their sections out. On a newer one, this release of aya does not read the section.',
    help: 'uname -r. Before 5.2: keep the value in a map instead of a static, and pass it from user space that way. Otherwise update aya and aya-ebpf together.',
    lesson: 'maps/hash-and-array',
  },
  // aya-obj
  {
    id: 'aya-parse',
    pattern: /error parsing (?:the )?(?:BPF|eBPF) object/,
    also: [
      '^(?![^]*(?:unsupported relocation target|error parsing ELF data|not found while relocating|not found, referenced by symbol))',
    ],
    text: 'aya cannot read the object.',
    why: 'What it does not know is in the line below, “Caused by”: mostly a section that is named otherwise than aya expects (classifier for tc in old releases), maps in an old form, or a file that is not a BPF object.',
    help: 'Print the whole chain: {:#} or anyhow in Rust. llvm-objdump -h FILE.o lists the sections; update aya.',
    lesson: 'programs/loaders-and-links',
  },
  // bpftool gen object
  {
    id: 'link-conflict',
    pattern:
      /conflicting non-weak symbol #\d+ \((\w{1,100})\) definition in '([^']{1,200})'|global '(\w{1,100})': (?:incompatible|map \w+ mismatch|section mismatch)/,
    text: 'Two of the objects that are linked define $1$3, and not alike.',
    why: 'A global function, variable or map may be defined once; the others must declare it, with the same type.',
    help: 'Make it static where only one object uses it; else define it in one object, and declare it extern (in a common header) in the others.',
    lesson: 'programs/loops-and-subprograms',
  },
];
