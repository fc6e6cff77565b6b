/** What libbpf, bpftool and cilium/ebpf say of BTF: the kernel's, the object's, and what an old tool cannot read. */
import type { Rule } from '../../rule.ts';

export const btfRules: readonly Rule[] = [
  // scripts/link-vmlinux.sh, and tools/bpf/resolve_btfids, which is linked with the libbpf of that kernel's source
  {
    id: 'kernel-build-btf',
    pattern:
      /FAILED:? (?:load BTF from \S{1,100}|unresolved symbol \w{1,100})|BTF: .{0,60}pahole .{0,40}is not available|pahole version .{0,40}(?:too old|required)|Failed to generate BTF for (?:vmlinux|module)|btf_encoder__encode: .{1,80}|Failed to encode BTF/,
    text: 'The build of the kernel cannot write BTF (CONFIG_DEBUG_INFO_BTF): pahole and this kernel source do not fit together.',
    why: 'pahole turns the debugging information into BTF. It is not installed, failed, or is too old for what the compiler writes (“No such file”, “No data available”, “dedup failed”); or it is newer than the kernel and writes what that one’s own tools cannot read (“Invalid argument”, for sources before 6.0 with pahole 1.24 or newer).',
    help: 'pahole --version; sudo apt install dwarves, dnf install dwarves (1.25 or newer for Linux 6; a stable release as new as the pahole for an older one). Then make clean and build again. Without BTF: scripts/config -d DEBUG_INFO_BTF.',
    lesson: 'vm/btf-and-core',
  },
  // btf_type_size() of libbpf < 1.0 knows kinds up to 18; 19 is ENUM64, which pahole writes for kernels from 6.0 on.
  {
    id: 'tool-too-old-for-btf',
    pattern:
      /[Uu]nsupported BTF_KIND: ?(\d+)|btf: type \[\d+\]: unrecognized kind (\d+)|unknown kind: Unknown \((\d+)\)/,
    text: 'The kernel has BTF, but the libbpf (or cilium/ebpf) of this program is too old to read it: it does not know the kind $1$2$3.',
    why: 'Newer kernels describe their types with kinds that an older libbpf has never seen: 19 is a 64-bit enum, which libbpf reads from 1.0 on.',
    help: 'Update libbpf, and build the program with it (it is often linked statically, so updating the package is not enough): pkg-config --modversion libbpf; ldd PROGRAM | grep bpf. In Go update cilium/ebpf, for bpftool bpftool.',
    lesson: 'vm/btf-and-core',
  },
  // parseBTFHeader() of cilium/ebpf: a header may be longer than it knows, if the rest is zero
  {
    id: 'tool-too-old-for-btf',
    pattern: /(?:parsing|reading) \.?BTF header: {1,2}header contains non-zero trailer/,
    text: 'The BTF has a newer header than this program’s cilium/ebpf knows, so it cannot read it.',
    why: 'A newer kernel (or a newer pahole or clang, if it is the object’s BTF) writes fields into the header that this version has never seen.',
    help: 'Update the program, or cilium/ebpf in its go.mod, and build it again. Until then: an older kernel.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'bpftool-too-old',
    pattern:
      /Error: (?:failed to load|failed parsing|failed to get) (?:BTF from )?'?(\/?\S*(?:btf|vmlinux)\S*?)'?(?: BTF file)?: (?:Invalid argument|Unknown error -22|-EINVAL|Operation not supported)/,
    text: 'This bpftool is too old to read the BTF in $1.',
    why: 'Newer kernels describe their types with kinds that an older bpftool does not know.',
    help: 'bpftool version (7.0 or newer reads 64-bit enums). Install that of your kernel (linux-tools-$(uname -r) on Ubuntu, bpftool elsewhere), or a release of github.com/libbpf/bpftool.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'no-kernel-btf',
    pattern:
      /no BTF found for kernel version (\S+?)(?::|$)|vmlinux BTF is not found|Error: failed to (?:load|get) BTF from (\/sys\/kernel\/btf\/\w+): No such file|kernel doesn't support BTF|\bBTF (?:is )?not support(?:ed)?\b|typed ksyms require kernel BTF/,
    text: 'This kernel has no BTF ($1$2).',
    why: 'CO-RE, fentry and vmlinux.h take the types of the running kernel from /sys/kernel/btf/vmlinux.',
    help: 'ls -l /sys/kernel/btf/vmlinux. Use a kernel that is built with CONFIG_DEBUG_INFO_BTF=y (and a pahole that fits), or a BTF file for it from BTFHub.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'libbpf-global-data',
    pattern: /kernel doesn't support global data/,
    text: 'This kernel is too old for global variables: they need Linux 5.2.',
    why: 'libbpf puts .data, .bss and .rodata (also string literals) into maps that the program addresses directly.',
    help: 'uname -r. Use a newer kernel; without one, keep such values in an array map of your own, and let no bpf_printk() be in the program.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'libbpf-object-btf',
    pattern:
      /BTF is required, but is missing or corrupted|Program (\S+) has no BTF information|load BTF maps: missing BTF|object file has no BTF|no BTF parsed for object|failed to find BTF info for object '([^']{1,200})'|BTF info is missing for global symbol|externs without BTF info are not supported/,
    text: 'The object has no BTF.',
    why: 'Maps in SEC(".maps"), CO-RE and the dispatcher of libxdp need it, and clang writes it only with -g.',
    help: 'Compile with -g: clang -O2 -g -target bpf -c …; llvm-strip -g afterwards keeps the BTF. See it: bpftool btf dump file FILE.o.',
    lesson: 'vm/btf-and-core',
  },
  // btf_fixup_datasec() of bpftool gen skeleton: the variable is in the BTF, and not in the symbol table.
  {
    id: 'btf-variable',
    pattern:
      /[Ee]rror finalizing \.?BTF(?:: (.*))?|No offset found in symbol table for VAR (\w+)|failed to get (?:variable|var) offset|couldn't find (?:the )?variable '?(\w+)'? in symbol table|data section \S{1,60}: missing offset for symbol (\w{1,200})/,
    text: 'The object’s BTF names a variable that is not in its symbol table ($2$3$4), so it cannot be placed.',
    why: 'Mostly bpftool, libbpf or cilium/ebpf is older than the clang that made the object; a stripped object, or a variable that is static and optimised away, does it too.',
    help: 'Update bpftool and libbpf (bpftool version), in Go cilium/ebpf; build the object again with clang -g, and do not strip it with strip -s: llvm-strip -g, for bpf2go -no-strip. llvm-objdump -t FILE.o shows what the table has.',
    lesson: 'vm/btf-and-core',
  },
  // load_module_btfs(): BPF_BTF_GET_NEXT_ID is for CAP_SYS_ADMIN, as all that goes by IDs. What follows it in the log is a consequence.
  {
    id: 'btf-of-modules',
    pattern:
      /failed to (?:iterate BTF objects|get BTF object #\d+ (?:FD|info)): (?:-1$|-EPERM|Operation not permitted)/,
    text: 'The process may not look at the BTF of kernel modules (EPERM), so a type that is not in vmlinux is not found.',
    why: 'libbpf walks through all BTF objects by their IDs, which takes CAP_SYS_ADMIN; CAP_BPF and CAP_PERFMON are not enough.',
    help: 'Run it with sudo; give the container CAP_SYS_ADMIN or --privileged (capsh --print). Or do without the type: bpf_core_type_exists() and bpf_core_field_exists().',
    lesson: 'security/hardening',
  },
  // Tetragon’s btf.observerFindBTF()
  {
    id: 'kernel-btf-needed',
    pattern:
      /(?:tetragon, aborting )?kernel autodiscovery failed: Kernel version \\{0,2}"([\w.+-]{1,80})\\{0,2}" BTF search failed/,
    text: 'Tetragon finds no BTF of this kernel ($1).',
    why: 'It looks for /sys/kernel/btf/vmlinux, and for a file of this version in its own folder. The kernel was built without CONFIG_DEBUG_INFO_BTF, as those of CentOS 7 and some of elrepo.',
    help: 'ls -l /sys/kernel/btf/vmlinux. A kernel with CONFIG_DEBUG_INFO_BTF=y; or a file of BTFHub or of pahole with tetragon --btf FILE. In a container, /sys must be the host’s.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'module-btf-broken',
    pattern: /load BTF for kmod (\S{1,100}): (.{1,120})/,
    text: 'cilium/ebpf cannot read the BTF of the kernel module $1; your program may well be right.',
    why: 'For CO-RE, cilium/ebpf reads the BTF of all modules, and stops at one that it cannot read. Some kernels have modules with a header of 24 bytes and nothing else, which it takes from release 0.20 on.',
    help: 'ls -l /sys/kernel/btf/$1. If nobody needs the module: sudo modprobe -r $1. Otherwise another kernel package, or another release of cilium/ebpf (or of the tool).',
    lesson: 'vm/btf-and-core',
  },
  // bpf_object__relocate_core() of an object with btf_custom_path
  {
    id: 'btf-file-unreadable',
    pattern: /failed to parse target BTF: (.{1,60})|failed parsing '([^']{1,200}\.btf)' BTF file: (.{1,60})/,
    text: 'The file that should replace the kernel’s BTF cannot be read ($1$2).',
    why: 'The loader was told to take the types from a file (btf_custom_path, BTFHub): it is not there, is not BTF, or was written by a newer tool than libbpf can read.',
    help: 'bpftool btf dump file FILE | head must show types. It must be made for exactly this kernel (uname -r): pahole --btf_encode_detached FILE vmlinux.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'btf-malformed',
    pattern:
      /libbpf: (?:btf: type \[\d+\]: invalid|BTF type \[\d+\] is malformed|BTF types data is malformed)|failed to find '\.BTF' ELF section in (?!\S{0,100}vmlinux)(\S{1,200})/,
    text: 'The BTF of a file ($1) is missing or not as libbpf expects it.',
    why: 'The tool that wrote it (pahole, clang, a linker) is newer or older than the libbpf that reads it, or the file was stripped or cut off.',
    help: 'bpftool btf dump file FILE | head. Update libbpf and bpftool; make the object again with clang -g, and vmlinux with a pahole that fits.',
    lesson: 'vm/btf-and-core',
  },
  // bpf_core_find_cands() compares names
  {
    id: 'core-anonymous',
    pattern:
      /relo #\d+: (?:target candidate search failed for \[\d+\] (?:struct|union|enum) ?(?:<anon>)? ?: -22|<\w+> \(\d+\) relocation doesn't support anonymous types)|relocate unnamed or anonymous type/,
    text: 'The program reaches by CO-RE into a structure that has no name.',
    why: 'CO-RE finds a type in the kernel by its name; a typedef of an anonymous structure, or an anonymous member that is used on its own, has none.',
    help: 'Give the structure a tag (struct name { … }), and go through the named structure that contains it; or declare it without preserve_access_index.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'core-access',
    pattern:
      /relo #\d+: insn #\d+ \(LDX\/ST\/STX\) (?:accesses field incorrectly|value too big|unexpected mem size|invalid new mem size)/,
    text: 'A field has another size in this kernel than the program reads.',
    why: 'CO-RE can change the offset of an instruction, and the width only for pointers and unsigned integers.',
    help: 'Read it with BPF_CORE_READ() or bpf_core_read(), bit fields with BPF_CORE_READ_BITFIELD(); use the type that the kernel has.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'core-no-target',
    pattern:
      /relo #\d+: (?:no matching targets found|target candidate search failed)|bad CO-RE relocation|no relocation targets? found|candidates? .{0,40}did not match|apply CO-RE relocations: .{0,300}(?:impossible relocation|incompatible types|no matching member)/,
    text: 'A field, type or enum value that the program uses by CO-RE is not in this kernel’s BTF.',
    why: 'It is called otherwise in this version, has another place, or is compiled out; libbpf then puts an invalid instruction there, and the verifier refuses it if it is reached.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux format c | grep -A30 "struct NAME {". Test bpf_core_field_exists(…) before you read it, or declare the older form too (struct name___old).',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'libbpf-no-btf',
    pattern: /failed to find valid kernel BTF/,
    text: 'libbpf finds no BTF of this kernel that it can read.',
    why: 'Either the kernel is built without it, or the libbpf of this program is too old for it.',
    help: 'ls -l /sys/kernel/btf/vmlinux: if it is missing, use a kernel with CONFIG_DEBUG_INFO_BTF=y; if it is there, update libbpf (1.0 or newer for kernels from 6.0 on).',
    lesson: 'vm/btf-and-core',
  },
];
