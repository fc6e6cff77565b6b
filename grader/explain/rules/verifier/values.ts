/** What the verifier says of what is returned, calculated and written. */
import type { Rule } from '../../rule.ts';

export const valuesRules: readonly Rule[] = [
  {
    id: 'callback-return',
    pattern: /At callback return the register R0 has .{0,200} should have been in (.+)/,
    text: 'The callback returns a value that is not allowed.',
    why: 'Allowed is $1: 0 goes on, 1 stops the loop.',
    help: 'Return 0 or 1.',
    lesson: 'programs/loops-and-subprograms',
  },
  {
    id: 'return-range',
    pattern: /At program exit the register R0 has .{0,200} should have been (?:in )?(.+)/,
    text: 'The program returns a value that is not allowed for its type.',
    why: 'Allowed is $1.',
    help: 'Return one of the documented constants of this program type.',
    lesson: 'programs/program-types',
  },
  {
    id: 'returns-pointer',
    pattern:
      /(?:At (?:program|subprogram|callback|async callback) (?:exit|return) (?:the register )?)?R0 (?:is not a known value|is not a scalar value|not a scalar value)(?: \((\w+)\))?/,
    text: 'The program returns a pointer.',
    why: 'That would leak an address of the kernel.',
    help: 'Return a number.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'pointer-32-bit',
    pattern: /(R\d) (?:32-bit pointer arithmetic prohibited|sign-extension part of pointer)/,
    text: 'The program calculates with half of a pointer.',
    why: 'A pointer has 64 bits; in an int or u32 the upper half is lost.',
    help: 'Cast it to (long) or (void *)(long), never to int or u32.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'pointer-arithmetic',
    pattern: /R\d+ pointer arithmetic (?:on (\w+) |with \S+ operator )?prohibited/,
    text: 'The program calculates with a pointer in a way that is not allowed ($1).',
    why: 'The verifier could no longer tell where it points.',
    help: 'Only add or subtract bounded numbers. Compare with data_end, but do not calculate with it.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'beyond-structure',
    pattern:
      /(?:R\d+ is \w+ )?access beyond (?:struct|the end of member \w+ \(mend:\d+\) in struct) (\w+) (?:at|with) off (\d+) size (\d+)|struct (\w+) doesn't have field at offset (\d+)/,
    text: 'The program reads struct $1$4 where it has no field, or beyond its end.',
    why: 'At offset $2$5 there is nothing: the pointer has another type than the program thinks.',
    help: 'Use the right type, and BPF_CORE_READ for fields that differ between kernels.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'read-only',
    pattern:
      /only read is supported$|cannot write into packet$|write into map forbidden, value_size|write to change key R\d+ not allowed|R\d+ cannot write into \w+|\w+\(\) may write into memory pointed by R\d+/,
    text: 'The program writes to something that it may only read.',
    why: 'This memory is read-only for this type of program, or the map or variable is constant.',
    help: 'Write to a map or a variable of yours, or use a program type that may change it.',
    lesson: 'programs/program-types',
  },
  {
    id: 'dynptr',
    pattern: /Expected an initialized dynptr as (?:arg #)?\w+/,
    text: 'A dynptr is used that was not made on every path.',
    why: 'bpf_dynptr_from_mem(), bpf_ringbuf_reserve_dynptr() or the like must have been called before.',
    help: 'Make it first, on every path that leads here.',
    lesson: 'programs/helpers-and-kfuncs',
  },
];
