/** What bcc writes below the verifier’s log (bcc_prog_load_xattr() in its libbpf.c): it counts where the line that it is about was left out. */
import type { Rule } from '../../rule.ts';

export const hintRules: readonly Rule[] = [
  {
    id: 'null-map-value',
    pattern: /HINT: The 'map_value_or_null' error can happen/,
    text: 'What bpf_map_lookup_elem() (lookup() in bcc) returned may be NULL when it is used.',
    why: 'The lookup returns NULL where the key is not in the map, and the verifier wants a test on every path. Kernels before 4.10 forget the test if the pointer was copied to another register.',
    help: 'if (!value) return 0; right after the lookup, before anything is done with it.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'scalar-dereference',
    pattern: /HINT: The invalid mem access 'inv' error can happen/,
    text: 'The program reads through something that is only a number to the verifier.',
    why: 'A pointer into kernel or user memory cannot be followed directly; bcc rewrites only the accesses that it recognises.',
    help: 'Read it with bpf_probe_read_kernel() (or bpf_probe_read_user()) into a variable first, one pointer at a time.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'stack-overrun',
    pattern: /HINT: Looks like you exceeded the BPF stack limit/,
    text: 'The program’s local variables are too large for its stack of 512 bytes.',
    why: 'All of them count together, also those of functions that are inlined.',
    help: 'Keep the large one in a map: BPF_PERCPU_ARRAY(buffer, struct data_t, 1) in bcc, and look it up.',
    lesson: 'vm/ranges-loops-and-limits',
  },
  {
    id: 'helper-too-new',
    pattern: /HINT: (bpf_\w+) missing \(added in Linux ([\d.]+)\)/,
    text: 'This kernel does not have the helper $1: it came with Linux $2.',
    why: 'bcc compares the helper’s number with the kernel that runs.',
    help: 'uname -r. Use a newer kernel, or do without it.',
    lesson: 'programs/helpers-and-kfuncs',
  },
];
