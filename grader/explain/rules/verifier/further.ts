/** What the verifier says less often: of maps’ flags, callbacks, kfuncs, references in 64-bit loads, and of pointers of any other type. */
import type { Rule } from '../../rule.ts';

export const furtherVerifierRules: readonly Rule[] = [
  // check_map_access_type(): BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG
  {
    id: 'map-flag',
    pattern: /(read from) map forbidden/,
    text: 'The map’s flags do not let a BPF program do this: $1 map forbidden.',
    why: 'BPF_F_RDONLY_PROG lets programs only read, BPF_F_WRONLY_PROG only write. Constants (const volatile, .rodata) are in a map of the first kind: user space sets them before loading, and programs never.',
    help: 'Take const away from a variable that the program changes (then it is in .data or .bss), or the flag out of __uint(map_flags, …).',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'callback-function',
    pattern: /callback function (not static|cannot be the main program|not allowed for map)|R\d+ is not a callback/,
    text: 'The function that is passed as a callback cannot be one ($1).',
    why: 'bpf_loop(), bpf_for_each_map_elem() and bpf_timer_set_callback() take the name of a static function of the same program; bpf_for_each_map_elem() works on arrays and hashes only.',
    help: 'static int callback(…) { … return 0; } without SEC() and without __always_inline, passed by its name.',
    lesson: 'programs/loops-and-subprograms',
  },
  // may_update_sockmap()
  {
    id: 'sockmap-update',
    pattern: /cannot update sockmap in this context/,
    text: 'A program of this type may not put sockets into a sockmap or sockhash, or take them out.',
    why: 'The map’s lock could be taken twice. The verifier lets socket filters, tc, XDP, sk_reuseport and sk_lookup programs and iterators do it, and sock_ops by their own helper.',
    help: 'In sock_ops call bpf_sock_hash_update() or bpf_sock_map_update(). From tracing, send an event and let user space update the map.',
    lesson: 'programs/program-types',
  },
  {
    id: 'timer-rt',
    pattern: /bpf_(?:timer|wq) cannot be used for PREEMPT_RT/,
    text: 'BPF timers do not work on this real-time kernel (PREEMPT_RT).',
    why: 'They would have to take locks that may sleep there.',
    help: 'uname -v says PREEMPT_RT. Use another kernel, or do the periodic work in user space.',
    lesson: 'maps/stacks-and-storage',
  },
  {
    id: 'offload-map',
    pattern: /offload device mismatch between prog and map/,
    text: 'The program and one of its maps are not for the same network card.',
    why: 'A program that is offloaded to a card runs there, and its maps must live on that card, too.',
    help: 'Create the maps with the same ifindex (bpf_map__set_ifindex(), bpftool prog load … offload_dev DEV), or do not offload.',
    lesson: 'networking/xdp',
  },
  {
    id: 'struct-ops-map',
    pattern: /bpf_struct_ops map cannot be used in prog/,
    text: 'The program refers to the variable that describes its struct_ops.',
    why: 'That variable (SEC(".struct_ops")) becomes a map of a kind of its own, which only user space may register; programs cannot read it.',
    help: 'Keep what programs need in a global variable or a map of another type.',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
  // check_kfunc_args()
  {
    id: 'kfunc-signature',
    pattern:
      /kernel function (\w+) (?:args#\d+ |returns )pointer type .{0,80} is not supported|Function (\w+) has \d+ > \d+ args|Unrecognized arg#\d+ type \w+$/,
    text: 'This kernel cannot pass what the kernel function $1$2 takes or returns.',
    why: 'A kfunc’s arguments are checked by the kernel’s BTF: at most 5, of types that the verifier knows. Its declaration here differs from the kernel’s, or the kernel is older than the program.',
    help: 'bpftool btf dump file /sys/kernel/btf/vmlinux format c | grep -w NAME, and declare it so: extern … __ksym;',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // add_kfunc_call()
  {
    id: 'kfunc-call-limit',
    pattern:
      /too many different (kernel function calls|module BTFs)|address of kernel function (\w+) is out of range|kfunc offset > 0 without fd_array is invalid|negative offset disallowed for kernel module function call/,
    text: 'A call of a kernel function cannot be made as the loader wrote it ($1$2).',
    why: 'A program calls at most 256 different kfuncs; one of a module is named by the module’s BTF, which the loader must hand over; and on some architectures modules lie too far away for a call.',
    help: 'Update libbpf or cilium/ebpf. For a module: lsmod, ls /sys/kernel/btf/. uname -m.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // check_cfg(), do_check()
  {
    id: 'broken-instructions',
    pattern:
      /jump into the middle of ldimm64 insn \d+|invalid BPF_LD mode|unknown insn class (\d+)|invalid insn idx \d+ insn_cnt \d+|call to invalid destination/,
    text: 'The instructions are not a program that a compiler makes: one jumps, or calls, to where no instruction begins, or is not an instruction.',
    why: 'They were written by hand, by a generator, or damaged on their way: a 64-bit load takes two slots, and offsets count slots. A loader that did not relocate calls between functions leaves such calls, too.',
    help: 'llvm-objdump -dr FILE.o shows the code as it was compiled. With hand-written instructions count BPF_LD_IMM64 as two; load objects with libbpf, cilium/ebpf or aya.',
    lesson: 'vm/registers-and-instructions',
  },
  // check_pseudo_btf_id()
  {
    id: 'ksym-type',
    pattern:
      /ldimm64 insn specifies invalid btf_id|pseudo btf_id \d+ in ldimm64 isn't KIND_VAR or KIND_FUNC|ldimm64 unable to resolve the size of type '([^']{0,60})'/,
    text: 'A variable or function of the kernel that the program names (__ksym) is not one in this kernel’s BTF.',
    why: 'The loader looked its number up in another BTF than the kernel has, or the name is a type’s.',
    help: 'Load it on the kernel that it runs on, with a current libbpf. bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w "NAME".',
    lesson: 'vm/btf-and-core',
  },
  // __check_ptr_off_reg()
  {
    id: 'moved-pointer',
    pattern: /(?:negative offset|dereference of modified) (?!ctx\b)(\w+?)_? ptr R(\d+) off=(-?\d+) disallowed/,
    text: 'A pointer ($1, in r$2) was moved before it is passed on or used: by $3 bytes.',
    why: 'A function that takes a kernel object wants the pointer to its beginning, as it was handed out; what is inside of it is another object.',
    help: 'Pass the pointer itself; read fields through it by name. A structure that lies inside of another one must be handed out by the kernel.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // __check_buffer_access()
  {
    id: 'buffer-offset',
    pattern:
      /R(\d+) invalid (\w+(?: \w+)?) buffer access: off=(-?\d+), size=(\d+)|R(\d+) invalid (\w+) access off=(-?\d+) size=(\d+)/,
    text: 'The program touches a buffer that the kernel hands out at a place where it may not.',
    why: 'Buffers of writable tracepoints, of iterators and packets’ keys have a size of their own, and offsets into them must be constant and not negative.',
    help: 'Read and write fields by name, at constant offsets, inside of the structure that the hook documents.',
    lesson: 'programs/program-types',
  },
  // check_mem_access(): reg_type_str()
  {
    id: 'null-pointer',
    pattern:
      /R(\d+) invalid mem access '?(?!(?:map_value|ringbuf_mem|alloc_mem|mem)_or_null|\w*ptr_or_null_')(\w+?)_or_null(?:_\w*)?'?/,
    text: 'The pointer in r$1 ($2) may be NULL when it is used.',
    why: 'The kernel may have had nothing to give, and the verifier wants a test on every path. A pointer that is read again from where it came from is a new one: a test of the first does not count for it.',
    help: 'Keep it in a local variable, test that (if (!pointer) return 0;), and use the same variable after it. In LSM and fentry programs arguments of the hook may be NULL as well, from Linux 6.8 on.',
    lesson: 'vm/reading-a-verifier-log',
  },
  {
    id: 'pointer-not-followed',
    pattern:
      /R(\d+) invalid mem access '(pkt_end|untrusted_\w*|percpu_\w*|fp|ctx|sock\w*|xdp_sock|tp_buffer|flow_keys)'/,
    text: 'The program reads through a pointer that cannot be followed: r$1 is of the type $2.',
    why: 'pkt_end (data_end) is only for comparisons; untrusted_ptr_ is one that may no longer be valid; percpu_ptr_ is not the address of any one CPU’s copy.',
    help: 'Packet: read from data, after a comparison with data_end. Untrusted: BPF_CORE_READ() or bpf_probe_read_kernel(). Per CPU: bpf_this_cpu_ptr() or bpf_per_cpu_ptr() first.',
    lesson: 'vm/registers-and-instructions',
  },
];
