/** Errors of a build that are due to the compiler, its options or the headers around the program, not to a line of it. */
import type { Rule } from '../rule.ts';
import { skeletonMissing } from './loader/build.ts';

const lesson = 'setup/reference-environment';

export const clangBuildRules: readonly Rule[] = [
  skeletonMissing,
  // Kbuild prints CC [M] and its own script; the kernel's internal functions change with versions
  {
    id: 'kernel-module-build',
    pattern: /^(?!'?[\w./-]+'? file not found)\S/,
    also: ['\\*\\*\\* \\[(?:/\\S*/)?scripts/Makefile\\.build:\\d+|\\*\\*\\* \\[_module_'],
    text: 'This is a kernel module that does not compile against this kernel’s headers, and no BPF program.',
    why: 'Inside the kernel functions and structures change from version to version; the module was written for another one.',
    help: 'uname -r; take a release of the module that names this version, or a kernel that the module names. Many tools need no module where BPF is available: look for such a mode.',
    lesson: 'introduction/life-of-a-program',
  },
  // libbpf 1.0 took away what was deprecated; and a header in /usr/include may be older than the program
  {
    id: 'libbpf-version',
    pattern:
      /(?:call to undeclared function|implicit declaration of function) '((?:bpf_(?:object|program|map|link|linker|xdp|tc|netfilter)__?\w*(?:__|_hook_|_attach|_detach|_query)\w*|bpf_(?:load_program|create_map|prog_load_xattr|prog_load|map_create|set_link_xdp_fd|get_link_xdp_info|obj_get|obj_pin|prog_attach)\w*|btf__\w+|ring_buffer__\w+|perf_buffer__\w+|libbpf_\w+|xsk_\w+__\w+|xdp_program__\w+))'|no member named '\w+' in 'struct ((?:bpf_\w+_opts|perf_buffer_opts|libbpf_\w+))'/,
    text: 'The headers of libbpf that are found do not have $1$2.',
    why: 'The program was written for another version: libbpf 1.0 took away what was deprecated before (bpf_load_program, bpf_create_map, bpf_set_link_xdp_fd, bpf_prog_load_xattr), xsk_… went to libxdp, and newer functions are not in the package of an older distribution.',
    help: 'pkg-config --modversion libbpf. Build with the libbpf that the project brings (git submodule update --init; -I libbpf/src/root/usr/include), install a newer one, or use the new names: bpf_prog_load, bpf_map_create, bpf_xdp_attach.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'skeleton-differs',
    pattern:
      /['‘]?(?:const )?struct bpf_(?:map|prog|object)_skeleton['’]? has no member named ['‘](\w+)['’]|no member named '(\w+)' in 'struct bpf_(?:map|prog|object)_skeleton'/,
    text: 'The skeleton was made by a newer bpftool than the headers of libbpf that it is compiled with: they do not know its field $1$2.',
    why: 'bpftool has a libbpf of its own inside, and writes what that one knows; the skeleton needs headers that are at least as new.',
    help: 'bpftool version shows the libbpf inside, pkg-config --modversion libbpf the one of the headers. Update libbpf-devel, or make the skeleton with an older bpftool (BPFTOOL=…); many projects bring both as git submodules.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'enum64-missing',
    pattern: /static[ _]assert.{0,100}missing high bits for 64bit enums/,
    text: 'vmlinux.h lacks the upper halves of 64-bit enums.',
    why: 'It was made from the BTF of a kernel that an older pahole (before 1.24) or clang wrote, or by a bpftool before 7.0.',
    help: 'pahole --version (1.24 or newer) when the kernel is built, bpftool version (7.0 or newer); then make vmlinux.h again, from a kernel built that way.',
    lesson: 'vm/btf-and-core',
  },
  // #pragma in libbpf's bpf_tracing.h; bpf2go defines a macro of its own for the same
  {
    id: 'clang-target-arch',
    pattern: /Must specify a BPF target arch via __TARGET_ARCH_xxx|target specific macros, please provide -target/,
    text: 'The compiler is not told for which architecture’s registers this is.',
    why: 'PT_REGS_PARM1() and BPF_KPROBE() read them, and libbpf knows only the kernel’s names: x86 (not x86_64 or amd64), arm64 (not aarch64), arm, powerpc, riscv, s390, loongarch, mips.',
    help: 'Add -D__TARGET_ARCH_x86, or -D__TARGET_ARCH_arm64 and so on. In a Makefile: ARCH := $(shell uname -m | sed "s/x86_64/x86/;s/aarch64/arm64/"). With bpf2go: -target amd64 or arm64.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'clang-no-bpf',
    pattern:
      /unknown target triple 'bpf\w*'|No available targets are compatible with triple "bpf\w*"|unable to create target: .{0,60}bpf/,
    text: 'This clang cannot compile for BPF at all.',
    why: 'It is too old, or was built without the BPF back end (LLVM_TARGETS_TO_BUILD).',
    help: 'clang --version; llc --version | grep bpf must list it. Install clang 12 or newer from your distribution or apt.llvm.org; one that you build needs -DLLVM_TARGETS_TO_BUILD="BPF;X86".',
    lesson,
  },
  {
    id: 'clang-too-old',
    pattern:
      /unknown target CPU '(v\d|generic|probe)'|unknown argument:? '-mcpu=(v\d)'|(?:use of unknown builtin|implicit declaration of function|call to undeclared function) '(__builtin_(?:preserve_\w+|btf_type_id\w*))'|unknown (?:attribute|type attribute) '(btf_type_tag|btf_decl_tag|preserve_static_offset)'/,
    text: 'This clang is too old, or does not compile for BPF here: it does not know $1$2$3$4.',
    why: 'CO-RE needs clang 10 or newer (enums 12), -mcpu=v3 clang 9, v4 clang 17 or newer. What CO-RE is made of (__builtin_preserve_…) is known to the BPF target only, so without -target bpf the newest clang does not know it either.',
    help: 'Look for -target bpf (--target=bpf) in the command. clang --version; install a newer one (apt install clang-18, apt.llvm.org) and name it: make CLANG=clang-18. Or ask for less: -mcpu=v2.',
    lesson,
  },
  {
    id: 'clang-asm',
    pattern:
      /unknown register name '(\w+)' in asm|(?:unrecognized|invalid) instruction mnemonic|unknown use of instruction mnemonic|invalid (?:input|output) constraint '.{1,10}' in asm|couldn't allocate (?:input|output) reg(?:ister)? for constraint|invalid operand for inline asm constraint/,
    text: 'The inline assembly in a header does not fit what this clang compiles for ($1).',
    why: 'Either it compiles for this machine instead of BPF (without -target bpf), or it is too old: it does not define __bpf__ or the registers r0 to r10 as libbpf’s headers expect. Headers with x86 assembly (the kernel’s own) cannot be compiled for BPF either, nor the kernel’s current: that is bpf_get_current_task().',
    help: 'clang --version (12 or newer), and clang -O2 -g -target bpf -c FILE.bpf.c. Include "vmlinux.h" instead of the kernel’s internal headers.',
    lesson,
  },
  {
    id: 'clang-vla',
    pattern:
      /[Uu]nsupported dynamic stack allocation|variable[- ]length array declaration not allowed|variable-sized object may not be initialized|dynamic alloca/,
    text: 'A local array has a length that is known only at run time, or the compiler must make room on the stack as it goes.',
    why: 'A BPF program’s stack is laid out when it is compiled; variable-length arrays and alloca() do not exist. In C, a const int is not a constant for this purpose.',
    help: 'Use #define N 64 or an enum for the length, or a map for the buffer; compile with -O2.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  // Fixed in bcc by commit 7a90c7b232a0, for 0.27.
  {
    id: 'bcc-tail-call',
    pattern: /incompatible pointer to integer conversion passing 'void \*' to parameter of type 'u64'/,
    also: ['bpf_tail_call_\\('],
    text: 'This bcc is too old for the clang that is linked with it: its own bpf_tail_call_() does not compile.',
    why: 'Newer versions of clang take what was a warning for an error; bcc declares the function rightly from 0.27 on.',
    help: 'Update bcc; or pass cflags=["-Wno-int-conversion"] to BPF().',
    lesson: 'bcc/what-bcc-is',
  },
  // bcc compiles against the kernel's own headers, so its clang must be able to read them.
  {
    id: 'bcc-too-old',
    pattern: /^(?!'?[\w./-]+'? file not found)\S/,
    also: [
      '/virtual/(?:main\\.c|include)',
      '(?:^|\\n)(?:\\S*/lib/modules/|\\S*/usr/src/|(?:\\./)?include/|(?:\\./)?arch/)\\S*:\\d+:\\d+: (?:fatal )?error:',
    ],
    text: 'bcc cannot compile the headers of this kernel.',
    why: 'The error is in a header of the kernel, not in the program: this bcc, or the LLVM that is linked with it, is older than the kernel.',
    help: 'Update bcc (0.25 or newer for Linux 6) and its LLVM, or take the package of your distribution’s release that belongs to the kernel. Tools made with libbpf (libbpf-tools) do not compile at run time.',
    lesson: 'bcc/what-bcc-is',
  },
  // asm_inline of include/linux/compiler_types.h, commit eb111869301e; clang takes “asm inline” from 11 on
  {
    id: 'kernel-headers-asm',
    pattern: /expected '\(' after 'asm'/,
    text: 'The kernel’s headers say “asm inline”, which this compiler, or the clang inside this tool, does not know yet.',
    why: 'They do since Linux 5.4; clang takes it from 11 on, and bcc 0.12, bpftrace 0.10 and later define it away. So the tool is older than the kernel that runs.',
    help: 'Update bcc, bpftrace or clang (bpftrace --version; clang --version). A program of your own: include "vmlinux.h" instead of the kernel’s headers, or #define asm_inline asm after <linux/compiler_types.h> (-Dasm_inline=asm).',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'kernel-headers-clash',
    pattern: /^(?!'?[\w./-]+'? file not found)\S/,
    also: [
      '(?:^|\\n)(?:\\S*/lib/modules/\\S*/(?:build|source)/|\\S*/usr/src/\\S{0,80}/|\\S*linux-\\d[^\\s/]*/)(?:include|arch)/(?!uapi/)\\S*:\\d+:\\d+: (?:fatal )?error:',
    ],
    text: 'The error is in one of the kernel’s internal headers, which is not made for this program.',
    why: 'Headers below /lib/modules/…/build/include or /usr/src/linux-…/include are for modules of the kernel; a program of user space, or a BPF program with vmlinux.h, must not have them on its include path: they clash with the C library’s.',
    help: 'Take that -I out of the command. User space needs /usr/include (linux-libc-dev); a BPF program "vmlinux.h" and libbpf’s headers.',
    lesson,
  },
  // Redefinitions
  {
    id: 'own-type-in-vmlinux',
    pattern: /redefinition of '(\w+)'/,
    also: [
      // A file of the project itself, not one of the system’s headers.
      "(?:^|\\n)(?:\\./)?(?!\\S*(?:vmlinux|linux|asm|include|/usr/|^/))[\\w.-]+\\.[ch]:\\d+:\\d+: error: redefinition of '$1'",
      'vmlinux\\w*\\.h:\\d+:\\d+: note: previous definition',
    ],
    text: 'A file of the project defines $1, and vmlinux.h has a type of that name already.',
    why: 'vmlinux.h has all types of the kernel that it was made from, so the clash may come with another kernel or architecture.',
    help: 'Give the project’s own type another name. If it is meant to be the kernel’s, leave the definition out.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'clang-redefinition-vmlinux',
    pattern:
      /(?:typedef redefinition with different types|(?:redefinition|redeclaration) of (?:enumerator )?'?(\w*)|conflicting types for '(\w+)')/,
    also: ['vmlinux\\w*\\.h:\\d+'],
    text: 'vmlinux.h and another header define the same name ($1$2).',
    why: 'vmlinux.h has all types of the kernel, so <linux/…>, <asm/…> and <stdint.h> define the same once more.',
    help: 'Leave the other #include out. Constants (ETH_P_IP, TC_ACT_OK) are not in vmlinux.h: #define those that you need. libbpf’s headers must come after vmlinux.h.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'kernel-and-user-headers',
    pattern:
      /(?:typedef redefinition with different types|(?:redefinition|redeclaration) of (?:enumerator )?'?(\w*)|conflicting types for '(\w+)')/,
    also: [
      '__btf_generated_header|/bpftrace/include|/lib/modules/\\S*/(?:build|source)/include|/usr/src/\\S*/include/linux/|/linux-[\\w.-]+/include/linux/',
    ],
    text: 'Two headers define the same name ($1$2): one of the kernel (or its BTF), and one of user space.',
    why: 'The headers of the kernel’s own tree and the C library’s (<sys/…>, <std….h>) define the same names otherwise. bpftrace and bcc put the kernel’s tree on the include path themselves; a program of user space must not have it there.',
    help: 'In bpftrace and bcc, leave the #include of user space out, and write the structure that you need into the script. In a build, take the -I (or C_INCLUDE_PATH) of the kernel’s tree out: /usr/include has what user space may use.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bcc-with-libbpf',
    pattern: /redefinition of '(bpf_\w+)' (?:with a different type|as different kind)/,
    also: ['/virtual/include/bcc/helpers\\.h'],
    text: 'The program includes libbpf’s headers, and bcc has its own.',
    why: 'bcc puts its helpers.h in front of every program; <bpf/bpf_helpers.h> declares the same helpers again.',
    help: 'Leave #include <bpf/…> out of a program for bcc; or port it to libbpf altogether.',
    lesson: 'bcc/porting-to-core',
  },
  {
    id: 'clang-redefinition-copies',
    pattern:
      /(?:typedef redefinition with different types|(?:redefinition|redeclaration) of (?:enumerator )?'?(\w*)|conflicting types for '(\w+)')/,
    also: ['(?:linux|asm|asm-generic|uapi)/[\\w/-]+\\.h:\\d+:\\d+: (?:fatal )?error:', 'previous definition is here'],
    text: 'Two copies of the same header are on the include path, so that names are defined twice ($1$2).',
    why: 'One is in /usr/include (linux-libc-dev), the other in a kernel’s source or a copy in the project (tools/include/uapi/linux/bpf.h).',
    help: 'The error and the note below it name both files. Take one of the two -I out of the command, so that each header comes from one place.',
    lesson,
  },
  {
    id: 'clang-redefinition',
    pattern:
      /(?:typedef redefinition with different types|(?:redefinition|redeclaration) of (?:enumerator )?'?(\w*)|conflicting types for '(\w+)')/,
    text: 'A name is defined twice ($1$2).',
    why: 'A header and your program, or two headers, define the same name; the note below the error says where the other one is.',
    help: 'If one is yours, give it another name: newer kernels’ headers have names that older ones did not. If both are the same thing, leave one #include out: with "vmlinux.h", no <linux/…> header is needed. Your own header wants #pragma once.',
    lesson: 'vm/btf-and-core',
  },
  // User space
  {
    id: 'libelf-missing',
    pattern: /'?((?:libelf|gelf|elf|zlib|elfutils\/\S+)\.h)'?(?: file not found|: No such file)/,
    text: 'The header $1 is missing, which libbpf and bpftool are built with.',
    why: 'It comes in a package of its own, with -dev or -devel in its name.',
    help: 'sudo apt install libelf-dev zlib1g-dev; dnf install elfutils-libelf-devel zlib-devel; apk add elfutils-dev zlib-dev.',
    lesson,
  },
  // tools/perf/perf-sys.h declares them unless HAVE_ATTR_TEST is 0; samples/bpf/bpf_load.c includes it
  {
    id: 'link-samples',
    pattern: /undefined reference to [`'](test_attr__\w+)/,
    text: 'The linker does not find $1, which only perf itself has.',
    why: 'The old loader of the kernel’s samples (bpf_load.c) includes perf-sys.h, which calls it unless told not to.',
    help: 'Compile with -DHAVE_ATTR_TEST=0. Better use libbpf: bpf_load.c and load_bpf_file() are gone from the kernel’s samples (Linux 5.11).',
    lesson: 'programs/loaders-and-links',
  },
  // libbpf’s own files call each other: nobody’s command line has a say in that
  {
    id: 'link-libbpf-incomplete',
    pattern:
      /\b(?:libbpf|bpf|btf|btf_dump|usdt|ringbuf|linker|netlink|features|relo_core|gen_loader)\.c:[^`']{1,60}: undefined reference to [`'](?!(?:elf|elf32|elf64|gelf)_(?:begin|end|errmsg|errno|flagdata|fsize|getdata|getehdr|getrel|getscn|getshdr\w*|getsym|kind|memory|ndxscn|newdata|newehdr|newscn|nextscn|rawdata|strptr|update\w*|version)\b)((?:elf|feat|probe|kernel|libbpf|bpf|btf|usdt|strset|hashmap|sys|skel)_\w+)/,
    text: 'libbpf itself was not built whole: one of its files calls $1, which another of its files has.',
    why: 'The list of files that this project compiles is for another version of libbpf than the one in its folder: newer releases have more of them (elf.c and zip.c from 1.3, features.c from 1.4). So the submodule was moved on, or a file is missing.',
    help: 'git submodule update --init --recursive brings back the version that the project wants. Otherwise build libbpf by its own Makefile, and link that libbpf.a; or add the new files to the project’s list.',
    lesson,
  },
  {
    id: 'link-no-wrapper',
    pattern: /undefined (?:reference to|symbol:?) [`']?bpf(?:[`']|$)/,
    text: 'There is no function bpf() to link with.',
    why: 'The C library has no wrapper for this system call, and libbpf does not export one: it has a function for each of its commands.',
    help: 'Call libbpf’s: bpf_map_create(), bpf_prog_load(), bpf_map_update_elem() (#include <bpf/bpf.h>, -lbpf). Or syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr)).',
    lesson,
  },
  {
    id: 'link-libbpf',
    pattern:
      /undefined (?:reference to|symbol:?) [`']?((?:bpf|btf|perf_buffer|ring_buffer|libbpf|elf|gelf|xdp|xsk)_\w+)/,
    text: 'The linker does not find $1.',
    why: 'The library that has it is not named on the command line, stands before what needs it, or is too old to have it.',
    help: 'Put -lbpf -lelf -lz (and -lxdp) at the end of the command; pkg-config --modversion libbpf tells the version: newer functions need a newer libbpf.',
    lesson,
  },
  // The back end
  // Rust: what panics ends in abort(), and bpf-linker links with the LLVM of one release
  {
    id: 'rust-abort',
    pattern: /A call to built-in function '(abort|__rust_\w+|_?Unwind\w*)' is not supported/,
    text: 'The program may panic: the compiler calls $1(), which does not exist for BPF.',
    why: 'There is nobody to take a panic. It comes from a panic handler that ends the process, from arithmetic or indexes that are checked (a debug build), and from unwrap().',
    help: 'In the eBPF crate: a panic handler of loop {}, profile.dev with opt-level = 3, debug-assertions = false and overflow-checks = false, panic = "abort"; get() instead of [], no unwrap().',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'bpf-linker',
    pattern:
      /ERROR llvm: (Linking globals named '\w+': symbol multiply defined|Invalid record|.{0,60}Unknown attribute kind|.{0,60}[Pp]roducer: ?'LLVM)|unable to open LLVM shared lib/,
    text: 'bpf-linker and the Rust compiler do not fit together ($1).',
    why: 'bpf-linker reads what rustc’s LLVM wrote, so it must be built with the same LLVM, and the crate aya-ebpf must suit both.',
    help: 'Update both: rustup update nightly; cargo install bpf-linker --force; cargo update. rustc -vV and bpf-linker --version tell the versions of LLVM.',
    lesson: 'setup/reference-environment',
  },
  // BPFAsmBackend.cpp: a jump’s offset has 16 bits; gotol of -mcpu=v4 has 32
  {
    id: 'clang-branch-range',
    pattern: /(?:fatal error: )?(?:error in backend: )?Branch target out of (?:insn )?range/,
    text: 'A jump in the compiled program is longer than an instruction can hold (32767 instructions).',
    why: 'The function is that long after inlining and unrolling.',
    help: '-mcpu=v4 has long jumps: Linux 6.6 or later runs them, and clang -target bpf --print-supported-cpus must list v4. Otherwise make the function shorter: no #pragma unroll, bpf_loop(), __noinline functions.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'clang-builtin-call',
    pattern: /A call to built-in function '(mem\w+|str\w+)' is not supported/,
    text: 'The compiler wants to call $1(), which does not exist for BPF.',
    why: 'Copies of a size that is not constant, or is large (over 1024 bytes), and some loops become calls of the C library.',
    help: 'Use __builtin_memcpy() and __builtin_memset() with a constant size below 1024, or bpf_probe_read_kernel() for larger ones; -fno-builtin keeps loops as they are.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // Intrinsics of the BPF back end, which no other has
  {
    id: 'clang-not-bpf',
    pattern: /Cannot select: .{0,80}%?llvm\.bpf\.\w/,
    text: 'The program was compiled for this machine, and not for BPF.',
    why: 'It uses what only the BPF back end has (llvm.bpf.…: loads from the packet, CO-RE). Without -target bpf clang compiles for the machine that it runs on.',
    help: 'clang -O2 -g -target bpf -c FILE.bpf.c -o FILE.bpf.o. In two steps: clang … -target bpf -emit-llvm, or llc -march=bpf.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'clang-cannot-select',
    pattern: /Cannot select: (?!.*\bf(?:32|64)\b)(?!.{0,80}\b(?:sdiv|srem)\b).{0,200}/,
    text: 'The back end of this compiler has no BPF instruction for what the code does.',
    why: 'It is mostly atomic operations that return a value (they need -mcpu=v3), 128-bit numbers, vectors, or thread-local variables.',
    help: 'Compile with -mcpu=v3 and a newer clang; for atomics without the old value __sync_fetch_and_add() as a statement. The function is named in the line that begins with “In function”.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'clang-by-value',
    pattern:
      /pass by value not supported|only (?:small|integer) returns? supported|aggregate returns? (?:is|are) not supported/,
    text: 'A function takes or returns a whole structure.',
    why: 'BPF functions pass numbers and pointers in registers, and nothing on the stack.',
    help: 'Pass a pointer to it, or make the function static __always_inline.',
    lesson: 'programs/loops-and-subprograms',
  },
];

/** What bcc compiles of its own tools is nobody’s mistake who runs them: a tool of another release than the kernel. `log` is the whole output. */
export const bccToolRules: readonly Rule[] = [
  {
    id: 'bcc-tool-old',
    pattern:
      /no member named '(\w{1,60})' in '|incompatible (?:integer to pointer|pointer)|(?:unknown type name|incomplete definition of type|use of undeclared identifier|incomplete type) '|member reference base type|redefinition of/,
    also: ['/virtual/main\\.c', 'bcc/tools/|-bpfcc\\b', '^(?![^]*asm_inline)'],
    text: 'The C text inside this tool of bcc does not fit the kernel that runs: structures have other fields in this version ($1).',
    why: 'bcc compiles its tools against the headers of the running kernel each time. The tool was written for older (or newer) ones; nothing that you did is wrong.',
    help: 'uname -r, and the version of bcc (apt policy bpfcc-tools, dnf info bcc-tools): install a newer one, or the tool of the same name from libbpf-tools, which reads the kernel’s BTF and needs no headers.',
    lesson: 'bcc/porting-to-core',
  },
];
