/** Sentences of loaders that are met now and then: gobpf and redbpf, uBPF, what cilium/ebpf says of a ring buffer and of CO-RE, bpftrace’s code. */
import type { Rule } from '../../rule.ts';

export const furtherRules: readonly Rule[] = [
  // iovisor/gobpf, elf/elf.go: a call that has no section is one to a function that nobody has defined
  {
    id: 'helper-undeclared',
    pattern: /invalid relocation: insn code=0x85, symbol name=(\w{1,100})|invalid relo for insn\[\d+\]\.code 0x85/,
    text: 'The object calls $1 as a function of its own, and nobody has defined it.',
    why: 'The compiler saw no declaration of that helper, took it for an external function (“implicit declaration of function”, a warning), and left a reference for the linker; BPF has no such linker.',
    help: '#include <bpf/bpf_helpers.h> (or the bpf_helpers.h of the kernel’s samples), and compile with -Werror=implicit-function-declaration. A function of your own: static __always_inline.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // foniod/redbpf, redbpf/src/error.rs: goblin finds a section or a symbol of a relocation that it does not know
  {
    id: 'redbpf-object',
    pattern: /\bParseError\((Reloc|Elf|Section|Symbol)\b/,
    text: 'redbpf cannot read this object ($1): a reference in it points to something that it does not know.',
    why: 'It knows maps in its own sections, and .rodata, .data and .bss only in part. Of clang’s objects it is mostly a string literal (.rodata.str1.1) or a map in a section that it expects otherwise. redbpf is no longer developed.',
    help: 'llvm-objdump -r FILE.o shows the references. Keep strings on the stack (char s[] = "…"), compile with -O2; for objects of C use libbpf-rs or aya.',
    lesson: 'introduction/life-of-a-program',
  },
  // uBPF, vm/ubpf_vm.c: validate(); Open vSwitch has it as 'bpf'
  {
    id: 'ubpf-verifier',
    pattern: /Failed to load code: (.{1,160}? at PC \d{1,6})/,
    text: 'The program was refused by uBPF, which runs BPF in user space: $1. No kernel was asked.',
    why: 'uBPF checks programs by rules of its own, simpler than the kernel’s: what Linux takes, it may refuse. PC is the number of the instruction.',
    help: 'llvm-objdump -d FILE.o shows that instruction. Packets: compare the length with the last byte that is read, right before the access; registers: give them a value on every path.',
    lesson: 'vm/registers-and-instructions',
  },
  // internal/btf of cilium/ebpf before 0.10: coreRelocate() took a function of the same name for a candidate (pull request 852)
  {
    id: 'go-core-candidate',
    pattern: /relocate \w{1,20}:"(\w{1,100})": target (Func|Datasec|Var|Fwd)\w{0,10}:"/,
    text: 'cilium/ebpf compared the type $1 of the program with something else of the same name in the kernel’s BTF ($2).',
    why: 'Kernels have functions and structures of one name (bpf_sk_lookup). Releases before 0.10 take every type of that name for a candidate of CO-RE; the program is right.',
    help: 'go get github.com/cilium/ebpf@latest, and build again. A ready-made tool: its newer release.',
    lesson: 'vm/btf-and-core',
  },
  // map.go of cilium/ebpf
  {
    id: 'ring-size',
    pattern: /ring map size (\d{1,12}) not a (?:power of two|multiple of)/,
    text: 'The size of the ring buffer ($1 bytes) is not allowed.',
    why: 'max_entries of a ring buffer is its size in bytes: a power of two and a multiple of the page size, which is 4096 on most machines, and 16384 or 65536 on some arm64.',
    help: '__uint(max_entries, 256 * 1024); getconf PAGESIZE.',
    lesson: 'maps/ring-buffer',
  },
  // libbpf-tools of bcc: btf_helpers.c
  {
    id: 'no-kernel-btf',
    pattern: /failed to fetch necessary BTF for CO-RE: (.{1,60})/,
    text: 'This kernel has no BTF of its own, and the tool has none for it ($1).',
    why: 'The tools of bcc’s libbpf-tools take the layout of the kernel’s structures from /sys/kernel/btf/vmlinux. Where it is missing they look for a file for exactly this kernel that was built into them (BTFHub), and there is none.',
    help: 'ls -l /sys/kernel/btf/vmlinux; zgrep DEBUG_INFO_BTF /proc/config.gz /boot/config-$(uname -r). Use a kernel with CONFIG_DEBUG_INFO_BTF=y, or the tool of the same name from bcc, which compiles against the headers.',
    lesson: 'vm/btf-and-core',
  },
  // btf.c of libbpf, btf/btf.go of cilium/ebpf
  {
    id: 'btf-too-new',
    pattern: /fail(?:ed)? to parse `?\.?BTF`? header|(?:can't|cannot|could not) read (?:the )?BTF header/i,
    text: 'The tool cannot read the header of a BTF: its library is older than what wrote it, or the file is not BTF.',
    why: 'From Linux 7.1 with pahole 1.31 on, the header says how types are laid out (32 bytes instead of 24). Libraries from before refuse it.',
    help: 'uname -r; od -A d -t x1 -N 32 /sys/kernel/btf/vmlinux must begin with 9f eb; byte 4 is the header’s length. Use a newer release of the tool (cilium/ebpf, libbpf), or a kernel that it knows.',
    lesson: 'vm/btf-and-core',
  },
  // bpftrace before 0.17: bpftrace.cpp
  {
    id: 'bpftrace-no-code',
    pattern: /(?:ERROR: )?Code not generated for probe: (\S{1,300})/,
    text: 'bpftrace has compiled nothing for the probe $1: it found no place to put it.',
    why: 'Older versions look the place up twice, and the second time under another name. For USDT the provider must then be in the name (usdt:FILE:PROVIDER:NAME); a package in a sandbox (snap) may not be allowed to read the file.',
    help: 'bpftrace --version: a newer one says what is missing. bpftrace -l "usdt:FILE:*" shows the full names; give the PID with -p. Not from snap: apt install bpftrace.',
    lesson: 'bpftrace/probes-and-filters',
  },
  // bcc: src/python/bcc/__init__.py, table.py
  {
    id: 'bcc-use',
    pattern:
      /Exception: ((?:Kprobe|Uprobe|Tracepoint|Raw tracepoint|Kernel (?:entry|exit) func|Fmod_ret func|LSM|Perf event type) .{1,120} (?:is )?not attached|Unknown (?:program|table type) .{1,80}|Could not find file .{1,200}|Array index (?:out of range|must be an integer type)|(?:Array's length is wrong|Wrong count|keys array length != values array length)|arg 1 must be of type BPF\.Function|Perf buffer page_cnt must be a power of two|Index in print_linear_hist\(\) .{1,80}|Cgroup array key must be .{1,60}|either a pid or a binary path must be specified)/,
    text: 'The script uses bcc in a way that bcc does not take: $1.',
    why: 'bcc’s Python part says it itself; neither the kernel nor the compiler was asked. Names must be those of functions and tables in the C text.',
    help: 'The last line of the traceback that is in your own file shows the call. docs/reference_guide.md of bcc has what each call takes; paths are relative to where the script was started.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'iproute-headline',
    pattern: /^ERROR: opening BPF object file failed$/,
    text: 'ip or tc could not open the object file, and the lines that say why are not here.',
    why: 'This iproute2 reads objects by libbpf, which prints the reason above: a file that is not there, old map definitions (section "maps"), an object without BTF, or one for another architecture.',
    help: 'ls -l FILE.o; file FILE.o must say eBPF. Paste the lines that begin with libbpf:, or try bpftool -d prog load FILE.o /sys/fs/bpf/x.',
    lesson: 'networking/tc',
  },
  // aya-obj: obj.rs, relocation.rs
  {
    id: 'aya-relocation',
    pattern:
      /unsupported relocation target|function (\S{1,100}) not found while relocating|section `?(\S{1,40})`? not found, referenced by symbol|unknown symbol(?: in section|, index)\b.{0,60}|map for section with index (\d{1,5}) not found|invalid offset `?\d+`? applying relocation|two or more symbols in section/,
    also: ['aya|relocat|[Ee]rror|ebpf|bpf'],
    text: 'aya cannot resolve a reference of the object ($1$2$3).',
    why: 'Functions, maps and variables are referred to by symbols, and one of them points to something that is not in the object: a function that nothing defines (an extern, or one that may panic), a map in a section that aya does not know, or an object of another compiler.',
    help: 'llvm-objdump -r FILE shows what it refers to. Build with a bpf-linker of the same LLVM as rustc, in release mode; avoid what panics (indexing, unwrap()); update aya. Objects of C want maps in .maps.',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'aya-object',
    pattern:
      /error parsing ELF data|invalid license `([^`]{0,60})`|no symbols found in the (\S{1,40}) section|invalid kernel version `/,
    also: ['[Ee]rror|aya|ebpf|bpf'],
    text: 'aya cannot read the object: it is not the ELF file of a BPF program, or only a part of one ($1$2).',
    why: 'An empty file, one that was built for this machine, or include_bytes! instead of include_bytes_aligned! (the bytes then begin at an odd address).',
    help: 'file FILE must say eBPF (or “Linux BPF”); ls -l FILE. aya::include_bytes_aligned!(…) embeds it; cargo build of the -ebpf crate must have run.',
    lesson: 'introduction/life-of-a-program',
  },
  // cmd/bpf2go of cilium/ebpf
  {
    id: 'bpf2go-type',
    pattern:
      /(?:collect C types|looking up type (\S{1,80})): (?:not found|type name (\S{1,80}): not found|.{0,60}not found)/,
    text: 'bpf2go finds no type $1$2 in the object’s BTF.',
    why: '-type names a C structure (without “struct”) that must be in the BTF, and the compiler leaves out what nothing uses.',
    help: 'bpftool btf dump file FILE.o | grep NAME. Compile with -g, and use the type: as the value of a map, or const struct NAME *unused __attribute__((unused));',
    lesson: 'introduction/life-of-a-program',
  },
  // libbpf.c
  {
    id: 'object-damaged',
    pattern:
      /libbpf: (?:map '[^']{1,100}' BTF data is corrupted|sec '[^']{1,100}': (?:program at offset \d+ crosses section boundary|symbol #\d+ not found for relo #\d+|failed to get symbol name for offset)|\.maps relo #\d+: |Error loading ELF section (?!.*Ignored)|DATASEC '[^']{1,100}' not found|invalid (?:license|kver) section|prog '[^']{1,100}': bad data relo against section|failed to get sym name string for var)/,
    text: 'libbpf finds something in the object file that does not hang together.',
    why: 'The file was changed after the compiler made it (strip, objcopy, a linker), was cut off, or was made by a compiler that this libbpf is too old for.',
    help: 'Compile it again, and load it as it is: llvm-strip -g is all that may be taken away. ls -l FILE.o; llvm-readelf -SW FILE.o. Otherwise update libbpf.',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'struct-ops-definition',
    pattern: /libbpf: struct_ops (?:init(?:_kern)?|reloc)\b ?(\S{0,60}?):? (.{1,160})/,
    text: 'The variable that describes the struct_ops ($1) is not one that this kernel takes: $2.',
    why: 'SEC(".struct_ops") (or .struct_ops.link) holds a variable of a structure of callbacks that the kernel knows; its members are programs in SEC("struct_ops/…") or plain values.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux format c | grep -A40 "struct TYPE {" shows the kernel’s. Set members to functions that BPF_PROG() made in SEC("struct_ops/…").',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
  {
    id: 'ksym-ambiguous',
    pattern: /extern \(ksym\) '([^']{1,100})': resolution is ambiguous: (0x\w+) or (0x\w+)/,
    text: 'Several things in this kernel are called $1 (at $2 and $3), so its address cannot be told.',
    why: 'Static functions and variables of different files may share a name in /proc/kallsyms.',
    help: 'sudo grep -w $1 /proc/kallsyms. Take a symbol whose name is unique, or a typed extern (const struct … NAME __ksym;), which is looked up in the BTF.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'jump-table',
    pattern: /map '\.jumptables': .{1,120}|can't create jump table: sym_off/,
    text: 'libbpf does not understand the jump table that clang made of a switch.',
    why: 'Jump tables for BPF are new (clang 22, Linux 6.19): compiler, libbpf and kernel must all know them.',
    help: 'clang -fno-jump-tables, or -mcpu=v3. Or newer libbpf and kernel.',
    lesson: 'vm/registers-and-instructions',
  },
];

/** Where no error is named anywhere, and nothing else is said. */
export const unsaidRules: readonly Rule[] = [
  {
    id: 'bcc-compile-unsaid',
    pattern: /Exception: Failed to compile BPF (?:module|text)\b/,
    text: 'bcc could not compile the program, and why is not in what you pasted.',
    why: 'The compiler’s errors come before the traceback, on standard error, which a service or a redirection may hide. Mostly the kernel headers do not fit: they are missing, or this bcc is too old for them (bcc 0.18 of Ubuntu 22.04 with kernels from 5.15 on).',
    help: 'Run it in a terminal, and paste what comes before “Traceback”. ls /lib/modules/$(uname -r)/build; python3 -c "import bcc; print(bcc.__version__)".',
    lesson: 'bcc/what-bcc-is',
  },
];
