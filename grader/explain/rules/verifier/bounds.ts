/** What the verifier says of indexes, lengths and offsets. */
import type { Rule } from '../../rule.ts';

export const boundsRules: readonly Rule[] = [
  {
    id: 'packet-variable-offset',
    pattern: /invalid access to packet, off=(-?\d+) size=(\d+), R\d+\(id=[1-9]\d*,off=-?\d+,r=0\)/,
    text: 'A variable number was added to the packet pointer, and no test against data_end counts for where it points now.',
    why: 'Either this very pointer was not tested, or the number may be so large (over 65535) that the verifier trusts no test.',
    help: 'Bound the number first, with if (offset > 1500) return XDP_PASS; then add it, and test this pointer + size against data_end.',
    lesson: 'networking/xdp',
  },
  {
    id: 'packet-bounds',
    pattern: /invalid access to packet, off=(-?\d+) size=(\d+)/,
    text: 'The program [[reads|writes]] at offset $1 of the packet (size $2), but the packet may end before.',
    why: 'On this path no test against data_end covers what is [[read|written]].',
    help: 'Test first that pointer + size is not beyond data_end: if (data + offset + size > data_end) return XDP_PASS; (in tc: TC_ACT_OK).',
    lesson: 'networking/xdp',
  },
  {
    id: 'memory-bounds',
    pattern: /invalid access to memory, mem_size=(\d+) off=(-?\d+) size=(\d+)/,
    text: 'The access ends outside of the memory that the pointer is for: it has $1 bytes.',
    why: 'The verifier found a path on which $3 bytes at offset $2 are touched.',
    help: 'Bound the index just before its use, or ask for more memory where it was reserved.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'map-value-bounds',
    pattern: /invalid access to map (?:value, value|key, key)_size=(\d+) off=(-?\d+) size=(?!0\b)(\d+)/,
    text: 'The access to a value or key of a map ends outside of it: it has $1 bytes.',
    why: 'The verifier found a path on which $3 bytes at offset $2 are touched.',
    help: 'Bound the index just before its use: if (i >= N) return 0; for an array of N elements.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'negative-index',
    pattern:
      /value -\d+ makes \w+ pointer be out of bounds|R\d+ min value is negative(?: \(-?\d+\))?, either use unsigned index or do a if \(index >=0\) check/,
    text: 'An index may be negative.',
    why: 'A signed number with only an upper bound can still be below 0.',
    help: 'Make it unsigned, or test i >= 0 too.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'negative-length',
    pattern: /(R\d) min value is negative(?: \(-?\d+\))?, either use unsigned or 'var &= const'/,
    text: 'A length or index that is passed on may be negative.',
    why: 'Either it is signed and nothing tests that it is at least 0, or what a test found was lost: the compiler tested a copy, or kept the value on the stack in between.',
    help: 'Make it unsigned (u32), and bound it right before the call: if (n > sizeof(buf)) n = sizeof(buf); or n &= sizeof(buf) - 1 for a power of two. If the compiler moves that away: asm volatile("" : "+r"(n));',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'unbounded-length',
    pattern: /(R\d) unbounded memory access, use 'var &= (?:const|\d+)'/,
    text: 'A length has no upper bound.',
    why: 'The helper might write or read beyond the buffer.',
    help: 'Bound it just before the call: if (n > sizeof(buf)) n = sizeof(buf);',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'unbounded-arithmetic',
    pattern:
      /(?:math between )?\w+ pointer and (?:register with unbounded min value|-?\d+) is not allowed|addition of negative constant to packet pointer is not allowed|value \d+ makes \w+ pointer be out of bounds/,
    text: 'A number is added to a pointer that may take it far outside.',
    why: 'Nothing on this path limits the number, or its limits are too wide.',
    help: 'Make it unsigned (u32) and bound it just before: if (i >= N) return 0;',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'unbounded-index',
    pattern:
      /(R\d) (?:unbounded memory access, make sure to bounds check|(?:max|min) value is outside of the (?:allowed memory range|array range|map value|memory region))/,
    text: 'An index may be beyond the end.',
    why: 'The verifier found no upper bound for it on this path.',
    help: 'Bound it just before its use: if (i >= N) return 0;',
    lesson: 'vm/ranges-loops-and-limits',
  },
  // __check_mem_access(): within the value, but of no size, which only some helpers take
  {
    id: 'map-value-size-zero',
    pattern: /invalid access to map (?:value, value|key, key)_size=(\d+) off=(-?\d+) size=0\b/,
    text: 'The length that is passed with a pointer into a map (of $1 bytes) is 0, or may be 0.',
    why: 'Nothing is wrong with the place, at offset $2: the helper wants at least one byte. The size of a format or of a buffer is a number of bytes, and it comes after the pointer.',
    help: 'Pass the size: bpf_trace_printk(fmt, sizeof(fmt), …), or simply bpf_printk(…). Of a length that is calculated, test it first: if (!n) return 0;',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'zero-length',
    pattern: /(R\d) invalid zero-sized read|invalid zero-size read/,
    text: 'A length may be 0.',
    why: 'This helper does not take a length of 0.',
    help: 'Test it first: if (!n) return 0;',
    lesson: 'vm/ranges-loops-and-limits',
  },
];
