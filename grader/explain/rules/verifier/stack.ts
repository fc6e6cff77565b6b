/** What the verifier says of the stack and the registers. */
import type { Rule } from '../../rule.ts';

export const stackRules: readonly Rule[] = [
  {
    id: 'stack-size',
    pattern: /combined stack size of (\d+) calls is (\d+)\b/,
    text: 'The stack of $1 functions that call each other is $2 bytes.',
    why: 'Together they have 512 bytes.',
    help: 'Make local variables smaller, or keep the large one in a per-CPU array map.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'call-depth',
    pattern: /the call stack of (\d+) frames is too deep/,
    text: '$1 functions call each other.',
    why: 'At most 8 may be nested.',
    help: 'Make some of them static __always_inline, or put them together.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'stack-variable-offset',
    pattern:
      /invalid (?:unbounded )?variable-offset (?:read from|write to|access to|indirect access to) stack R\d+|variable offset stack pointer cannot be passed into helper function/,
    text: 'A local array is indexed with something that has no fixed bounds.',
    why: 'The verifier must know which bytes of the stack are touched.',
    help: 'Bound the index (i &= N - 1, with N a power of two), or keep the array in a map.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  // check_stack_boundary() took a saved pointer for something that must not be read, until 5.14 for root, and for others to this day (cd17d38f8b28)
  {
    id: 'stack-pointer-passed',
    pattern: /invalid indirect read from stack (?:R\d+ )?off -(\d+)\+0 size/,
    also: [
      '\\bfp-$1(?:_[rwD]+)?=(?!mm|\\?|0|inv|scalar|misc|S|P?\\d)(?:map_value|map_ptr|ctx|pkt|ptr_|fp|sock|trusted_|rcu_)',
    ],
    text: 'A pointer is passed to a helper through the stack (offset -$1): the kernel has it there as a pointer, and not as bytes.',
    why: 'Kernels before 5.14, and all where the process lacks CAP_PERFMON, do not let a helper read a pointer from the stack: it would learn an address.',
    help: 'Put a number there instead: copy it with bpf_probe_read_kernel(), or take another key. uname -r: from Linux 5.14 on root may. If it should be no pointer at all, look where it was written: the kernel may take a field of the context for one.',
    lesson: 'vm/registers-and-instructions',
  },
  // Without the registers’ states of newer logs, which of the two it is cannot be told.
  {
    id: 'stack-pointer-passed',
    pattern: /invalid indirect read from stack (?:R\d+ )?off -(\d+)\+0 size/,
    also: ['\\*\\(u64 \\*\\)\\(r10 -$1\\) = r\\d', '^(?![^]*\\bfp-$1(?:_[rwD]+)?=)'],
    text: 'Bytes of the stack at offset -$1 are passed to a helper, and the verifier does not take them for plain data.',
    why: 'The log shows that a whole register was saved there. Either it was a pointer (what bpf_map_lookup_elem() returned, for example), which kernels before 5.14, and all without CAP_PERFMON, let no helper read; or it was saved on another path, and on this one the place was never written.',
    help: 'Look at the register that is stored at r10 -$1: to keep what a pointer points to, copy it (bpf_probe_read_kernel(), or an assignment of the value) instead of the pointer. Otherwise initialise the variable where it is declared: struct key k = {};',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'stack-uninitialised',
    pattern: /invalid (?:indirect )?read from stack (?:R\d+ )?(?:off -?\d+\+\d+ size|var_off)/,
    text: 'Bytes of a local variable are read that were never written.',
    why: 'They could be padding between the fields of a structure, which would leak what was on the stack.',
    help: 'Initialise it whole: struct event e = {}; or with __builtin_memset.',
    lesson: 'vm/reading-a-verifier-log',
  },
  // MAX_BPF_STACK
  {
    id: 'stack-overrun',
    pattern:
      /invalid (?:(?:indirect access to|write to|read from) stack R\d+|stack) off=(-(?:51[3-9]|5[2-9]\d|[6-9]\d\d|[1-9]\d{3,}))\b size=(\d+)/,
    text: 'The program touches offset $1 of its stack, and a stack has 512 bytes.',
    why: 'Mostly its local variables are too large together: all functions that are inlined count, and one buffer of a few hundred bytes is enough. An array’s index that goes below 0 looks the same.',
    help: 'Keep the large one in a BPF_MAP_TYPE_PERCPU_ARRAY with one entry, or reserve it in the ring buffer (bpf_ringbuf_reserve()); in bcc BPF_PERCPU_ARRAY. Keep every index inside of its array.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'stack-overrun',
    pattern: /invalid (?:(?:indirect access to|write to|read from) stack R\d+|stack) off=(-?\d+) size=(\d+)/,
    text: '$2 bytes are touched at offset $1 of the stack, where there are not so many.',
    why: 'The buffer is smaller than the size that was passed, or the place is outside of the 512 bytes of a stack.',
    help: 'Pass sizeof(buf) as the size, and keep every index inside of the array.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'no-return-value',
    pattern: /R0 !read_ok\b/,
    text: 'There is a path on which the program returns nothing.',
    why: 'What it returns is in R0, which was never set there.',
    help: 'Return a value on every path.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'uninitialised',
    pattern: /(R\d+) !read_ok\b/,
    text: 'A variable is used that was never set on this path.',
    why: 'Or it was in a register that a call before has used.',
    help: 'Give the variable a value where it is declared.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'misaligned',
    pattern: /misaligned (?:(packet|stack|value|context|pkt) )?access off (.*)/,
    text: '[[A value is read|A value is written]] at an address that is not a multiple of its size ($1 access, offset $2).',
    why: 'The verifier insists on alignment for the stack and the context everywhere; for packets and map values on machines that cannot do it otherwise, or if the program was loaded with BPF_F_STRICT_ALIGNMENT. An Ethernet header of 14 bytes puts what follows at an odd place.',
    help: 'Read it in parts (__builtin_memcpy, or single bytes), or align the field: reorder the structure, __attribute__((aligned(8))); without a reason for it, load without strict alignment.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'stack-spill',
    pattern: /(attempt to corrupt spilled pointer on stack|corrupted spill memory|invalid spill|cannot spill)/,
    text: 'A pointer that is kept on the stack is overwritten in part.',
    why: 'What is left of it would be no pointer any more, and a way to learn kernel addresses.',
    help: 'Do not write bytes over a saved pointer: use separate variables, and no union of a pointer with numbers.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'register-fill',
    pattern: /invalid size of register (?:fill|spill)/,
    text: 'A value on the stack is [[read|written]] with another width than it was written.',
    why: 'A saved pointer can only be read as a whole, 8 bytes.',
    help: 'Use one type for both.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'frame-pointer',
    pattern: /frame pointer is read only$/,
    text: 'The program writes to the frame pointer R10.',
    why: 'R10 can only be read.',
    help: 'This takes inline assembly: use another register.',
    lesson: 'vm/registers-and-instructions',
  },
];
