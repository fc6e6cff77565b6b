/** What the verifier says of special fields in maps and objects: timers, lists, trees, arenas; and of sections in which little is allowed. */
import type { Rule } from '../../rule.ts';

export const fieldsRules: readonly Rule[] = [
  // process_timer_func(), process_wq_func()
  {
    id: 'timer-field',
    pattern:
      /map '([^']{1,60})' has (?:to have BTF in order to use|no valid) bpf_(?:timer|wq|task_work)|off -?\d+ doesn't point to 'struct bpf_(?:timer|wq|task_work)' that is at \d+|R\d+ doesn't have constant offset\. bpf_(?:timer|wq|task_work) has to be|(?:timer|workqueue) pointer in R1 map_uid=\d+ doesn't match map pointer/,
    text: 'What is passed as timer or work queue is not the one in the value of that map ($1).',
    why: 'A value may have one struct bpf_timer (or bpf_wq), at a fixed offset; the kernel finds it by the map’s BTF, and the timer belongs to the map that it is in.',
    help: 'struct value { struct bpf_timer timer; … }; with __type(value, struct value), compiled with -g; then bpf_timer_init(&value->timer, &that_map, CLOCK_MONOTONIC), with value from a lookup in that_map.',
    lesson: 'maps/locks',
  },
  {
    id: 'special-field',
    pattern:
      /(bpf_timer|bpf_wq|bpf_list_head|bpf_list_node|bpf_rb_root|bpf_rb_node|bpf_refcount|\w+) cannot be accessed directly by load\/store/,
    text: 'The program reads or writes a $1 in a map’s value itself.',
    why: 'Only the functions that are made for it may touch such a field.',
    help: 'Copy the fields beside it one by one, not the whole structure (no struct assignment and no memcpy() over it).',
    lesson: 'maps/locks',
  },
  // bpf_list_*, bpf_rbtree_*, bpf_obj_new()
  {
    id: 'owned-object',
    pattern:
      /bpf_spin_lock at off=\d+ must be held for (\w+)|held lock and object are not in the same allocation|allocated object must be referenced|arg#\d+ expected (?:for bpf_(?:percpu_)?obj_drop_impl|pointer to allocated object)|operation on (\w+) expects arg#1|arg#1 offset=\d+, but expected (\w+) at offset|rbtree_remove (?:node input must be non-owning ref|not allowed in rbtree cb)|arg#\d+ is neither owning or non-owning ref|arg#\d+ doesn't point to a type with bpf_refcount field|R\d+ must be referenced or trusted graph node|can't spin_\{lock,unlock\} in rbtree cb/,
    text: 'A list, a tree or an object of the program’s own is used against its rules ($1$2$3).',
    why: 'The verifier follows who owns each node: it comes from bpf_obj_new(), is given away by adding it, and all of that happens while the lock beside the root is held.',
    help: 'bpf_spin_lock(&lock); … bpf_rbtree_add(&root, &n->node, less) …; bpf_spin_unlock(&lock); with lock and root in one structure (__contains(type, member)), and bpf_obj_drop() for what you keep.',
    lesson: 'maps/locks',
  },
  {
    id: 'obj-new',
    pattern:
      /bpf_(?:percpu_)?obj_new(?:\/bpf_percpu_obj_new)? (?:requires prog BTF|type ID argument must|type size)|local type ID argument must be in range/,
    text: 'bpf_obj_new() is called for something that is not a structure of the program.',
    why: 'The kernel allocates by the structure’s type in the object’s BTF.',
    help: 'bpf_obj_new(typeof(struct node)), with struct node defined in the program, compiled with -g.',
    lesson: 'maps/locks',
  },
  // check_map_prog_compatibility()
  {
    id: 'lock-not-for-type',
    pattern: /(tracing|socket filter) progs cannot use bpf_\{list_head,rb_root\} yet/,
    text: 'Programs of this type ($1) may not use lists and trees of their own.',
    why: 'They need a lock, and a probe can strike while the same processor holds it.',
    help: 'Use a hash map, or a program type that may: tc, XDP, struct_ops.',
    lesson: 'maps/locks',
  },
  {
    id: 'map-value-direct',
    pattern:
      /no direct value access support for this map type|direct value offset of \d+ is not allowed|invalid access to map value pointer, value_size=(\d+) off=(\d+)/,
    text: 'The program addresses the value of a map directly, as it does with global variables, and this map does not allow it.',
    why: 'Only array maps with one entry (.data, .bss, .rodata) and arenas can be addressed so, and only inside of their value.',
    help: 'Look the value up with bpf_map_lookup_elem(). If you wrote a global variable, loader and object do not fit together: update libbpf or cilium/ebpf, and build again.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'maps-too-many',
    pattern:
      /The total number of maps per program has reached the limit of (\d+)|only one cgroup storage of each type is allowed/,
    text: 'The program uses more maps than one program may ($1).',
    why: 'It is at most 64, and one cgroup storage of each kind; .rodata, .data and .bss count too.',
    help: 'Put values into one map with a larger structure, or split the program.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'cgroup-storage-flags',
    pattern: /get_local_storage\(\) doesn't support non-zero flags/,
    text: 'bpf_get_local_storage() is called with flags.',
    why: 'The second argument is for later use.',
    help: 'bpf_get_local_storage(&map, 0)',
    lesson: 'kubernetes/cgroup-programs',
  },
  {
    id: 'arena',
    pattern:
      /addr_space_cast insn can only (?:convert between address space|be used in a program that has an associated arena)|Only one arena per program|JIT (?:is required to use|doesn't support) arena|CAP_BPF and CAP_PERFMON are required to use arena|arena's user address must be set|R\d+ is not a pointer to arena or scalar|sign extending loads from arena are not supported/,
    text: 'The program uses an arena map in a way, or on a machine, where that is not possible.',
    why: 'A program has at most one arena (Linux 6.9), which needs the JIT of x86-64 or arm64, CAP_BPF with CAP_PERFMON, and a program that refers to the map.',
    help: 'uname -rm; sysctl net.core.bpf_jit_enable. Refer to the arena map in the program itself, use clang 19 or newer with __arena pointers, and map it from user space first if it is shared.',
    lesson: 'maps/hash-and-array',
  },
  // Sections: process_spin_lock(), check_kfunc_call(), check_resource_leak()
  {
    id: 'preempt-section',
    pattern:
      /\d+ bpf_preempt_enable(?:\(s\) are|\S*)? ?(?:is )?missing|unmatched attempt to enable preemption|\S+(?: instruction .{0,40})? cannot be used inside bpf_(?:preempt_disable|local_irq_save|local_irq_disable)-ed region|arg#\d+ doesn't point to an irq flag|global function calls are not allowed with (?:preemption|IRQs) disabled/,
    text: 'Preemption or interrupts are switched off where that is not allowed, or not on again on every path.',
    why: 'Between bpf_preempt_disable() and bpf_preempt_enable() the processor must not wait, end the program, make a tail call, or call a global function.',
    help: 'Enable again before each return and before the call; make functions that are called in between static.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'call-under-lock',
    pattern: /global function calls are not allowed while holding a lock/,
    text: 'A global function is called while a lock is held.',
    why: 'It is verified on its own, so the verifier does not know what it does with the lock.',
    help: 'Make the function static, or call it before the lock or after it.',
    lesson: 'maps/locks',
  },
  {
    id: 'rcu-needed',
    pattern: /expected an RCU CS when using (\w+)/,
    text: 'This needs an RCU section around it, or must not have one ($1).',
    why: 'A sleepable program is not in one by itself, so what it iterates over could be freed.',
    help: 'bpf_rcu_read_lock(); … bpf_rcu_read_unlock(); around the loop; none inside of a callback of a tree.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // bpf_throw()
  {
    id: 'exceptions',
    pattern:
      /bpf_throw (?:kfunc \(insn \d+\) )?cannot be (?:called from|used inside)|exception c(?:b|allback) .{1,80}|multiple exception callback tags|cannot tail call within exception cb|insn \d+ cannot call exception cb directly/,
    text: 'bpf_throw() or its exception callback is used where it cannot be.',
    why: 'An exception unwinds the whole program: no lock, RCU section or callback may be open, and its callback is one global function with one number as argument.',
    help: '__exception_cb(name) at the main program, with u64 name(u64 cookie) global; throw outside of locks and callbacks.',
    lesson: 'programs/loops-and-subprograms',
  },
  // check_max_stack_depth()
  {
    id: 'tail-call-stack',
    pattern: /tail_calls are not allowed when call stack of previous frames is (\d+) bytes/,
    text: 'A function makes a tail call while the functions that called it hold $1 bytes of stack.',
    why: 'Together with tail calls, the frames before may be only 256 bytes, because a chain of tail calls keeps them.',
    help: 'Make the tail call in the main program, or smaller local variables in its callers (a per-CPU array map for large ones).',
    lesson: 'maps/tail-calls',
  },
  {
    id: 'stack-size',
    pattern: /stack size of subprog \d+ is (\d+)\. Too large|stack size (\d+)\(extra \d+\) is too large/,
    text: 'A function of the program needs $1$2 bytes of stack.',
    why: 'It has 512 bytes, and a loop with may_goto (cond_break, can_loop) takes some of them.',
    help: 'Make local variables smaller, or keep the large one in a per-CPU array map.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'stack-pointer-escapes',
    pattern: /cannot return stack pointer to the caller|leaking pointer from stack off/,
    text: 'A function hands out the address of a local variable.',
    why: 'When it returns, the variable is gone.',
    help: 'Let the caller own the variable and pass its address, or return a value.',
    lesson: 'programs/loops-and-subprograms',
  },
  // Arguments
  {
    id: 'argument-struct',
    pattern: /(R\d+) is of type (\w+) but (\w+) is expected|Helper has invalid btf(?:\/btf)?_id in (R\d+)/,
    text: 'A helper is passed a pointer to another structure than it takes ($2 instead of $3).',
    why: 'The verifier compares the types by the kernel’s BTF.',
    help: 'Look at the argument $1$4: pass the object that the helper is for, such as (struct sock *) from the hook’s own arguments, without a cast.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'function-arguments',
    pattern:
      /arg#\d+ (?:expects pointer to ctx|is expected to be non-NULL|expected pointer to ctx)|arg\d+ expected pointer to func/,
    text: 'A function of the program is called with an argument that does not fit its declaration.',
    why: 'A global function or a kfunc is checked by its types: the context must be the context itself, and what must not be NULL must have been tested.',
    help: 'Test the pointer for NULL before the call, pass ctx unchanged, or make the function static.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'memory-length',
    pattern: /arg#\d+ arg#\d+ memory, len pair leads to invalid memory access/,
    text: 'A pointer and a length are passed, and the memory may be shorter than that.',
    why: 'The verifier checks that so many bytes are there.',
    help: 'Pass sizeof of the buffer, or bound the length just before: if (n > sizeof(buf)) n = sizeof(buf);',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'constant-string',
    pattern:
      /R\d+ does not point to a readonly map|string is not zero-terminated|direct value access on string failed|arg#\d+ doesn't point to a const string/,
    text: 'This function takes a constant string, and is passed something else.',
    why: 'bpf_strncmp(), bpf_snprintf() and others want text that cannot change: in .rodata, with a 0 at its end.',
    help: 'static const char text[] = "…"; at the top of the file (not on the stack), and pass that.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'dynptr-type',
    pattern:
      /Expected a dynptr of type (\w+) as arg|cannot pass pointer to const bpf_dynptr|Unsupported reg type (\w+) for bpf_dynptr_from_mem|cannot release unowned const bpf_dynptr/,
    text: 'A dynptr of another kind is wanted here ($1$2).',
    why: 'A record of a ring buffer, a packet and plain memory are different kinds; one that was given to a callback may only be read, and bpf_dynptr_from_mem() takes only the value of a map.',
    help: 'Make it with the function for that kind: bpf_ringbuf_reserve_dynptr(), bpf_dynptr_from_skb(), bpf_dynptr_from_xdp(), bpf_dynptr_from_mem().',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // save_aux_ptr_type()
  {
    id: 'merged-access',
    pattern: /same insn cannot be used with different pointers/,
    text: 'One instruction reads through different kinds of pointers, depending on the path.',
    why: 'The compiler has merged two reads of the source (of the context and of something else) into one.',
    help: 'Keep them apart: read into a volatile variable in each branch, or put asm volatile("" ::: "memory") or barrier() between them.',
    lesson: 'vm/reading-a-verifier-log',
  },
  {
    id: 'typed-access',
    pattern:
      /(R\d+) invalid (sock(?:_common|et)?|tcp_sock|xdp_sock|flow[ _]keys) access off=(-?\d+) size=(\d+)|invalid access to (flow keys) off=(-?\d+) size=(\d+)/,
    text: 'The program touches a $2$5 at an offset ($3$6, size $4$7) that is not for it.',
    why: 'Only certain fields of this structure may be used, each with its own width, and some are newer than some kernels. Most can only be read.',
    help: 'Use the fields by name, as in struct bpf_sock or struct bpf_tcp_sock of <linux/bpf.h>; for others bpf_skc_to_tcp_sock() or BPF_CORE_READ().',
    lesson: 'networking/tc',
  },
  {
    id: 'buffer-access',
    pattern: /(R\d+) invalid (\w+) buffer access: off=(-?\d+), size=(\d+)|(R\d+) invalid variable buffer offset/,
    text: 'The program touches a buffer outside of what it may ($2, offset $3, size $4).',
    why: 'Such a buffer (of a raw tracepoint, an iterator, a socket option) has only the bytes that the hook declares, and the offset must be constant.',
    help: 'Read it at constant offsets inside of the declared size.',
    lesson: 'programs/program-types',
  },
  {
    id: 'argument-tag',
    pattern:
      /arg#\d+ (?:has (?:unsupported set of|invalid combination of|pointer) tags?|type tag|arena cannot be combined|should be (?:void pointer|`struct)|reference type\('[^']{1,60}'\) (?:points to kernel module type|candidate matching error))/,
    text: 'An argument of a global function has a tag or a type that this kernel does not take.',
    why: '__arg_ctx, __arg_nonnull, __arg_trusted and others say more of an argument; they exclude each other, need global functions, and came with Linux 6.8 and later.',
    help: 'Take the tag away, make the function static, or use a newer kernel.',
    lesson: 'programs/loops-and-subprograms',
  },
];
