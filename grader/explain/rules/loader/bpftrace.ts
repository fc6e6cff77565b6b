/** What bpftrace says of a script: src/ast, attachpoint_parser.cpp, attached_probe.cpp. */
import type { Rule } from '../../rule.ts';

// 'ERROR: … expects …' is anybody's sentence: something of bpftrace must be around it.
const around = 'bpftrace|stdin:\\d+:\\d+|\\.bt:\\d+:\\d+|Attaching \\d+ probe';

export const bpftraceRules: readonly Rule[] = [
  // AttachPointParser: bpftrace up to 0.17 stopped with FATAL where it now names the word
  {
    id: 'bpftrace-provider',
    pattern:
      /FATAL: Invalid probe type made it to attachpoint parser|ERROR: Invalid (?:provider|probe type): '?([^'\n]{1,60}?)'?$/,
    text: 'bpftrace does not know this kind of probe ($1).',
    why: 'A script is PROBE { … }, and a probe begins with its kind: kprobe:, tracepoint:, uprobe:, interval: and so on. It is misspelt, newer than this bpftrace, or a shell has eaten $ or *; a parameter ($1) cannot be the kind itself.',
    help: 'Put the script into single quotes. bpftrace -l | cut -d: -f1 | sort -u lists the kinds; bpftrace --version (fentry was called kfunc before 0.22).',
    lesson: 'bpftrace/probes-and-filters',
  },
  {
    id: 'bpftrace-probe-form',
    pattern:
      /ERROR: ((?:tracepoint|rawtracepoint|profile|interval|software|hardware|usdt|watchpoint|iter|fentry\/fexit|kprobes?|uprobes?|\w{1,20}) (?:probe |probes )?(?:must (?:have|specify|be)|should (?:have|be|specify|not)|can only have) .{1,100})|ERROR: ((?:\S{1,40}) is not a (?:software|hardware) probe|(?:\S{1,20}) is not an accepted unit of time|(?:profile|interval|hardware|software) (?:frequency|count) should be .{1,40}|wildcards are not allowed for \w+ probe type|begin\/end probes should not have a target)/,
    also: [around],
    text: 'The probe is not written as bpftrace wants it: $1$2.',
    why: 'Each kind has parts of its own, with colons between.',
    help: 'tracepoint:GROUP:NAME, kprobe:FUNCTION, uprobe:FILE:FUNCTION, usdt:FILE:NAME (or -p PID), profile:hz:99, interval:s:1, software:cpu-clock:1000, hardware:cycles:1e6. man bpftrace, “Probes”.',
    lesson: 'bpftrace/probes-and-filters',
  },
  {
    id: 'libbpf-attach-target',
    pattern: /(?:ERROR|WARNING): (?:Probe\S* ?)?No BTF found for ([\w:.]{1,120}?)\.?(?:, skipping.*)?$/,
    text: 'There is no function $1 for a fentry probe in this kernel’s BTF.',
    why: 'The name is misspelt, the function was inlined, is in a module that is not loaded, or the kernel has no BTF (/sys/kernel/btf/vmlinux).',
    help: 'bpftrace -l "fentry:*NAME*" (kfunc: before 0.22), or use kprobe:.',
    lesson: 'bpftrace/kprobe-or-tracepoint',
  },
  {
    id: 'bpftrace-attach',
    pattern:
      /ERROR: Unable to attach probe: (?!k(?:ret)?probe:)(\S{1,200}?)\. If this is expected, set the 'missing_probes' config|ERROR: Probe does not exist: (?!(?:raw)?tracepoint)(\S{1,200})/,
    text: 'bpftrace cannot attach $1$2: it is not there in this kernel or file, or cannot be probed.',
    why: 'A function can be misspelt, inlined, renamed, in a module that is not loaded, or marked notrace; a tracepoint belongs to other versions or architectures. Without root nothing can be attached.',
    help: 'sudo bpftrace -l "PATTERN" lists what there is. Lines above say more (-v). To go on without it: config = { missing_probes = "warn" }.',
    lesson: 'bpftrace/probes-and-filters',
  },
  {
    id: 'uprobe-symbol',
    pattern:
      /ERROR: Could not resolve symbol: (?!\/proc\/self\/exe:)(\S{1,300})|ERROR: (?:Could not resolve address|Function not found): (\S{1,300})/,
    text: 'bpftrace does not find the function $1$2 in that file.',
    why: 'The file is stripped, the function is static or inlined, in a library that the program links, or mangled as C++ and Rust do.',
    help: 'bpftrace -l "uprobe:FILE:*NAME*"; nm -D FILE | grep NAME; ldd FILE.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'uprobe-instruction',
    pattern:
      /ERROR: (?:Could not add \S+ into middle of instruction|Offset outside the function bounds|Possible attachment attempt in the middle of an instruction|Failed to check if \S+ is in proper place)/,
    text: 'The probe’s offset is not the beginning of an instruction of that function.',
    why: 'A probe in the middle of an instruction would crash what runs there.',
    help: 'objdump -d FILE (or gdb, disassemble) shows where instructions begin; offsets count from the function’s start. --unsafe skips the check, at your own risk.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'bpftrace-unsafe',
    pattern:
      /ERROR: (\w{1,30})\(\) is an unsafe function being used in safe mode|ERROR: (syscall|system)\(\) not allowed in safe mode/,
    text: '$1$2() is only allowed with --unsafe.',
    why: 'It changes the system, or runs commands.',
    help: 'bpftrace --unsafe …',
    lesson: 'bpftrace/syntax',
  },
  {
    id: 'bpftrace-builtin',
    pattern:
      /ERROR: The (\w{1,20}) builtin (?:can only be used with|can not be used with|cannot be used for) (.{1,120})|ERROR: (\w{1,20}) can not be used with "?(\w{1,20})"? probes|ERROR: (?:Builtin (\w{1,20})|Feature) not supported outside probe/,
    also: [around],
    text: '$1$3$5 does not exist in this kind of probe.',
    why: 'args is for tracepoints, fentry and uprobes with debug information; arg0 to argN for kprobes and uprobes; retval for kretprobe, uretprobe and fexit.',
    help: 'Use the one that belongs to the probe; bpftrace -lv "PROBE" lists the fields of args.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-undefined',
    pattern:
      /ERROR: (?:Undefined (?:map|variable|or undeclared variable): (\S{1,60})|Unknown (?:builtin (?:variable|function)|macro|function):? '?(\w{1,60})'?|Variable used before it was assigned: (\S{1,60})|unknown (?:identifier|builtin) "?(\w{1,60})"?|Unknown map: (\S{1,60}))/,
    also: [around],
    text: 'The script uses $1$2$3$4$5, which bpftrace does not know at that place.',
    why: 'A map (@x) or variable ($x) must be given a value somewhere before it is read; a function or builtin may be misspelt, or newer than this bpftrace.',
    help: 'man bpftrace of this version; bpftrace --version. In the shell put the script into single quotes, or $x is replaced.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-untyped',
    pattern:
      /ERROR: (Can ?not (?:access field '[^']{1,60}'|dereference|cast) (?:on|of)? ?(?:expression of )?type 'none')/,
    also: [around],
    text: 'bpftrace does not know the type of this expression, so it cannot go on from it.',
    why: 'It has lost the type on the way: an anonymous structure or union, a bit field, or a typedef that this version does not read from BTF. That is mostly a limit or an error of bpftrace, not of the script.',
    help: 'bpftrace --version, and a newer one. Or cast it yourself to a structure that has a name: ((struct NAME *)…)->field, or read it through a pointer with *(uint64 *)….',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-type',
    pattern:
      /ERROR: ((?:Type|Argument) mismatch for .{1,160}|Can ?not (?:access field|dereference|cast|access index) .{1,120}|Type mismatch: .{1,160}|\S{1,30} expects .{1,120}|\S{1,20}\(\) only supports .{1,120}|Value '[^']{1,60}' cannot be (?:used as a map key|assigned).{0,40}|The \S{1,4} operator can not be used on .{1,100})/,
    also: [around],
    text: 'The types in the script do not fit: $1.',
    why: 'A map keeps the type of its first value and key, and a pointer must be cast to its structure before fields are read.',
    help: '((struct sock *)arg0)->…, str(arg0) for text, (uint64)x for numbers; use one kind of key for each map. bpftrace -lv shows the types of fields.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'libclang-crash',
    pattern: /libclang: crash detected (?:during|in) \w+/,
    text: 'libclang, the compiler inside of bpftrace, crashed while it read the headers.',
    why: 'Nothing is wrong with the script: this release of LLVM has an error with these headers of the kernel.',
    help: 'A newer bpftrace or another package of it (bpftrace --version; the container image quay.io/iovisor/bpftrace). On a kernel with BTF (ls -l /sys/kernel/btf/vmlinux) a newer one does not read headers, if the script has no #include.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-field',
    pattern:
      /ERROR: (?:Can't find a field|struct has no field named|Record does not contain a field named) '?(\S{1,60}?)'?$|ERROR: '([^']{1,60})' has no field named '([^']{1,60})'|ERROR: Can't find function parameter (\w{1,60})/,
    also: [around],
    text: 'There is no field or argument $1$3$4 in this kernel.',
    why: 'bpftrace takes structures and arguments from the running kernel’s BTF; fields come and go with versions.',
    help: 'Look it up: bpftrace -lv "PROBE", bpftrace -lv "struct NAME".',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-parameter',
    pattern:
      /ERROR: (?:Positional parameter \$(\d+) is empty or not provided|Cannot use positional|positional parameter)/i,
    also: [around],
    text: 'The script wants a parameter ($$1) that it was not given.',
    why: 'Parameters follow the name of the script, and text is read by str($1).',
    help: 'bpftrace SCRIPT.bt VALUE; in the script str($1) for text, $1 for a number.',
    lesson: 'bpftrace/syntax',
  },
  {
    id: 'bpftrace-file',
    pattern: /ERROR: failed to open file '([^']{1,200})'|Error: Could not open file '([^']{1,200})'/,
    also: [around],
    text: 'There is no file $1$2 that bpftrace can read.',
    why: 'Without -e, the first argument is the name of a script. If the file is there, bpftrace runs where it is not seen: as a snap or in a container.',
    help: 'bpftrace -e \'PROGRAM\' for a text on the command line; ls -l $1$2. From a snap: bpftrace -e "$(cat $1$2)", or the package of the distribution.',
    lesson: 'bpftrace/syntax',
  },
  {
    id: 'bpftrace-feature',
    pattern:
      /ERROR: Missing required kernel feature: (\w{1,40})|ERROR: (BPF_FUNC_\w{1,40}) not available for your kernel version|ERROR: (?:iter )?(\S{1,40}) not available for your kernel version/,
    also: [around],
    text: 'This kernel does not offer what the script uses: $1$2$3.',
    why: 'It is older than that helper, iterator or kind of loop, or was built without it.',
    help: 'bpftrace --info lists what there is; uname -r.',
    lesson: 'bpftrace/kprobe-or-tracepoint',
  },
  {
    id: 'bpftrace-limit',
    pattern:
      /ERROR: ((?:unroll maximum|BPFTRACE_MAX_STRLEN too large|String is too long|cannot use more than \d+ conversion|lhist\(\) too many buckets|\w{1,20}\(\) too many).{0,100})/,
    also: [around],
    text: 'The script goes beyond a limit of bpftrace: $1.',
    why: 'Strings, formats and histograms have a greatest size, most of which are settings.',
    help: 'man bpftrace, “Config Variables”: config = { max_strlen = 128 }, or BPFTRACE_MAX_STRLEN=128 in older releases.',
    lesson: 'bpftrace/variables-and-builtins',
  },
];
