/** What libbpf says of how it is called, and of objects that it cannot take: src/libbpf.c, src/elf.c, src/btf.c. */
import type { Rule } from '../../rule.ts';

const lesson = 'programs/loaders-and-links';

export const libbpfCallRules: readonly Rule[] = [
  // bpf_program__set_attach_target(), libbpf_find_prog_btf_id()
  {
    id: 'freplace-target',
    pattern:
      /prog '([^']{1,100})': (?:attach program FD is not set|supply none or both of target_fd and attach_func_name|failed to find BPF program \(FD -?\d+\) BTF ID for '[^']{1,100}')/,
    text: 'The program $1 is to replace, or to be attached to, a function of another BPF program, and which one is not said rightly.',
    why: 'An extension (freplace) belongs to one function of one loaded program: libbpf needs that program’s descriptor and the function’s name before it loads it, and the other program must have BTF.',
    help: 'bpf_program__set_attach_target(prog, fd_of_the_other, "function") before bpf_object__load(). bpftool prog show id ID must say btf_id; bpftool btf dump prog ID shows its functions.',
    lesson,
  },
  // elf_find_func_offset()
  {
    id: 'uprobe-ambiguous',
    pattern: /elf: ambiguous match (?:for|found) '([^']{1,200})'(?:, '[^']{1,200}')? in '([^']{1,200})'/,
    text: 'The file has several functions called $1, so it is not clear which one is meant.',
    why: 'Versions of a library’s function (NAME@VERSION), weak and static functions may share a name.',
    help: 'readelf -Ws FILE | grep NAME shows them. Give the version (NAME@VERSION), or the offset in the file and no name.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'map-definition',
    pattern:
      /map '([^']{1,100})': '[^']{1,100}' member should be last|(?:map '|hash-of-maps ')([^']{1,100})'? should have key size \d+/,
    text: 'The definition of the map $1$2 is not right.',
    why: 'values, which says what is in a map of maps or programs, must be its last member; and its key must have the size that the type wants.',
    help: '__uint(type, …); __uint(max_entries, …); __type(key, __u32); then __array(values, …) at the end.',
    lesson: 'maps/hash-and-array',
  },
  {
    id: 'object-endian',
    pattern:
      /byte order mismatch with ELF file|loading non-native endianness is unsupported|Can't load BTF with non-native endianness|(?:unexpected|mismatched) (?:big|little)-endian ELF/,
    text: 'The object was compiled for a machine of the other byte order.',
    why: 'BPF comes in two forms, little and big endian; the kernel takes only its own.',
    help: 'clang -target bpfel for x86 and arm64, -target bpfeb for s390x and big-endian MIPS and PowerPC; -target bpf takes the order of the compiling machine. llvm-readelf -h FILE.o shows it.',
    lesson,
  },
  {
    id: 'libbpf-call',
    pattern:
      /(?:libbpf: )?(object not yet loaded; load it first|map '[^']{1,100}': (?:can't (?:attach|associate) .{1,60}|cannot be resized, .{1,60}|already (?:pinned|has pin path .{1,120})|cannot find pinned map)|prog '[^']{1,100}': (?:target netdevice ifindex cannot be zero|can't (?:associate|unpin) .{1,60}|invalid perf event FD -?\d+|user context value is not supported|relative_fd and relative_id cannot be set at the same time)|(?:missing a|no) path to (?:un)?pin map '[^']{1,100}'.{0,20}|error: (?:inner_map_fd already specified|program handler doesn't match object|unsupported map type)|signatures are not supported.{0,40})$/,
    text: 'libbpf refuses this call of the program itself, before it asks the kernel: $1.',
    why: 'Calls have an order (open, set, load, attach, pin, destroy), and each is for certain maps and programs only.',
    help: 'Look for the call that the sentence is about, and what was called before it; check what it returns. What must be set before loading cannot be set after it.',
    lesson,
  },
];
