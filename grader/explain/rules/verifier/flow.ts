/** What the verifier says of locks, references, loops and sizes. */
import type { Rule } from '../../rule.ts';

export const flowRules: readonly Rule[] = [
  // Locks and references
  {
    id: 'tail-call-leak',
    pattern: /tail_call would lead to reference leak/,
    text: 'A tail call is made while something acquired is still held.',
    why: 'A tail call does not come back, so nobody would release it.',
    help: 'Release or submit it before bpf_tail_call().',
    lesson: 'maps/tail-calls',
  },
  {
    id: 'unreleased',
    pattern: /Unreleased reference id=\d+ alloc_insn=(\d+)/,
    text: 'Something that was acquired is not released on every path.',
    why: 'It was acquired at instruction $1 of the log.',
    help: 'Release it before every return: bpf_ringbuf_submit() or bpf_ringbuf_discard() for a record, bpf_task_release(), bpf_sk_release() and so on.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'lock-held',
    pattern:
      /bpf_(?:res_)?spin_(?:un)?lock is missing|BPF_EXIT instruction .{0,40}cannot be used inside bpf_(?:res_)?spin_lock-ed region/,
    text: 'The program ends while it holds a lock.',
    why: 'Nobody could take the lock again.',
    help: 'Call bpf_spin_unlock() on every path before return.',
    lesson: 'maps/locks',
  },
  {
    id: 'lock-access',
    pattern: /bpf_(?:res_)?spin_lock cannot be accessed directly by load\/store/,
    text: 'The program reads or writes the lock itself.',
    why: 'Only the helpers may touch it, or the kernel could not rely on it.',
    help: 'Copy the fields beside the lock one by one, not the whole structure.',
    lesson: 'maps/locks',
  },
  {
    id: 'call-under-lock',
    pattern:
      /(?:function|helper) calls? (?:are|is) not allowed while holding a lock|tail_call cannot be used inside bpf_(?:res_)?spin_lock-ed region/,
    text: 'A function is called while a lock is held.',
    why: 'Between bpf_spin_lock() and bpf_spin_unlock() next to nothing may be called.',
    help: 'Make the call before the lock or after it.',
    lesson: 'maps/locks',
  },
  // Loops and size
  {
    id: 'infinite-loop',
    pattern: /infinite loop detected at insn \d+/,
    text: 'A loop never ends.',
    why: 'The verifier came to the same place with nothing changed.',
    help: 'Count up to a fixed bound: for (int i = 0; i < N; i++).',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'too-many-instructions',
    pattern: /BPF program is too large\. Processed (\d+) insn/,
    text: 'The verifier gave up after $1 instructions.',
    why: 'It follows every path, and loops and branches multiply them.',
    help: 'Use fewer turns and branches in loops, bpf_loop() (Linux 5.17), or split the program.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'too-complex',
    pattern: /The sequence of (\d+) jumps is too complex/,
    text: 'There are too many branches after each other ($1).',
    why: 'The verifier keeps at most 8192 of them to come back to.',
    help: 'Use bpf_loop() (Linux 5.17) instead of a long loop, or split the program.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'back-edge',
    pattern: /back-edge from insn (\d+) to (\d+)/,
    text: 'The program has a loop that is not allowed here.',
    why: 'Kernels before 5.3 allow none at all, newer ones only to a process with CAP_BPF (CAP_SYS_ADMIN before 5.8); functions that call each other in a circle are never allowed.',
    help: 'uname -r and capsh --print tell which it is: run it as root, use a newer kernel, or unroll the loop with #pragma unroll.',
    lesson: 'programs/loops-and-subprograms',
  },
  // Old bcc removes calls that it cannot rewrite, and old LLVM what it takes for undefined.
  {
    id: 'bcc-too-old',
    pattern: /unreachable insn \d+|last insn is not an exit or jmp|jump out of range from insn \d+/,
    also: ['bpf: Failed to load program|/virtual/main\\.c|\\bbcc\\b'],
    text: 'The compiled program has no end: a part of it is missing.',
    why: 'In a tool that comes with bcc, that is mostly a bcc or LLVM older than the kernel: its headers make code that the old compiler drops. In a program of your own it is a call of a function of the kernel (BPF can only call helpers), or something undefined, such as an endless loop.',
    help: 'Your own program: look at what the compiler warns about (“implicit declaration”), call only helpers and functions of your own, and return on every path. Update bcc, if it is a tool’s program, and the LLVM that it is linked with: python3 -c "import bcc; print(bcc.__version__)", apt policy bpfcc-tools.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'falls-through',
    pattern: /unreachable insn \d+|last insn is not an exit or jmp|jump out of range from insn \d+/,
    text: 'The program does not end with a return, or a part of it is never reached.',
    why: 'The compiler also leaves the end away where the program does something undefined, such as an endless loop or a division by 0; an old compiler with new kernel headers does it, too.',
    help: 'Return on every path, and look for what the compiler warned about.',
    lesson: 'vm/reading-a-verifier-log',
  },
  {
    id: 'callback-too-new',
    pattern: /number of funcs in func_info doesn't match number of subprogs/,
    text: 'The kernel counts other functions in the program than the compiler.',
    why: 'Mostly because one of them is only used as a callback, as for bpf_loop() or bpf_timer_set_callback(): a kernel older than callbacks does not see it.',
    help: 'Use a newer kernel, or do without the callback: a loop with a fixed bound.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'verifier-bug',
    pattern:
      /(?:verifier bug|kernel subsystem misconfigured (?:verifier|func)|BUG(?: regs| spi|:? verifier)|verifier internal error|REG INVARIANTS VIOLATION|bpf verifier (?:is|narrow ctx \w+) misconfigured|bug: bad parent state|invalid kernel function call not eliminated|(?:invalid|unknown) return type \d+ of func).{0,200}/,
    text: 'The verifier found an error in itself, or the kernel lacks a part that this program needs.',
    why: 'It is not sure what your program does; some of these are known errors of certain versions, or a subsystem that is not built in.',
    help: 'Try a newer release of the same series (uname -r), and another compiler. To report it: bpf@vger.kernel.org, with program, log and version.',
    lesson: 'vm/reading-a-verifier-log',
  },
];
