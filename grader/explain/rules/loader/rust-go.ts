/** What cilium/ebpf and aya say of what they were handed: programs that are nil, maps and symbols that are not there, sizes that differ. */
import type { Rule } from '../../rule.ts';

const lesson = 'programs/loaders-and-links';

export const rustGoRules: readonly Rule[] = [
  // cilium/ebpf, link/*.go and types.go
  {
    id: 'go-nil',
    pattern:
      /(prog(?:ram)? cannot be nil|cannot attach a nil program|invalid (?:replacement )?program: (?:nil|<nil>)|netfilter program is nil|can't marshal a nil (?:Program|Map)|can't load a program from a nil spec|map cannot be nil)/,
    text: 'The Go program passes nil where a loaded program or map is wanted (“$1”): the kernel was not asked.',
    why: 'Nothing of that name is in the object that was loaded, or an error of loading was ignored, or it was closed before. Objects that are older than the code that loads them have other names.',
    help: 'Look at coll.Programs and coll.Maps, or at the fields of the generated objects, and check err of LoadAndAssign() and NewCollection(). llvm-objdump -t FILE.o lists the names. Build the object again.',
    lesson,
  },
  // collection.go
  {
    id: 'go-missing',
    pattern:
      /(?:missing map spec (\S{1,100})|replacement map (\S{1,100}) not found in CollectionSpec|program (\w{1,100}) not found)$/,
    also: ['[Bb][Pp][Ff]|[Cc]ollection|field \\w+: program'],
    text: 'The object has nothing called $1$2$3.',
    why: 'Names in Go must be those in the C file. A variable that no program uses, or that is static, is left out by the compiler.',
    help: 'llvm-objdump -t FILE.o; bpftool btf dump file FILE.o. Build the object again (go generate), and declare variables volatile const, or global and not static.',
    lesson,
  },
  // RewriteConstants() and VariableSpec.Set()
  {
    id: 'go-constant',
    pattern: /spec is missing one or more constants: (\S.{0,200}?)"?$/,
    text: 'The object has no constant $1 that could be set before it is loaded.',
    why: 'Constants are global variables in .rodata: volatile const. What no program reads is left out by the compiler, and neither a static variable nor a macro is one.',
    help: 'volatile const __u32 NAME = 0; at file level, and read it in a program. llvm-objdump -t FILE.o | grep NAME.',
    lesson,
  },
  // map.go: PinByName wants MapOptions.PinPath
  {
    id: 'go-pin-path',
    pattern: /pin by name: missing (MapOptions\.PinPath|Name)/,
    text: 'The map says that it is to be pinned by its name (LIBBPF_PIN_BY_NAME), and the loader was not told where ($1 is missing).',
    why: 'cilium/ebpf has no folder of its own for pins; libbpf takes /sys/fs/bpf.',
    help: 'ebpf.CollectionOptions{Maps: ebpf.MapOptions{PinPath: "/sys/fs/bpf/NAME"}}, after os.MkdirAll() of that folder; or take __uint(pinning, …) out of the map.',
    lesson: 'maps/pinning',
  },
  {
    id: 'map-definition',
    pattern:
      /(both (?:key and key_size|value and value_size) given|'values' must be the last member in a BTF map definition|KeySize must be zero or four for perf event array|ValueSize must be zero or four for (?:map of map|perf event array)|BTF map `\w{1,100}`: .{1,80}|inner maps? (?:definition )?cannot be pinned)/,
    text: 'The definition of a map is not right: $1.',
    why: 'Each type of map has rules for key, value and max_entries; the library checks some of them before it asks the kernel.',
    help: 'Compare with __uint(type, …), __type(key, …), __type(value, …), __uint(max_entries, …): give __type or the size, not both; a ring buffer has neither key nor value, and max_entries is a power of two and a multiple of the page size.',
    lesson: 'maps/hash-and-array',
  },
  // prog.go and btf/kernel.go
  {
    id: 'kfunc-missing',
    pattern:
      /kfunc "?(\w{1,100})"?(?: is)?: (?:not (?:found|supported)|unknown kfunc)\b|extern `(\w{1,100})` not found/,
    text: 'This kernel has no $1$2 that the program could call or read.',
    why: 'Functions and variables of the kernel (kfuncs, ksyms) come and go with versions and with the configuration, may be in a module, and are found by the kernel’s BTF.',
    help: 'uname -r; bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w NAME. Declare it __weak and test it (if (NAME) …, bpf_ksym_exists(NAME)) to do without.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'kprobe-ambiguous',
    pattern:
      /symbol ([\w.]{1,100})\(0x[0-9a-f]{1,20}\): duplicate found at address|multiple kernel symbols with the same name/,
    text: 'Several functions of the kernel have this name ($1), so it is not clear which one is meant.',
    why: 'Static functions of different files may be called alike; from Linux 6.6 on the kernel refuses to choose, and the library does too.',
    help: 'sudo grep -w NAME /proc/kallsyms shows them. Probe by address, or a function that calls it or is called by it.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'probe-boundary',
    pattern: /token (\S{1,200}): bad insn boundary/,
    text: 'The offset of the probe is in the middle of an instruction ($1).',
    why: 'The kernel probes only where an instruction begins.',
    help: 'objdump -d of the file, or of vmlinux, shows where they begin. Without an offset the probe is at the function’s entry.',
    lesson: 'programs/kprobes-and-fentry',
  },
  // ebpf.ErrKeyExist
  {
    id: 'key-exists',
    pattern: /(?:update|put|insert)\w{0,8}:? ?.{0,60}key already exists|^key already exists/i,
    text: 'The map has an entry with this key already.',
    why: 'It was asked for a new one only (UpdateNoExist, BPF_NOEXIST).',
    help: 'Use Put() or UpdateAny (BPF_ANY) to overwrite it, or delete it first.',
    lesson: 'maps/hash-and-array',
  },
  // internal/sysenc and encoding/binary
  {
    id: 'value-size',
    pattern:
      /(unmarshaling (?:value )?\S{1,100} doesn't consume all data|\S{1,100} doesn't (?:un)?marshal (?:to|from) \d{1,9} bytes|binary\.(?:Read|Write): (?:invalid type|some values are not fixed-sized in type) \S{1,100}|invalid (?:key|value) size \d{1,9}, expected (?:a non-zero multiple of )?\d{1,9})/,
    text: 'The type in user space does not have the size, or the form, of the map’s key or value: $1.',
    why: 'Both sides must agree on every field and on the padding between them. In Go a type needs fields of a fixed size: no int, no string, no slice.',
    help: 'bpftool map show has the sizes. In Go uint32, [16]byte, structures of such (bpf2go -type NAME makes them); in Rust #[repr(C)] and a Pod type; in C no padding that the other side does not know.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'event-size',
    pattern:
      /(?:pars|decod|read|unmarshal)\w{0,6} .{0,60}(?:event|record|sample|ring ?buf)\w{0,6}:? .{0,60}unexpected EOF/i,
    also: ['[Bb]pf|ring|perf|event'],
    text: 'The record from the kernel is shorter than the structure that it is read into.',
    why: 'The C and the Go structure differ: a field is longer, or there is padding at the end of one.',
    help: 'Compare sizeof(struct event) in C with binary.Size(event{}) in Go; let bpf2go -type event make the Go type. Print len(record.RawSample).',
    lesson: 'maps/ring-buffer',
  },
  // memory.go
  {
    id: 'map-mmapable',
    pattern: /Map was not created with the BPF_F_MMAPABLE flag/,
    text: 'The map cannot be mapped into memory: it was made without BPF_F_MMAPABLE.',
    why: 'Only arrays with this flag, from Linux 5.5 on, can be read and written without system calls; data sections have it by themselves.',
    help: '__uint(map_flags, BPF_F_MMAPABLE) in the map’s definition, and uname -r.',
    lesson: 'maps/hash-and-array',
  },
  // cmd/bpf2go/gen/output.go, btf/format.go
  {
    id: 'go-types',
    pattern:
      /can't (?:generate types|write \S{1,200}_bpfe[lb]\.go): .{0,300}?(?:\["(\w{1,100})"\]|(?:error calling TypeDeclaration|Name)): (.{1,200})/,
    text: 'bpf2go cannot write a Go type for a C type of the object ($1): $2.',
    why: 'It makes one for each key and value of a map. What Go has no form for (a pointer in a structure, some unions and bit fields) stops it.',
    help: 'Keep pointers out of keys and values (store a __u64), or leave those types out: bpf2go -no-global-types, and -type NAME for each one that you want.',
    lesson: 'programs/loaders-and-links',
  },
  // bpf2go’s output and what uses it
  {
    id: 'go-generated',
    pattern: /undefined: (load[A-Z]\w{0,60}Objects?|\w{1,60}Objects)\b/,
    text: 'The Go file that bpf2go makes, with $1 in it, is missing or has other names.',
    why: 'It is made by go generate, from the line //go:generate with bpf2go, whose first argument the names begin with. go build does not make it; go run main.go does not read it.',
    help: 'go generate, then go build or go run . (with the dot); ls *_bpfel.go. Names: bpf2go counter … gives loadCounterObjects and counterObjects.',
    lesson,
  },
  {
    id: 'go-generated',
    pattern:
      /(\w{1,40}\.\w{1,60}) undefined \(type (\w{1,60}(?:Objects|Programs|Maps|Specs)) has no field or method \w{1,60}\)/,
    text: 'The generated type $2 has no such field: $1.',
    why: 'Its fields are the programs and maps of the C file, in Go’s spelling: count_packets is CountPackets. The file may be older than the C file.',
    help: 'go generate again, and look into the generated *_bpfel.go. A program needs SEC(), a map SEC(".maps").',
    lesson,
  },
  {
    id: 'go-module',
    pattern:
      /no required module provides package (github\.com\/(?:cilium\/ebpf|aquasecurity\/libbpfgo|iovisor\/gobpf|vishvananda\/netlink)[\w./-]{0,60})/,
    text: 'The Go module does not have $1 among its requirements.',
    why: 'go.mod must name what is imported.',
    help: 'go mod init NAME (once), then go get $1, or go mod tidy.',
    lesson,
  },
  // aya: EbpfError, ProgramError, MapError
  // aya’s error by Debug
  {
    id: 'aya-map-section',
    pattern:
      /RelocationError \{ function: \\?"(\S{1,100})\\?", error: SectionNotFound \{.{0,120}symbol_name: Some\(\\?"(\S{1,100})\\?"\)/,
    text: 'The program $1 refers to $2, and aya has made nothing of the section that it is in.',
    why: 'If it is a map, its definition is of a form that aya does not read, such as struct bpf_elf_map of iproute2. If it is a global variable, this kernel may be older than 5.2, and aya then leaves data sections out.',
    help: 'A map in C: struct { __uint(type, …); … } NAME SEC(".maps"), built with clang -g; in Rust #[map]. llvm-readelf -S FILE shows the section; uname -r.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'aya-global',
    pattern:
      /symbol with name (\S{1,100}) not found in the symbols table|symbol (\S{1,100}) has size `(\d{1,9})`, but provided data is of size `(\d{1,9})`/,
    text: 'The global variable $1$2 cannot be set by aya: it is not in the object, or has another size ($3, $4).',
    why: 'set_global() looks it up by its name. The compiler leaves out, or makes a constant of, what is not read as volatile; an integer without a suffix is an i32.',
    help: '#[no_mangle] static NAME: u32 = 0; and core::ptr::read_volatile(&NAME); in user space the same type: set_global("NAME", &0u32, true).',
    lesson,
  },
  {
    id: 'tc-exists',
    pattern: /the clsact qdisc is already attached/,
    text: 'The interface has its clsact qdisc already. That is harmless.',
    why: 'aya’s qdisc_add_clsact() says so where somebody, or an earlier run, made it.',
    help: 'Ignore this error: let _ = tc::qdisc_add_clsact(IFACE); then attach.',
    lesson: 'networking/tc',
  },
  {
    id: 'aya-tool',
    pattern: /(?:bindgen|bpftool) failed(?:: (.{1,120}))?$|error executing (bpftool|bindgen)|error fetching libs for/,
    also: ['aya|bindgen|bpftool'],
    text: 'aya-tool could not make Rust types of the kernel’s BTF: the command that it calls failed ($1$2).',
    why: 'It calls bpftool btf dump and bindgen; each must be installed, and the kernel must have BTF.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux format c | head; cargo install bindgen-cli; bindgen --version. Give the types by name: aya-tool generate task_struct > vmlinux.rs.',
    lesson: 'vm/btf-and-core',
  },
  // scripts/Makefile.modfinal
  {
    id: 'module-without-btf',
    harmless: true,
    pattern: /Skipping BTF generation for (\S{1,200}) due to unavailability of vmlinux/,
    text: 'The module is built without BTF. That is harmless: it loads and works; only BPF programs do not see its types.',
    why: 'The BTF of a module builds on the kernel’s, so the build needs the file vmlinux; packages with headers leave it out.',
    help: 'Nothing is to be done. To have it: sudo cp /sys/kernel/btf/vmlinux /usr/lib/modules/$(uname -r)/build/, and build again with pahole (dwarves) installed.',
    lesson: 'vm/btf-and-core',
  },
  // pahole: btf_encoder__write_elf() calls $LLVM_OBJCOPY, or llvm-objcopy
  {
    id: 'pahole-objcopy',
    pattern: /llvm-objcopy: error: (.{1,160})/,
    also: ['btf_encoder|pahole|BTF'],
    text: 'pahole cannot put the section .BTF into the file: llvm-objcopy, which it calls for that, fails ($1).',
    why: 'The types themselves were read. LLVM’s objcopy does not take every file; that of binutils, or BTF in a file of its own, may.',
    help: 'LLVM_OBJCOPY=objcopy pahole -J FILE; or pahole --btf_encode_detached=FILE.btf FILE; another release of LLVM.',
    lesson: 'vm/btf-and-core',
  },
  // Android: NetBpfLoad.cpp logs the ids of what it has made
  {
    id: 'android-ids',
    harmless: true,
    pattern: /bpfGetFd(?:Map|Prog)Id failed, (?:ret|errno): ?-?\d{1,3}(?: \[(\d{1,3})\])?/,
    text: 'Android’s loader asked for the id of a map or program that it had made, and the kernel did not answer ($1). By itself that is harmless.',
    why: 'The id is only for its log; kernels before 4.14, and some of vendors, do not know the request. If the device does not start, the cause is another line.',
    help: 'Look for “CRITICAL FAILURE LOADING BPF PROGRAMS” and read the lines above it: adb logcat | grep -i bpf.',
    lesson,
  },
  // perf and what is built on it: the sysctl limits what a user may map
  {
    id: 'perf-mlock',
    pattern: /(?:mapping (?:memory|pages)|mmap).{0,200}perf_event_mlock_kb/,
    text: 'The buffers for perf events are larger than this user may map.',
    why: 'kernel.perf_event_mlock_kb limits them for each CPU (516 KiB by default) to processes without CAP_IPC_LOCK.',
    help: 'A smaller buffer (-m); sudo sysctl kernel.perf_event_mlock_kb=4096; or sudo.',
    lesson: 'security/hardening',
  },
];

/** What has its cause in the lines below. */
export const rustGoWarnings: readonly Rule[] = [
  {
    id: 'aya-relocation',
    pattern: /error relocating (?:`(\S{1,100})`|function|section)/,
    text: 'aya cannot connect the program $1 with what it refers to: a function, a map, or a global variable.',
    why: 'The line below says what it did not find. A panic or a function of core that was not inlined, a map that is not in a section that aya knows, and global variables on a kernel before 5.2 do it.',
    help: 'llvm-objdump -h FILE and -t FILE show sections and symbols. Build with --release; avoid what may panic (indexing, slices, arithmetic that is checked); uname -r.',
    lesson,
  },
];
