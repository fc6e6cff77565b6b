/** What the verifier says that is due to the kernel, its JIT compiler or the loader, and seldom to the program. */
import type { Rule } from '../../rule.ts';

export const kernelRules: readonly Rule[] = [
  // fixup_call_args() and add_kfunc_call()
  {
    id: 'jit-calls',
    pattern:
      /JIT (?:doesn't|does not) support (bpf-to-bpf calls|calling (?:kernel function|kfunc)s?.{0,60})|(calling kernel functions are not allowed in non-JITed programs)|(tail_?[ ]?calls are not allowed in (?:non-JITed )?programs with bpf-to-bpf calls)|(callbacks are not allowed in non-JITed programs)|(JIT is required for calling kernel function)|(mixing of tail_calls and bpf-to-bpf calls is not supported)/,
    text: 'This kernel’s JIT compiler cannot do that on this architecture: $1$2$3$4$5$6.',
    why: 'Calls between BPF functions, kfuncs and tail calls together with them are features of each architecture’s JIT, and come with kernel versions; with the JIT switched off there are none.',
    help: 'uname -rm; sysctl net.core.bpf_jit_enable must be 1. For calls between functions: static __always_inline. Otherwise a newer kernel, or another architecture.',
    lesson: 'programs/loops-and-subprograms',
  },
  // BPF_CALL | BPF_X: clang writes it for a call through a pointer, which no kernel has
  {
    id: 'indirect-call',
    pattern: /unknown opcode 8d/,
    text: 'The program calls a function through a pointer (instruction 8d), which BPF cannot do.',
    why: 'The verifier must know which function is called. The compiler writes it for function pointers, and where a helper’s declaration was not taken for one (wrong headers, or compiled without optimisation); in bcc also for a function of yours that is not inlined.',
    help: 'Call the function by its name, choose by if or switch, or use a tail call; in bcc mark your functions static inline. Compile with -O2 and libbpf’s bpf_helpers.h, not with headers of another architecture’s kernel.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // replace_map_fd_with_map_ptr(), later resolve_pseudo_ldimm64(): what the source register of a 64-bit load may say
  {
    id: 'wide-load',
    pattern: /(?:unrecognized|invalid) (?:BPF_LD_IMM(?:64)?|bpf_ld_imm64) insn|BPF_LD_IMM64? uses reserved fields/,
    text: 'This kernel does not understand what a 64-bit load of the program refers to.',
    why: 'Such a load names a map, and in newer kernels other things too: a global variable or a string literal from Linux 5.2 on, a symbol of the kernel (__ksym) from 5.10, a callback from 5.13. Rarely the loader left out to fill it in.',
    help: 'uname -r. On an old kernel: no global variables and literals (format strings as char fmt[] on the stack), no callbacks. Or load it with a current libbpf, cilium/ebpf or aya, which say what is missing.',
    lesson: 'maps/hash-and-array',
  },
  // The hint is bcc’s own, in bcc_prog_load_xattr()
  {
    id: 'bcc-relocation',
    pattern: /unknown opcode ([0-9a-f]{2})/,
    also: ["HINT: The 'unknown opcode'"],
    text: 'The kernel does not know an instruction of the program ($1): mostly one that bcc has left unresolved.',
    why: 'bcc rewrites what it knows of its maps and helpers, and does not resolve the rest: a global or static variable, a string literal behind a pointer, a map in a helper that bcc has no method for. Or the compiler makes instructions that are newer than the kernel.',
    help: 'Put strings on the stack (char p[] = "hello";), values into a map (BPF_ARRAY), and call maps by bcc’s methods. Update bcc; uname -r.',
    lesson: 'maps/hash-and-array',
  },
  // BPF_LD | BPF_W | BPF_IMM is 0: the second half of a 64-bit load, or nothing at all
  {
    id: 'zero-instruction',
    pattern: /unknown opcode 00\b/,
    text: 'The program has an instruction that is empty (00). No kernel knows it, so a newer one is of no use.',
    why: 'In good programs 00 is only the second half of a 64-bit load. Alone it stands where nobody filled in a reference: to a global or static variable, or to a constant (a string literal, a table), which bcc and other loaders that do no relocation leave as it is. Or the instructions were written down wrongly: too many, or a jump into the middle of a 64-bit load.',
    help: 'Keep strings on the stack (char s[] = "hello";) and values in a map; in bcc call maps by its methods. Otherwise load the object with libbpf, cilium/ebpf or aya, which relocate such references. llvm-objdump -dr FILE.o shows them as R_BPF_64_64.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'unknown-instruction',
    pattern:
      /unknown opcode ([0-9a-f]{2})|BPF_(?:ALU|JMP|LDX?|STX?|MOV|END|NEG|JA|ATOMIC|XADD|CALL|EXIT)[\w/[\]|]* uses reserved fields|(?:invalid|unrecognized) atomic operand|invalid BPF_(?:ALU|JMP\S*) opcode ([0-9a-f]{1,2})|BPF_ATOMIC uses invalid atomic opcode ([0-9a-f]{1,2})|invalid may_goto off/,
    text: 'This kernel does not know an instruction of the program ($1$2$3).',
    why: 'The compiler makes newer ones by default, or by -mcpu=v3 or v4: 32-bit jumps need Linux 5.1, atomics that return a value 5.12, signed division and sign extension 6.6.',
    help: 'Compile with -mcpu=v2 (clang -target bpf -mcpu=v2; llc -mcpu=v2), or use a newer kernel.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'func-info',
    pattern:
      /same or smaller insn offset \(\d+\) than previous func info record|func_info BTF section doesn't match subprog layout|invalid insn_off in (?:func|line)_info|insn_off \d+ .{0,40}line_info|Invalid line_info\[\d+\]|Invalid insn code at line_info|missing bpf_line_info for|invalid type id \d+ in func info|nonzero (?:tailing record in (?:func|line|core)|insn_off \d+ for the first func info)|invalid func info rec size|Invalid core_relo\[|BTF of func#\d+ doesn't point to KIND_FUNC|invalid btf id for main subprog/,
    text: 'The object’s own notes on its functions and lines (.BTF.ext) do not fit its code.',
    why: 'A linker, a loader or a library changed the one and not the other: mostly clang, bpftool and libbpf or libxdp of versions that do not fit together.',
    help: 'Update libbpf (and libxdp), and build the object again with a newer clang. To get on: compile without -g if it needs no BTF, or llvm-objcopy --remove-section=.BTF.ext FILE.o.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'map-pointer',
    pattern:
      /(R\d+) (?:invalid mem access 'map_ptr'|type=map_ptr expected=\S+)|only read from \w+ is supported|\w+ type is not supported for struct bpf_map|access on map (?:pointer|ptr)|map_ptr access not supported for map type \d+|invalid map_ptr to access map->\w+|cannot access ptr member \w+ with moff \d+ in struct bpf_map|invalid map_ptr access/,
    text: 'The program uses the map itself as if it were the map’s value.',
    why: '&map is only a handle for helpers. Where the source is right, the loader or compiler has put the map’s address where a global variable’s belongs (its relocations are not supported, as on a new architecture).',
    help: 'Look the value up first: value = bpf_map_lookup_elem(&map, &key); if (!value) return 0; then read *value. If you do: update libbpf, cilium/ebpf and clang.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'map-not-relocated',
    pattern: /(R1) type=(?:inv|scalar|imm)\w* expected=map_ptr/,
    text: 'A helper is passed a number where the map should be.',
    why: 'The loader must put the map’s descriptor into the instruction; this one did not, because it does not know this form of map, or the first argument is not a map.',
    help: 'Define the map in SEC(".maps") and load it with libbpf, bpftool, cilium/ebpf or aya (old ip and tc read only SEC("maps")); pass &map as the first argument.',
    lesson: 'programs/loaders-and-links',
  },
  // resolve_pseudo_ldimm64(), add_used_map()
  {
    id: 'map-descriptor',
    pattern: /fd (-?\d+) is not pointing to (?:a )?valid bpf_map/,
    text: 'The program refers to a map by the descriptor $1, which is not a map’s.',
    why: 'The loader must create the maps first and put their descriptors into the instructions: it did not, closed one too early, or the program was saved by another process, where the numbers were others.',
    help: 'Load the object with libbpf, bpftool, cilium/ebpf or aya, which do that; in a loader of your own look at BPF_LD_MAP_FD and at what BPF_MAP_CREATE returned.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'constant-dereference',
    pattern: /R\d+ invalid mem access 'imm'/,
    text: 'The program [[reads|writes]] through a constant number.',
    why: 'It is NULL, or a constant that was cast to a pointer: on this path the variable was never set to what it should point to.',
    help: 'Look where the pointer comes from on this path, and test it for NULL before you use it. Kernel memory is read by bpf_probe_read_kernel().',
    lesson: 'vm/reading-a-verifier-log',
  },
  {
    id: 'division-by-zero',
    pattern: /div by zero|invalid shift -?\d+/,
    text: 'The program divides by the constant 0, or shifts by more bits than a register has.',
    why: 'The verifier refuses it where it sees it; the compiler has worked it out from your constants.',
    help: 'Look for a division, % or shift whose right side is a constant at this place, also by a macro or sizeof.',
    lesson: 'vm/registers-and-instructions',
  },
];
