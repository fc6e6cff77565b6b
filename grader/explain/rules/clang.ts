/** Errors of clang when it compiles for BPF. Wording of clang 14 to 21. */
import type { Rule } from '../rule.ts';
import { clangBuildRules } from './clang-build.ts';
import { clangLanguageRules } from './clang-language.ts';

export const clangRules: readonly Rule[] = [
  ...clangBuildRules,
  // bcc opens a pinned map, and never makes one
  {
    id: 'bcc-pinned-map',
    pattern: /map not found: (\/\S{1,200})/,
    text: 'Nothing is pinned at $1.',
    why: 'BPF_TABLE_PINNED opens a map that another program has pinned; it does not create one.',
    help: 'Pin it first: with bpftool map create, or bpf_obj_pin() in the program that owns it. sudo ls /sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  {
    id: 'clang-vmlinux-missing',
    pattern: /'?([\w./-]*vmlinux[\w./-]*\.h)'?(?: file not found|: No such file)/,
    text: 'The header $1 was not found.',
    why: 'It holds the types of one kernel and is made from its BTF; it is in no package.',
    help: 'Write exactly #include "vmlinux.h": the grader brings it. Elsewhere: bpftool btf dump file /sys/kernel/btf/vmlinux format c > vmlinux.h',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'clang-libbpf-missing',
    pattern:
      /'?(bpf\/\S+\.h|bpf_(?:helpers|helper_defs|endian|tracing|core_read)\.h)'?(?: file not found|: No such file)/,
    text: 'The header $1 was not found.',
    why: 'The headers below bpf/ come with libbpf. Old code names them without bpf/, and wants that folder on the include path.',
    help: 'Check its spelling: bpf/bpf_helpers.h, bpf/bpf_tracing.h, bpf/bpf_core_read.h or bpf/bpf_endian.h. Elsewhere: sudo apt install libbpf-dev (dnf install libbpf-devel); for the name without bpf/ also -I/usr/include/bpf',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'clang-asm-missing',
    pattern: /'?(asm\/\S+\.h)'?(?: file not found|: No such file)/,
    text: 'The header $1 was not found.',
    why: 'It belongs to one architecture, and the target bpf has none of its own.',
    help: 'Include "vmlinux.h" instead of <linux/…> headers. Elsewhere: add -I/usr/include/$(uname -m)-linux-gnu, where Debian and Ubuntu keep it (package linux-libc-dev); gcc-multilib makes a link to it.',
    lesson: 'vm/btf-and-core',
  },
  // glibc’s headers choose by __x86_64__, which -target bpf does not define: then they take the 32-bit way
  {
    id: 'clang-stubs-32',
    pattern: /'?(gnu\/stubs-32\.h)'?(?: file not found|: No such file)/,
    text: 'A header of the C library wants $1, which belongs to 32-bit x86.',
    why: 'For -target bpf, __x86_64__ is not defined, so the C library’s headers take this for a 32-bit program. The lines “In file included from” say which #include led there (<stdio.h>, <netinet/in.h>, <sys/…>).',
    help: 'Leave that #include out: a BPF program has no C library, and "vmlinux.h" or <linux/…> has the types. If it must stay: sudo apt install libc6-dev-i386 (gcc-multilib), dnf install glibc-devel.i686, or clang -D__x86_64__.',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'clang-libc-missing',
    pattern: /'((?:std\w+|string|errno|unistd|(?:gnu|bits|sys|netinet|arpa|net)\/[\w/-]+)\.h)' file not found/,
    text: 'The header $1 was not found.',
    why: 'A BPF program runs in the kernel: there is no C library.',
    help: 'Use vmlinux.h for types, and BPF helpers instead of functions of the C library. If a header of yours includes it, the lines “In file included from” say which (<netinet/in.h>, <sys/…>, <stdio.h>): leave that out.',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'clang-uapi-missing',
    pattern: /'uapi\/((?:linux|asm)\/\S+\.h)' file not found/,
    text: 'There is no folder uapi/ on the include path.',
    why: 'It exists only in the kernel’s own tree, and where bcc compiles; what user space is given of it is in /usr/include, without uapi/.',
    help: 'Write #include <$1>, or "vmlinux.h" in its place.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'clang-header-missing',
    pattern: /'(.+)' file not found|([\w./+-]{1,200}\.h): No such file/,
    text: 'The header $1$2 was not found.',
    why: 'It is misspelt, or what it comes with is not on the include path. In the grader only your own files, vmlinux.h and the headers of libbpf and of the kernel are there; elsewhere a package (-dev, -devel), a git submodule, or a step of the build that makes the file may be missing.',
    help: 'Check the spelling of the #include. Then look for the file: apt-file search $1$2, dnf provides "*/$1$2", git submodule update --init, and name its folder with -I.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'clang-types-missing',
    pattern:
      /(?:unknown type name|use of undeclared identifier) '((?:__)?[us](?:8|16|32|64)|__be16|__be32|bool|size_t)'/,
    text: 'The type $1 is not known here.',
    why: 'The kernel’s integer types come from a header, which must be included before what uses them.',
    help: 'Make #include "vmlinux.h" the first include. With <linux/bpf.h> instead, the types are called __u8 to __u64.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'clang-did-you-mean',
    pattern:
      /(?:undeclared identifier|undeclared function|unknown type name|no member named) '(\w+)'.*did you mean '(.+?)'/,
    text: 'Nothing is called $1.',
    why: 'There is something with nearly this name.',
    help: 'Did you mean $2?',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'clang-undeclared-function',
    pattern: /(?:call to undeclared function|implicit declaration of function) '(\w+)'/,
    text: 'The function $1 is not declared.',
    why: 'A BPF program can call its own functions, BPF helpers and kfuncs, but nothing of the C library.',
    help: 'Helpers need #include <bpf/bpf_helpers.h>, BPF_CORE_READ and BPF_KSYSCALL <bpf/bpf_core_read.h> as well; check the spelling too. A function of yours must come before its first use.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // BPF_KPROBE() and its like: without the macro, clang takes its arguments for those of an old C function
  {
    id: 'clang-macro-missing',
    pattern: /expected identifier|expected parameter declarator|type specifier missing|expected '\)'/,
    also: [
      '(?:^|\\n)[^\\n]*\\bBPF_(?:K(?:RET)?PROBE|U(?:RET)?PROBE|KSYSCALL|PROG|USDT|STRUCT_OPS|SEQ_PRINTF)\\w{0,20}\\(',
    ],
    text: 'clang does not know the macro BPF_… in this line: no header defines it.',
    why: 'It is of <bpf/bpf_tracing.h> (BPF_USDT of <bpf/usdt.bpf.h>), and the newer ones only of a newer libbpf: BPF_KPROBE_SYSCALL and BPF_KSYSCALL came with 0.8 and 1.0, BPF_UPROBE with 1.2.',
    help: '#include <bpf/bpf_tracing.h>; pkg-config --modversion libbpf. A newer libbpf than the distribution’s libbpf-dev: git clone https://github.com/libbpf/libbpf, make -C libbpf/src install_headers.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'clang-uapi-old',
    pattern:
      /use of undeclared identifier '((?:BPF_(?:FUNC|MAP_TYPE|PROG_TYPE|F|TRACE|CGROUP|NETFILTER|TCX)|XDP_FLAGS)_\w+)'|'((?:BPF_(?:FUNC|MAP_TYPE|PROG_TYPE|F|TRACE|CGROUP|NETFILTER|TCX)|XDP_FLAGS)_\w+)' (?:undeclared|was not declared)/,
    text: 'The linux/bpf.h (or vmlinux.h) that is found here does not know $1$2.',
    why: 'Its constants grow with each kernel version: this header is older than the code that names it, or the name is misspelt.',
    help: 'grep -rn $1$2 /usr/include/linux/bpf.h. Newer headers: package linux-libc-dev (kernel-headers), or the include/uapi of libbpf’s source, with -I in front of the others; vmlinux.h from the kernel that it must run on.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'clang-undeclared',
    pattern: /use of undeclared identifier '(\w+)'|'(\w+)' undeclared \(/,
    text: 'Nothing is called $1$2 here.',
    why: 'A name must be declared above its first use, or come from a header; macros such as ETH_P_IP are not in vmlinux.h.',
    help: 'Check the spelling, the include that declares it, or define the constant yourself.',
    lesson: 'vm/btf-and-core',
  },
  // Elf64_Relr came with DT_RELR; GElf_Nhdr is elfutils’s, not that of the older libelf by mr511
  {
    id: 'elf-headers-old',
    pattern: /unknown type name '(G?Elf(?:32|64)?_\w{1,40})'/,
    text: 'No header that this file includes has the type $1: gelf.h or elf.h is not included, or the one that is found is too old, or of another libelf.',
    why: 'libbpf and bpftool need the libelf of elfutils and the elf.h that goes with it. In a cross toolchain the C library’s elf.h may be older; below /usr/local/include another libelf may come first.',
    help: 'echo "#include <gelf.h>" | cc -E - | grep "gelf.h\\|/elf.h" shows which file is taken. sudo apt install libelf-dev; take the -I of the other one out of CFLAGS; in a toolchain a newer C library, or elfutils of the version that fits.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'clang-unknown-type',
    pattern: /unknown type name '(\w+)'/,
    text: 'The type $1 is not known here.',
    why: 'A type must be declared above its first use, or come from a header.',
    help: 'Check the spelling (for a structure: struct $1) and the includes.',
    lesson: 'vm/btf-and-core',
  },
  // gen_trace… of bpftool gen skeleton: a structure for a data section is written only if the object has BTF for it
  {
    id: 'skeleton-member',
    pattern: /no member named '(rodata|data|bss|maps|progs|links|struct_ops)' in 'struct (\w{1,100})'/,
    also: ['\\.skel\\.h:\\d+|->(?:rodata|bss|data|struct_ops)\\b|SCX_OPS_'],
    text: 'The skeleton of $2 has no $1.',
    why: 'bpftool writes a part for global variables only if the object has BTF for them: it was compiled without -g, has no such variables, or bpftool is older than the clang that made it, or than what it should write (struct_ops needs one of Linux 6.10).',
    help: 'Compile the BPF program with -g, update bpftool, and make the skeleton again: bpftool gen skeleton FILE.bpf.o > FILE.skel.h.',
    lesson: 'programs/loaders-and-links',
  },
  // bpf_tracing.h of libbpf: user_pt_regs is arm64's and s390's name, pt_regs with di, si, dx x86's
  {
    id: 'clang-arch-mismatch',
    pattern:
      /incomplete definition of type 'struct ((?:user_)?pt_regs)'|no member named '(?:di|si|dx|regs|user_regs)' in 'struct ((?:user_)?pt_regs)'/,
    text: 'The registers of struct $1$2 do not belong to the architecture that the program is compiled for.',
    why: '-D__TARGET_ARCH_… names one architecture (user_pt_regs is arm64’s), and vmlinux.h was made on another one, or no header has the structure.',
    help: 'Make vmlinux.h on a kernel of the same architecture, and let both fit: -D__TARGET_ARCH_arm64 with one of arm64, -D__TARGET_ARCH_x86 with one of x86. Without vmlinux.h include <linux/ptrace.h> or <asm/ptrace.h>.',
    lesson: 'programs/kprobes-and-fentry',
  },
  // BProbeReadRewriter of bcc puts each access to kernel memory into a statement expression
  {
    id: 'bcc-rewriter',
    pattern:
      /expected expression|cannot take the address of an rvalue|expected '}'|expected '\)'|incomplete type 'typeof\(void\)'/,
    also: ['bpf_probe_read\\w*\\(&_val'],
    text: 'bcc has rewritten a pointer access on this line, and the result is not valid C.',
    why: 'It turns ptr->field into a bpf_probe_read() by itself; nested ones, those within a bpf_probe_read() of yours, and pointers to user memory in newer headers (btf_type_tag) go wrong in some versions.',
    help: 'Read one step at a time, each into a variable: bpf_probe_read_kernel(&x, sizeof(x), &ptr->field); or leave your own bpf_probe_read() away where bcc writes one. Update bcc.',
    lesson: 'bcc/what-bcc-is',
  },
  // src/cc/frontends/clang/b_frontend_action.cc
  {
    id: 'bcc-text',
    pattern:
      /(cannot call non-static helper function|cannot use (?:map function|builtin|"packet" header type) inside a macro|invalid bpf_table operation \S{1,40}|get_stackid only available on stacktrace maps|arguments to BPF program definition must be named|bpf_table \S{1,60} failed to open|invalid type for bpf_table, expect struct|invalid zero-sized leaf|histogram leaf type must be u64|reference to undefined table|redefinition of existing function|bpf_probe_read_user not found\. Use latest kernel)/,
    text: 'bcc’s own compiler refuses this: $1.',
    why: 'bcc rewrites the C text before clang compiles it: map.lookup() and the like are its own words, each map knows certain ones, and functions that it calls must be static inline.',
    help: 'Compare with bcc’s reference guide (docs/reference_guide.md): BPF_HASH, BPF_STACK_TRACE and so on, without macros around them. Write static inline before functions of yours.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'clang-no-member',
    pattern: /no member named '(\w+)' in '(.+?)'/,
    text: '$2 has no field called $1.',
    why: 'The fields come from the header that the program is compiled with. A structure of the kernel changes with its version and configuration; one of a library or of generated code (a skeleton) changes with the tool that made it.',
    help: 'A structure of the kernel: bpftool btf dump file /sys/kernel/btf/vmlinux format c | less. Anything else: look into the header that declares it, and build it with the version that the program was written for.',
    lesson: 'vm/btf-and-core',
  },
  // bcc: src/cc/frontends/clang/tp_frontend_action.cc
  {
    id: 'bcc-tracepoint',
    pattern: /incomplete (?:definition of type|type) 'struct tracepoint__([a-z0-9]+(?:_[a-z0-9]+)*)__(\w+)'/,
    text: 'bcc could not make the structure of the tracepoint $1:$2: this kernel has none of that name, or it cannot be read.',
    why: 'TRACEPOINT_PROBE takes the fields from tracefs, events/$1/$2/format. Those of system calls need CONFIG_FTRACE_SYSCALLS, and arm64 has no open, fork or stat, but openat, clone and newfstatat.',
    help: 'sudo ls /sys/kernel/tracing/events/$1; mount -t debugfs none /sys/kernel/debug if there is nothing.',
    lesson: 'programs/tracepoints',
  },
  {
    id: 'clang-incomplete-type',
    pattern: /incomplete (?:definition of type|type) '(.+?)'/,
    text: 'The fields of $1 are not known here.',
    why: 'It is only announced: no header that is included says what is in it. If vmlinux.h is included, the kernel that it was made from does not have this structure: it is older, or built without that part.',
    help: 'Include "vmlinux.h", or define the structure above its first use. With vmlinux.h: make it from a newer kernel (grep -w NAME vmlinux.h; bpftool btf dump file /sys/kernel/btf/vmlinux format c), or take the vmlinux.h of the project.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'clang-semicolon',
    pattern: /expected ';'/,
    text: 'A semicolon is missing.',
    why: 'clang noticed it here, at the end of what came before.',
    help: 'Put a ; at the caret, or at the end of the line above.',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'clang-brace',
    pattern: /expected '([})\]])'/,
    text: 'A $1 is missing.',
    why: 'Something was opened and not closed; clang noticed it here, which may be long after.',
    help: 'Close it where it ends: the note in clang’s log says which one was opened.',
    lesson: 'introduction/life-of-a-program',
  },
  {
    id: 'clang-stack',
    pattern: /BPF stack limit(?: of 512 bytes)? is exceeded/,
    text: 'The local variables are too large.',
    why: 'A BPF program has 512 bytes of stack.',
    help: 'Keep the large one in a map (BPF_MAP_TYPE_PERCPU_ARRAY with one entry) and look it up.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'clang-many-arguments',
    pattern: /too many args to|too many arguments in BPF|defined with too many args/,
    text: 'The function takes more than 5 arguments.',
    why: 'BPF passes arguments in the registers r1 to r5.',
    help: 'Pass a pointer to a structure, or make it static __always_inline.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'clang-signed-division',
    pattern: /[Uu]nsupport(?:ed)? signed division|Cannot select: .{0,80}\b(?:sdiv|srem)\b/,
    text: 'This divides signed numbers.',
    why: 'BPF has had signed division only since version 4 of its instructions. The difference of two pointers to structures is one too: it is divided by their size.',
    help: 'Make both operands unsigned; take the difference of pointers as numbers of bytes: (char *)b - (char *)a.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'clang-float',
    pattern:
      /(?:Cannot select:.*\bf(?:32|64)\b|A call to built-in function '__(?:add|sub|mul|div|float|fix)\w*[sd]f\w*')/,
    text: 'This calculates with floating-point numbers.',
    why: 'BPF has only integers.',
    help: 'Use integers, scaled if need be: nanoseconds instead of seconds.',
    lesson: 'vm/registers-and-instructions',
  },
  ...clangLanguageRules,
];
