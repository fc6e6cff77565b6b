/** What the verifier says of locks, RCU sections, pointers kept in maps, dynptrs, iterators and timers, and of who may use them. */
import type { Rule } from '../../rule.ts';

export const objectsRules: readonly Rule[] = [
  // process_spin_lock()
  {
    id: 'map-value-btf',
    pattern: /[Mm]ap '?([^' ]{1,60}?)'? has to have BTF in order to use (bpf_\w+)/,
    text: 'The kernel knows no types for the values of the map $1, and $2 finds its field by them.',
    why: 'The loader hands the BTF of a map’s value to the kernel only if the map says its type, and if the object has BTF. With value_size alone, without -g, in the old section "maps", or where a loader (iproute2, an old libbpf) makes or reuses the map without BTF, there is none.',
    help: 'struct { __uint(type, …); __type(key, __u32); __type(value, struct value); … } NAME SEC(".maps"); instead of key_size and value_size; clang -g. A pinned map from an earlier run: remove the pin. sudo bpftool map show must list btf_id for it.',
    lesson: 'maps/locks',
  },
  {
    id: 'lock-missing',
    pattern:
      /map '([^']{1,60})' has no valid bpf_(?:res_)?spin_lock|(?:off|offset) \d+ doesn't point to 'struct bpf_(?:res_)?spin_lock' that is at (\d+)|R\d+ doesn't have constant offset\. bpf_(?:res_)?spin_lock has to be/,
    text: 'The pointer that is passed to bpf_spin_lock() does not point to the lock in the map’s value ($1).',
    why: 'There may be one struct bpf_spin_lock in a value, at a fixed offset, and the kernel finds it by the map’s BTF.',
    help: 'struct value { struct bpf_spin_lock lock; … }; with __type(value, struct value) in SEC(".maps"), compiled with -g; then bpf_spin_lock(&value->lock) on what the lookup returned.',
    lesson: 'maps/locks',
  },
  {
    id: 'lock-not-for-type',
    pattern:
      /(tracing|socket filter|kprobe|perf_event) progs? cannot use bpf_(?:spin_lock|timer|wq)|bpf_(?:spin_lock|timer|wq) (?:cannot be used|is not allowed) in (tracing|socket filter|sleepable|kprobe) prog/,
    text: 'Programs of this type ($1$2) may not use bpf_spin_lock() or timers.',
    why: 'A probe can strike while the same processor holds the lock, and would wait for itself.',
    help: 'Use atomic operations (__sync_fetch_and_add()), a per-CPU map, or a program type that may: tc, XDP, cgroup, fentry in newer kernels.',
    lesson: 'maps/locks',
  },
  {
    id: 'lock-other',
    pattern:
      /bpf_(?:res_)?spin_unlock of different lock|first lock pointer and second unlock pointer are not the same|Locking two bpf_spin_locks are not allowed|bpf_(?:res_)?spin_unlock without taking a lock/,
    text: 'Locks are not taken and released in pairs.',
    why: 'A program may hold one bpf_spin_lock, and must release the very one that it took.',
    help: 'Release the first lock before you take another; call lock and unlock with the same pointer, from one lookup.',
    lesson: 'maps/locks',
  },
  // RCU
  {
    id: 'rcu-section',
    pattern:
      /bpf_rcu_read_unlock is missing|BPF_EXIT instruction .{0,40}cannot be used inside bpf_rcu_read_lock-ed region|tail_call cannot be used inside bpf_rcu_read_lock-ed region|unmatched rcu read (?:un)?lock|bpf_rcu_read_lock-ed region|nested rcu read lock/,
    text: 'An RCU section (bpf_rcu_read_lock()) is not closed on every path, or closed twice.',
    why: 'Objects that are read in it could not be freed any more.',
    help: 'Call bpf_rcu_read_unlock() exactly once on every path, before each return.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'sleepable-section',
    pattern:
      /kernel func(?:tion)? (\w+) is sleepable within (?:rcu_read_lock|non-preemptible|preempt|IRQ|lock)\S* ?\S*|sleepable helper (\w+)#\d+ in (?:rcu_read_lock|non-preemptible|preempt|IRQ|lock)\S* ?\S*/,
    text: 'A function that may sleep ($1$2) is called where sleeping is not possible.',
    why: 'Within an RCU section, a lock or with preemption off, the processor must not wait.',
    help: 'Call it after bpf_rcu_read_unlock(), or use one that does not sleep, such as bpf_probe_read_user().',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'sleepable-type',
    pattern:
      /Only .{5,120} programs can be sleepable|(\w+) is not sleepable$|[Ss]leepable programs can only use (.{1,80})/,
    text: 'The program is marked as sleepable (.s in its section), and may not be that here ($1$2).',
    why: 'Only some program types, functions that are meant for it, and map types can sleep: a hook in the middle of a lock cannot.',
    help: 'Take the .s away: SEC("fentry/…") instead of SEC("fentry.s/…"). For maps use a hash, an array or a ring buffer; newer kernels allow more.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // Pointers to kernel objects
  {
    id: 'kptr-field',
    pattern:
      /(?:map_)?kptr(?:'s size must be 8| access (?:cannot have|misaligned|size must)| in map can only| cannot be| must be|\b.{0,20} has to be)|store to referenced kptr disallowed|R\d+ has no valid kptr|invalid kptr access|BPF_ST imm must be 0 when storing to kptr|off=\d+ (?:kptr isn't referenced kptr|doesn't point to kptr)|map '[^']{1,60}' has to have BTF in order to use bpf_kptr_xchg|R\d+ doesn't have constant offset\. kptr has to be/,
    text: 'A kernel pointer in a map (kptr) is accessed in a way that is not allowed.',
    why: 'Such a field holds one pointer of a declared type, and the verifier keeps account of it: a referenced one (__kptr) is changed only by bpf_kptr_xchg().',
    help: 'old = bpf_kptr_xchg(&value->ptr, new); if (old) bpf_task_release(old); read it within bpf_rcu_read_lock(), and test it for NULL.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'release-reference',
    pattern:
      /arg \d+ is an unacquired reference|release (?:kernel )?function \S+ expects refcounted|R\d+ must be referenced when passed to release function|R\d+ must have zero offset when passed to release func|k?func \S+#\d+ reference has not been acquired before/,
    text: 'Something is released that was not acquired, or not at its own address.',
    why: 'A release takes exactly the pointer that was acquired, once.',
    help: 'Release what bpf_ringbuf_reserve(), bpf_sk_lookup_tcp(), bpf_task_acquire() … returned, unchanged; not a pointer that was read from a field, or moved.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'kfunc-argument',
    pattern: /kernel function (\w+) args#(\d+) expected pointer to (\w+ \w+) but R\d+ has a (pointer to .{1,60})/,
    text: 'The kfunc $1 takes a pointer to $3 here, and is passed a $4.',
    why: 'The verifier compares the types by the kernel’s BTF.',
    help: 'Compare the call with the declaration of the kfunc, argument by argument.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'pointer-negative',
    pattern: /R\d+ is \w+ invalid negative access: off=(-\d+)|R\d+ invalid negative access: off=(-\d+)/,
    text: 'The program reads in front of a kernel object (offset $1$2).',
    why: 'The pointer is to the object’s beginning; a negative offset would be somebody else’s memory.',
    help: 'container_of() on such a pointer is not possible directly: read it with bpf_core_read() or bpf_probe_read_kernel().',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'pointer-variable',
    pattern:
      /(?:R\d+ )?variable (?:ptr_|trusted_ptr_|rcu_ptr_)?\w* ?access var_off=\S+ disallowed|R\d+ is ptr_\w+ (?:access (?:user|percpu) memory|invalid variable offset)/,
    text: 'A field of a kernel object is read at an offset that is not constant.',
    why: 'The verifier looks up which field it is, so it must know the offset.',
    help: 'For an element of an array in the object, calculate the address with bpf_probe_read_kernel() or bpf_core_read() instead of indexing directly.',
    lesson: 'vm/btf-and-core',
  },
  // Dynptrs and iterators
  {
    id: 'dynptr-overwritten',
    pattern:
      /[Dd]ynptr has to be an uninitialized dynptr|cannot overwrite referenced dynptr|cannot pass in dynptr at an offset|potential write to dynptr/,
    text: 'A dynptr is made or changed where one is in use already.',
    why: 'The variable holds a dynptr that has not been given back (bpf_ringbuf_submit_dynptr() or discard), or its bytes are written directly.',
    help: 'Declare a struct bpf_dynptr of its own for each, and release the first before you use the variable again.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'iterator',
    pattern:
      /[Ee]xpected an? (?:un)?initialized (iter_\w+) as arg #?\d+|expected (?:un)?initialized (iter_\w+) as arg|expected valid iter pointer as arg/,
    text: 'An iterator ($1$2) is used before it was made, or made twice.',
    why: 'The verifier follows it from bpf_iter_…_new() through _next() to _destroy().',
    help: 'Call new, next and destroy in this order on every path, each with the same variable; or use bpf_for() and bpf_for_each().',
    lesson: 'programs/loops-and-subprograms',
  },
  // Arguments
  {
    id: 'constant-argument',
    pattern: /(R\d) (?:must be a known constant|is not a known constant|is not a const)/,
    text: 'An argument must be a constant, and is a variable ($1).',
    why: 'The verifier must know it: the size of a record, flags, an index.',
    help: 'Write a constant there, such as sizeof(struct event). For a ring buffer with records of varying size use bpf_ringbuf_output() or bpf_ringbuf_reserve_dynptr().',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'scalar-argument',
    pattern: /(R\d) is not a scalar$/,
    text: 'A pointer is passed where a number is wanted ($1).',
    why: 'The kfunc takes a plain number there.',
    help: 'Compare the call with the declaration of the kfunc, argument by argument.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // 'arg#0 type is not a struct' and 'size cannot be determined' are what Linux 5.x says in passing at the head of a log: no rule for them.
  {
    id: 'global-pointer-argument',
    pattern: /[Aa]rg#\d+ pointer type (\w+ \w+) must point to/,
    text: 'A function takes a pointer to something whose size or kind the verifier cannot tell ($1).',
    why: 'A global function or kfunc is checked by the types in its BTF: a pointer must be to a structure of numbers, of a known size.',
    help: 'Use a complete structure in the declaration (not void *, and none that contains pointers), or make the function static.',
    lesson: 'programs/loops-and-subprograms',
  },
  // What a program is attached to: bpf_check_attach_target()
  // btf is the kernel's own, or that of the program to extend; bcc and others take a file for it that the kernel does not know
  {
    id: 'attach-no-btf',
    pattern: /(FENTRY\/FEXIT) program can only be attached to another program annotated with BTF/,
    text: 'What the program should be attached to has no BTF: mostly this kernel itself.',
    why: 'fentry and fexit programs are checked against the types in the kernel’s own BTF (CONFIG_DEBUG_INFO_BTF); a file from BTFHub helps the loader, and not the kernel. If the target is another BPF program, that one was loaded without BTF.',
    help: 'ls -l /sys/kernel/btf/vmlinux. If it is missing: kprobes instead, or a kernel with CONFIG_DEBUG_INFO_BTF=y. For another program: clang -g, and bpftool prog show must say btf_id.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'attach-to-program',
    pattern: /(Subprog \S+ doesn't exist|Cannot recursively attach|Cannot extend fentry\/fexit)/,
    text: 'The program cannot be attached to that other BPF program: $1.',
    why: 'The other program has no such function, or it is of a kind that others may not be attached to: tracing programs cannot trace each other, and an extension cannot replace one.',
    help: 'bpftool prog show id ID; bpftool btf dump prog ID shows its functions. The function must be in that list (__noinline), and the other program loaded with BTF (clang -g).',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'attach-prototype',
    pattern:
      /kernel func and fexit\/fentry type mismatch|Tracing programs must provide btf_id|attach_btf_id \d+ is not a (?:function|struct)/,
    text: 'The program cannot be attached to that function.',
    why: 'Its target is looked up in BTF when it is loaded: none was given, or what was given is not a function, or not of the type that the program says.',
    help: 'Check the target in SEC() or bpf_program__set_attach_target(); bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w NAME.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'context-offset',
    pattern: /func '([\w.]{1,100})' offset (?:\d+ )?is not multiple of 8|invalid access to context parameter/,
    text: 'The program reads its arguments ($1) at an offset where none begins.',
    why: 'For fentry, fexit, LSM and tp_btf the context is an array of 64-bit values, one for each argument.',
    help: 'Use BPF_PROG(name, type arg1, …), which reads them as they must be; ctx as a structure of another program type does not fit.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'context-write',
    pattern: /BPF_(?:ATOMIC|ST|XADD) stores into R\d+ (ctx|pkt|\w+) is not allowed/,
    text: 'This kind of store into $1 is not allowed.',
    why: 'A constant or an atomic store into the context is refused by this kernel; a field of the context is written from a register.',
    help: 'Compute the value into a variable, and write that: ctx->mark = mark; barrier_var(mark) keeps the compiler from making it a constant. Atomics only on maps and own memory.',
    lesson: 'programs/program-types',
  },
  // Numbers and pointers
  {
    id: 'pointer-operator',
    pattern:
      /R\d+ (bitwise operator \S+ on pointer|pointer \S{1,4} pointer|tried to (?:subtract pointer from scalar|\S+ \w+ (?:from|to) \w+)|subtraction from stack pointer) ?(?:prohibited)?/,
    text: 'The program calculates with a pointer in a way that is not allowed ($1).',
    why: 'Only a number can be added to a pointer or taken from it; two pointers can be subtracted only into the same packet. The verifier could no longer tell where the result points.',
    help: 'Calculate an offset as a number first, bound it, and add it to the pointer once. To align or mask, do it to the number.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'read-only-map',
    pattern: /potential write to const map value at off|write access to map value disallowed/,
    text: 'A constant is passed to something that may write to it.',
    why: 'const variables and string literals are in a read-only map (.rodata).',
    help: 'Copy it into a local variable, or leave const away.',
    lesson: 'maps/hash-and-array',
  },
  // Maps of tracing programs: check_map_prog_compatibility()
  {
    id: 'map-preallocated',
    pattern: /(trace type|perf_event) programs can only use (?:run-time allocated|preallocated) hash map/,
    text: 'A tracing program uses a hash map with BPF_F_NO_PREALLOC, which this kernel does not allow ($1).',
    why: 'A probe can strike within the kernel’s own allocator; kernels before 6.1 have no safe one for it.',
    help: 'Leave BPF_F_NO_PREALLOC away, or use a newer kernel.',
    lesson: 'maps/hash-and-array',
  },
  // Functions
  {
    id: 'recursion',
    pattern: /recursive call from (\S+?)\(\) to (\S+?)\(\)/,
    text: 'The function $1 calls itself ($2).',
    why: 'The depth of calls, and so the stack, must be known before the program runs.',
    help: 'Write it as a loop with a fixed bound, bpf_loop(), or a tail call.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'function-many',
    pattern: /too many subprograms|global function (\S+?)\(\) with \d+ > 5 args/,
    text: 'The program has more functions, or a function more arguments ($1), than the kernel takes.',
    why: 'At most 256 functions, each with arguments in r1 to r5.',
    help: 'Make small ones static __always_inline; pass a pointer to a structure instead of many arguments.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'jump-far',
    pattern: /insn \d+ cannot be patched due to 16-bit range|jump out of range: .{0,60}16-bit/,
    text: 'The program is so long that a jump in it does not reach its target.',
    why: 'A jump reaches 32 767 instructions, and the verifier adds some of its own.',
    help: 'Shorten it: functions that are not inlined (__noinline), fewer unrolled loops, tail calls; or clang -mcpu=v4, which has far jumps (Linux 6.6).',
    lesson: 'programs/loops-and-subprograms',
  },
  // kallsyms_lookup_name() in check_pseudo_btf_id() and add_kfunc_call()
  {
    id: 'kernel-symbol-address',
    pattern:
      /ldimm64 failed to find the address for kernel symbol '([^']{1,100})'|cannot find address for kernel function (\S{1,100})/,
    text: 'The kernel’s types have $1$2, but its table of symbols does not, so its address is not known.',
    why: 'For variables the kernel needs CONFIG_KALLSYMS_ALL; a function may be one that this build has inlined or left out.',
    help: 'sudo grep -w $1$2 /proc/kallsyms; zgrep KALLSYMS /proc/config.gz /boot/config-$(uname -r). Use a kernel with CONFIG_KALLSYMS_ALL=y; or declare it __weak and test bpf_ksym_exists($1$2).',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'kernel-without-btf',
    pattern:
      /calling kernel function is not supported without CONFIG_DEBUG_INFO_BTF|map_ptr access not supported without CONFIG_DEBUG_INFO_BTF|kernel is missing BTF, make sure CONFIG_DEBUG_INFO_BTF/,
    text: 'This kernel was built without BTF, which the program needs.',
    why: 'kfuncs, fentry, kernel variables and pointers to maps are checked by the kernel’s own types.',
    help: 'ls -l /sys/kernel/btf/vmlinux; zgrep DEBUG_INFO_BTF /proc/config.gz /boot/config-$(uname -r). Use a kernel with CONFIG_DEBUG_INFO_BTF=y.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'program-without-btf',
    pattern:
      /missing btf func_info|Global functions need valid BTF|(?:LD_ABS|tail_call) is not allowed in subprogs without BTF|Program must be compiled with BTF/,
    text: 'The object was loaded without the types of its own functions (BTF), which this needs.',
    why: 'Global functions, callbacks, and tail calls or LD_ABS in a function are checked by them. They are missing if it was compiled without -g, stripped of .BTF, or if the loader (or an old kernel) left them out.',
    help: 'clang -g -O2 -target bpf; llvm-strip -g keeps .BTF. bpftool btf dump file FILE.o must show the functions. See whether the loader says above that it goes on without BTF.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'kfunc-btf',
    pattern:
      /kernel btf_id \d+ is not a (?:kernel )?function|kfunc \S+ has invalid func_proto|invalid or missing BTF|failed to find BTF for kernel function|kernel function btf_id \d+ does not have|invalid module BTF (?:object FD|fd) specified|BTF fd for kfunc is not a module BTF|Invalid type of function/,
    text: 'The types that this program needs (BTF) are missing or do not fit.',
    why: 'kfuncs, fentry and global functions are checked by the BTF of the kernel and of the object.',
    help: 'Compile with -g; ls -l /sys/kernel/btf/vmlinux; compare the declaration of the kfunc with this kernel’s: bpftool btf dump file /sys/kernel/btf/vmlinux format c.',
    lesson: 'vm/btf-and-core',
  },
];
