/** What bpftrace, bcc, cilium/ebpf and libbpf say in words of their own of probes and pins. */
import type { Rule } from '../../rule.ts';

const mountWhy =
  'It takes CAP_SYS_ADMIN (without it EPERM), a folder that exists, and a kernel with CONFIG_BPF_SYSCALL. In a container AppArmor’s default profile or SELinux forbids mounts even with it (EACCES, permission denied), and /sys is often read-only.';
const mountHelp =
  'On the host: sudo mount -t bpf bpf /sys/fs/bpf; mount | grep bpf. Give the container the host’s: -v /sys/fs/bpf:/sys/fs/bpf, for a pod a hostPath with mountPropagation. Or privileged: true, or SYS_ADMIN with the AppArmor profile unconfined.';

export const tracingRules: readonly Rule[] = [
  // ERRORS in kernel/trace/trace_probe.h: what the kernel writes to its log when a probe is refused
  {
    id: 'trace-probe',
    pattern: /trace_(?:k|u|f|e)?probe: error: (.{1,100})/,
    note: probeErrorOf,
    text: 'The kernel refuses the probe, and says why in its log: $1.',
    why: 'The line below it is the probe that it was asked for; the tool itself got only an error number.',
    help: 'sudo dmesg | tail shows the message with the text of the probe and a mark at the place.',
    lesson: 'programs/kprobes-and-fentry',
  },
  // bpftrace's language
  {
    id: 'bpftrace-stack',
    pattern: /Stack size is too large\. Try/,
    text: 'The script needs more than the 512 bytes of stack that a BPF program has.',
    why: 'Strings, keys with several parts and printf() with many arguments are on the stack.',
    help: 'Use shorter strings (BPFTRACE_MAX_STRLEN=64), fewer parts in a key, or config = { on_stack_limit = 16 } in newer versions.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-tracepoint',
    pattern: /(?:ERROR: )?[Tt]racepoint not found: (\S+)|Probe does not exist: ((?:raw)?tracepoint:\S+)/,
    text: 'There is no tracepoint $1$2 in this kernel.',
    why: 'The name may be misspelt, its module not loaded, or the kernel built without it. System calls differ by architecture: arm64 has no open, fork or stat, but openat, clone and newfstatat.',
    help: 'List those that are there: sudo bpftrace -l "*tracepoint:*" | grep NAME.',
    lesson: 'bpftrace/probes-and-filters',
  },
  // ast/attachpoint_parser.cpp
  {
    id: 'bpftrace-wildcard',
    pattern: /Wildcard matches aren't available on probe type '(\w{1,30})'/,
    text: 'bpftrace takes the probe for a pattern, and probes of the type $1 have no patterns.',
    why: 'A * in the name does it; in old releases also the builtin probe in BEGIN and END, which was expanded like one.',
    help: 'Name the probe in full, do not use probe in BEGIN, and put the script into single quotes so that the shell leaves * alone. bpftrace --version: newer releases do better.',
    lesson: 'bpftrace/probes-and-filters',
  },
  {
    id: 'bpftrace-no-probes',
    pattern: /No probes to attach|Attachment failed for all probes|No probes attached/,
    text: 'bpftrace found nothing to attach for this script; a message above, if there is one, says more.',
    why: 'Names and patterns are compared with what there is. A function of the kernel may be inlined, renamed, or in a module that is not loaded. For a uprobe, the file has no such symbol: it is stripped, or the function is in a library that the program links (bash’s readline is in libreadline on Arch).',
    help: 'sudo bpftrace -l "kprobe:NAME*" or "uprobe:FILE:*NAME*" lists what there is; nm -D FILE | grep NAME; ldd FILE.',
    lesson: 'bpftrace/probes-and-filters',
  },
  // The structure of a tracepoint’s args is made of its format; bpftrace 0.9 did not make it for the short name t:
  {
    id: 'bpftrace-field',
    pattern:
      /(?:ERROR: )?[Ss]truct\/union of type '(?:struct )?_tracepoint_(\w{1,100}?)\*?' does not contain a field named '(\w{1,60})'/,
    text: 'bpftrace finds no field $2 in the arguments of the tracepoint $1.',
    why: 'They are what the tracepoint’s format file lists, which differs between kernels. A very old bpftrace also says so where the probe is written with its short name (t: or a wildcard).',
    help: 'sudo bpftrace -lv "tracepoint:GROUP:NAME", or sudo cat /sys/kernel/tracing/events/GROUP/NAME/format, lists the fields. Write tracepoint: instead of t:, without *, and update bpftrace (bpftrace --version).',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-field',
    pattern: /[Ss]truct\/union of type '([^']{1,100})' does not contain a field named '([^']{1,100})'/,
    text: '$1 has no field $2 in this kernel.',
    why: 'bpftrace takes structures from the running kernel’s BTF or headers; fields come and go with versions.',
    help: 'Look it up: bpftrace -lv "struct NAME", or bpftool btf dump file /sys/kernel/btf/vmlinux format c.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-struct',
    pattern: /Unknown struct\/union: '([^']{1,100})'|Cannot resolve unknown type "([^"]{1,100})"/,
    text: 'bpftrace does not know $1$2.',
    why: 'It takes structures from the kernel’s BTF; one of a module, of user space, or on a kernel without BTF must come from a header.',
    help: 'ls /sys/kernel/btf/; for a module name it in the probe (kprobe:MODULE:FUNCTION); add #include <linux/….h> at the top of the script (which needs the kernel headers), or define the structure.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  // semantic_analyser.cpp and driver.cpp of early releases of bpftrace, which wrote neither ERROR nor the line
  {
    id: 'bpftrace-language',
    pattern:
      /^(?:(\d+\.\d+(?:-\d+)?: syntax error, unexpected .{1,100})|(Undefined map: @\w{0,60}|Unknown identifier: '\w{1,60}'|Type mismatch for (?:'.{1,3}'|[$@]\w{1,60}): .{1,100}|(?:printf?|clear|delete|zero|count|sum|min|max|avg|stats|l?hist|str|buf|[ku]stack|[ku]sym|[ku]addr|join|time|strftime|exit|system|cat|reg|ntop|cgroupid|signal|strncmp)\(\) (?:should take|requires) .{1,60}|The args builtin only works for probes with 1 attach point|Can not access field '\w{1,60}' on type '\w{1,100}'.{0,80}))/,
    also: [
      'bpftrace|\\.bt\\b|[ku](?:ret)?probe:|tracepoint:|Undefined map: @|Type mismatch for .{1,62}: (?:comparing|trying)|args builtin|_tracepoint_|\\(\\d+ provided\\)',
    ],
    text: 'bpftrace does not understand the script: $1$2. A message in this form, without the place, is of an old bpftrace.',
    why: 'It is refused before anything is loaded. Scripts from the repository’s tools folder are for the newest bpftrace: older ones do not know all functions, forms and operators in them.',
    help: 'bpftrace --version. Take the tools of that release (git checkout of its tag, or the package’s own), or a newer bpftrace. In the shell put the script into single quotes.',
    lesson: 'bpftrace/syntax',
  },
  {
    id: 'bpftrace-language',
    pattern:
      /ERROR: (syntax error, .{1,200}|Unknown function: .{1,100}|Undefined or undeclared variable: .{1,100}|Unknown identifier: .{1,100})/,
    text: 'bpftrace does not understand the script: $1.',
    why: 'It is refused before anything is loaded; the caret below shows the place.',
    help: 'Compare with the language’s reference, man bpftrace; in the shell put the script into single quotes, or $ and * are taken by it. Functions and variables differ between versions: bpftrace --version. A script from the tools folder of the newest one may need that; since 0.22 a variable holds only in its block: declare it above with let $x.',
    lesson: 'bpftrace/syntax',
  },
  {
    id: 'bpftrace-fentry',
    pattern:
      /(?:kfunc|fentry)\/(?:kretfunc|fexit) (?:not available for your|is not supported)|BTF is not available|kernel (?:does not have|doesn't have) BTF/,
    text: 'fentry probes do not work with this kernel or this bpftrace.',
    why: 'They need the kernel’s BTF (/sys/kernel/btf/vmlinux) and BPF trampolines: x86-64 from Linux 5.5, arm64 from 6.0.',
    help: 'bpftrace --info says what there is (btf, kfunc). Use kprobe: and kretprobe: instead.',
    lesson: 'bpftrace/kprobe-or-tracepoint',
  },
  // BEGIN and END were uprobes on functions of bpftrace itself until 0.20
  {
    id: 'bpftrace-stripped',
    pattern: /(?:ERROR: )?Could not resolve symbol: (?:\/proc\/self\/exe|\S{0,200}bpftrace):(BEGIN|END)_trigger/,
    text: 'This bpftrace cannot attach its $1 probe: its own executable has been stripped.',
    why: 'Older versions hang BEGIN and END on functions of bpftrace itself, whose symbols some packages take away.',
    help: 'Use another package or a newer bpftrace (bpftrace --version); on Ubuntu 22.04 install bpftrace-dbgsym. A script without BEGIN and END works.',
    lesson: 'bpftrace/probes-and-filters',
  },
  {
    id: 'bpftrace-offset',
    pattern: /(?:ERROR: )?Could not resolve symbol ([\w.$]{1,200})\. Use BPFTRACE_VMLINUX/,
    text: 'bpftrace cannot check the offset in $1: it has no kernel image with symbols.',
    why: 'A kprobe at an offset must be at the beginning of an instruction, so bpftrace looks the function up in vmlinux; that says nothing about whether the kernel has it.',
    help: 'BPFTRACE_VMLINUX=/usr/lib/debug/boot/vmlinux-$(uname -r) (package linux-image-…-dbgsym or kernel-debuginfo), or attach to the function without an offset.',
    lesson: 'bpftrace/probes-and-filters',
  },
  {
    id: 'bpftrace-usdt',
    pattern: /(?:ERROR: )?Error finding or enabling probe: usdt:(\S{1,200})/,
    text: 'bpftrace cannot enable the USDT probe $1.',
    why: 'A probe with a semaphore must be switched on in a process, so bpftrace needs to know which; or the file has no such probe.',
    help: 'Add -p PID (or -c COMMAND). readelf -n FILE shows “Semaphore:” with another value than 0 if it has one; bpftrace -l "usdt:FILE:*" lists the probes.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'uprobe-file',
    pattern: /(?:uprobe|usdt) target file '([^']{1,200})' does not exist or is not executable/,
    text: 'There is no file $1 to probe, or it cannot be executed.',
    why: 'bpftrace looks for a program in PATH and for a library by ldconfig; where it does not find a short name, it needs the whole path.',
    help: 'ls -l FILE; ldconfig -p | grep NAME; ldd PROGRAM. For a process in a container: /proc/PID/root/…/libssl.so.3.',
    lesson: 'programs/uprobes-and-usdt',
  },
  // elf_find_func_offset() of libbpf, asked for no name: libbpf-rs passed '' with UprobeOpts where none was given
  {
    id: 'uprobe-no-name',
    pattern: /elf: failed to find symbol '' in '([^']{1,200})'/,
    text: 'The library looks for a function without a name in $1.',
    why: 'func_name is given but empty, so libbpf looks it up. Where an offset is meant, it must not be given at all (NULL); older libbpf-rs always passes one with UprobeOpts.',
    help: 'In C leave opts.func_name NULL; in Rust take attach_uprobe() with the offset, or a newer libbpf-rs. Or give the function’s name, and offset 0.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'uprobe-symbol',
    pattern:
      /Could not resolve symbol:? (\.{0,2}\/[^\s:]{1,200}:\S{1,200})|could not determine address of symbol b?'?(\S{1,200}?)'?(?: in (\S{1,200})|$)|elf: failed to find symbol '([^']{1,200})' in '([^']{1,200})'|symbol ([\w./:*()$@<>-]{1,200}): not found\b/,
    text: 'The file has no symbol of that name ($1$2$4$6).',
    why: 'It may be stripped, static, inlined, in a library that the program links, or mangled as C++, Rust and Go do.',
    help: 'nm -D FILE | grep NAME; readelf -Ws FILE; ldd FILE; bpftrace -l "uprobe:FILE:*NAME*".',
    lesson: 'programs/uprobes-and-usdt',
  },
  // bcc
  {
    id: 'map-max-entries',
    pattern: /is maps\/(?:hash|array) map type enabled in your kernel\?/,
    also: ['could not open bpf map: .{0,60}Invalid argument'],
    text: 'bcc could not create a map: the kernel refuses its type or its sizes (EINVAL).',
    why: 'max_entries of 0 or an empty key is not allowed; types such as the ring buffer (5.8) or stack traces (4.6) need newer kernels.',
    help: 'uname -r; check the size in BPF_HASH, BPF_ARRAY or BPF_TABLE.',
    lesson: 'bcc/what-bcc-is',
  },
  // Pins
  {
    id: 'pin-differs',
    pattern:
      /couldn't reuse pinned map at '([^']{1,200})': parameter mismatch|use pinned map (\S{1,200}): .{0,200}|error reusing pinned map|map spec is incompatible with existing map/,
    text: 'A map is pinned there already ($1$2), and it has other parameters than the one of your program.',
    why: 'It is libbpf (or cilium/ebpf) that compares them, type, sizes, max_entries and flags, and will not take it for yours; an earlier version of the program left it, or another program pins one of the same name.',
    help: 'Compare: bpftool map show pinned $1 (for a ring buffer the kernel rounds max_entries up to a power of two: write that). If nobody needs the old one: sudo rm $1.',
    lesson: 'maps/pinning',
  },
  {
    id: 'pin-enoent',
    pattern:
      /specified path (\S{1,200}) is not on BPF FS|BPF root is not a BPF filesystem|(\/\S{1,200})?: ?not (?:on )?a bpf file ?system|not a bpf filesystem/i,
    text: 'The folder for the pin is not in a BPF file system ($1$2).',
    why: 'Objects can be pinned only in a file system of type bpf.',
    help: 'mount | grep bpf; sudo mount -t bpf bpf /sys/fs/bpf; in a container: -v /sys/fs/bpf:/sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  {
    id: 'bpffs-mount',
    pattern:
      /mount: (\/\S{0,40}\/sys\/fs\/bpf|\/sys\/fs\/bpf): (can't find in \/etc\/fstab|unknown filesystem type|.{0,20}not mounted|mount point does not exist|permission denied|special device \w+ does not exist|.{0,60}only root can do that|wrong fs type.{0,60})/,
    text: 'The BPF file system is not mounted at $1 by this command: $2.',
    why: 'It has no line in /etc/fstab by itself, so the type must be given; and it takes root and a kernel with CONFIG_BPF_SYSCALL.',
    help: 'sudo mount -t bpf bpf $1; mount | grep bpf. For good, a line in /etc/fstab: bpf /sys/fs/bpf bpf defaults 0 0. In Docker’s VM on a Mac it is gone after a restart.',
    lesson: 'maps/pinning',
  },
  {
    id: 'bpffs-mount',
    pattern:
      /(?:(?:[Ff]ailed|unable) to mount|can(?:no|'|’)t mount|mounting|mount) (?:the )?(?:bpffs|[Bb][Pp][Ff] (?:FS|fs|filesystem|file system)) (?:at|in|on|to) \\?["']?([^\s:"'\\]{1,100})\\?["']?: ([^"]{1,80})/,
    text: 'The BPF file system cannot be mounted at $1: $2.',
    why: mountWhy,
    help: mountHelp,
    lesson: 'maps/pinning',
  },
  {
    id: 'bpffs-mount',
    pattern:
      /(?:[Ff]ailed to|can(?:no|'|’)t|unable to) mount (?:the )?(?:bpffs|[Bb][Pp][Ff] (?:FS|fs|filesystem|file system)): ([^":]{1,60})/,
    text: 'The process cannot mount a BPF file system: $1.',
    why: mountWhy,
    help: mountHelp,
    lesson: 'maps/pinning',
  },
  {
    id: 'bpffs-twice',
    pattern: /multiple mount points detected at ([^\s"']{1,100})/,
    text: 'Two BPF file systems are mounted on top of each other at $1.',
    why: 'Each has its own pins, and only the upper one’s are seen.',
    help: 'mount | grep bpf; sudo umount $1 until one is left. systemd mounts it by itself: take the line out of /etc/fstab.',
    lesson: 'maps/pinning',
  },
  {
    id: 'kernel-config',
    pattern:
      /(CONFIG_\w{1,60})(?: or CONFIG_\w{1,60}| \S{0,20})? kernel (?:parameter|option|config\w*)s? (?:is |are )?(?:required|missing|not set|needed)|kernel is not properly configured, missing: \[?(CONFIG_\w{1,60})|(CONFIG_\w{1,60}) (?:is )?(?:undefined|required|not (?:set|enabled|found)|must be (?:set|enabled))/,
    text: 'This kernel was built without $1$2$3, or the tool looks at the wrong configuration.',
    why: 'The tool looks it up in /proc/config.gz or /boot/config-$(uname -r), or in the kernel headers that it compiles with, which may be those of another kernel.',
    help: 'zgrep $1$2$3 /proc/config.gz /boot/config-$(uname -r): =y or =m is what it needs. In a container mount /boot of the host. Otherwise another kernel package, or build it with that option.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'kernel-too-old',
    pattern:
      /minimal supported kernel version is >= ?(\d[\d.]{0,10})|(?:requires|needs) (?:a )?(?:Linux )?kernel (?:version )?(?:>=|at least|newer than)? ?v?(\d[\d.]{0,10})/,
    text: 'This tool needs Linux $1$2 or newer.',
    why: 'It uses features of BPF that older kernels do not have, and checks that before it loads anything.',
    help: 'uname -r. Use a newer kernel, or an older release of the tool.',
    lesson: 'programs/loaders-and-links',
  },
  // Features that cilium/ebpf names with the version that has them: internal/feature.go
  {
    id: 'kernel-too-old',
    pattern: /([A-Za-z][\w ()/-]{2,60}?) not supported \(requires >= v([\d.]+)\)/,
    text: 'This kernel is too old: $1 needs Linux $2.',
    why: 'cilium/ebpf tried it, and the kernel does not know it.',
    help: 'uname -r; bpftool feature probe. Use a newer kernel, or do without: test it with the package features.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'kernel-lacks',
    pattern: /detect support for (\S{1,60}): (?:operation )?not supported/,
    text: 'This kernel lacks $1.',
    why: 'It is too old for it, or built without it: bpf_link_kprobe_multi needs Linux 5.18 and CONFIG_FPROBE, bpf_link_uprobe_multi 6.6, perf event links 5.15, tcx 6.6.',
    help: 'uname -r; zgrep FPROBE /proc/config.gz; bpftool feature probe. Attach to one function after the other, or use a newer kernel.',
    lesson: 'programs/loaders-and-links',
  },
  // usdt_manager_attach_usdt()
  {
    id: 'usdt-setup',
    pattern:
      /usdt: (?:failed to find USDT support BPF maps, (did you forget to include bpf\/usdt\.bpf\.h)|attaching to (shared libraries without specific PID) is not supported|(kernel doesn't support USDT semaphore refcounting)|attaching to (32-bit|64-bit) ELF binary|(libbpf doesn't support USDTs on current architecture))/,
    text: 'The USDT probe cannot be attached in this way: $1$2$3$4$5.',
    why: 'The program must include <bpf/usdt.bpf.h>; a shared library without a PID needs Linux 5.15, a probe with a semaphore 4.20; and tracer and program must both be of 64 bits.',
    help: 'Name the process: bpf_program__attach_usdt(prog, PID, …). uname -r; file PROGRAM.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'unknown-event',
    pattern: /usdt: (?:failed to find (?!USDT support)|no USDT notes|unsupported arg) ?.{0,200}/,
    text: 'The USDT probe cannot be found in this binary.',
    why: 'The program was built without its probes (sys/sdt.h, --enable-dtrace), or another file has them.',
    help: 'readelf -n FILE lists them as stapsdt; bpftrace -l "usdt:FILE:*".',
    lesson: 'programs/uprobes-and-usdt',
  },
];

/** Of bpftrace's own messages, each with its place; the rules above know more of some. */
const bpftraceScript: Rule = {
  id: 'bpftrace-script',
  pattern: /(?:^|[\s"])[^\s:]{1,200}:\d+(?::\d+)?(?:-\d+)?: ERROR: (.{1,200})/,
  text: 'bpftrace refuses the script here: $1.',
  why: 'It says so before the kernel is asked: it is about the script, what this version of bpftrace knows, or what it finds on this machine.',
  help: 'The marked place is the one that it means. Compare with man bpftrace of this version (bpftrace --version), and with bpftrace --info for what the kernel offers.',
  lesson: 'bpftrace/syntax',
};

/** Of probes, where no failure tells more: bpftrace warns of functions that it then does without. */
export const tracingWarnings: readonly Rule[] = [
  // bpftrace’s check_alignment(): it disassembles the function, and needs to know where it ends
  {
    id: 'uprobe-size-unknown',
    pattern: /(?:WARNING: )?Could not determine boundary for (\S{1,200}) \(symbol has size 0\)/,
    text: 'bpftrace leaves $1 out: the file does not say how long this function is. It is only a warning; the other probes are attached.',
    why: 'bpftrace wants to be sure that a probe is not put inside an instruction. For functions of size 0, such as _init and _fini, or in a file without debugging symbols, it cannot be.',
    help: 'Nothing is to be done if you do not need that function. Otherwise --unsafe attaches without the check, or install the file’s debugging symbols (-dbgsym, debuginfo).',
    lesson: 'programs/uprobes-and-usdt',
  },
  // arch-specific fallback: cilium/ebpf tries __x64_NAME after NAME
  {
    id: 'libbpf-kprobe',
    pattern: /creating perf_kprobe PMU \(arch-specific fallback for \\?"([\w.$]{1,200})\\?"\)/,
    text: 'There is no function $1 in this kernel that can be probed.',
    why: 'It may be misspelt, inlined by the compiler (static functions), renamed ($1.isra.0, .constprop.0, or another kernel version), compiled out, in a module that is not loaded, or marked notrace. cilium/ebpf has tried it with the prefix of system calls, too.',
    help: 'See what there is: sudo grep -w $1 /sys/kernel/tracing/available_filter_functions; grep $1 /proc/kallsyms. A module: lsmod, sudo modprobe NAME. Inlined: take a function that calls it.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'libbpf-kprobe',
    pattern:
      /Could not resolve symbol ([\w.$]{1,200})(?:\.|$)|token ([\w.$]{1,200}): not found|([\w.$]{1,200})(?: is|: function) not traceable \(|to k(?:ret)?probe b?'?([\w.$]{1,200}?)'?, it's not traceable/,
    text: 'There is no function $1$2$3$4 in this kernel that can be probed.',
    why: 'It may be misspelt, inlined by the compiler (static functions), renamed (NAME.isra.0, .constprop.0, or another kernel version), in a module that is not loaded, or marked notrace. Syscalls are __x64_sys_… since Linux 4.17.',
    help: 'See what there is: sudo grep NAME /sys/kernel/tracing/available_filter_functions; grep NAME /proc/kallsyms. A module: lsmod, sudo modprobe NAME. Inlined: take a function that calls it.',
    lesson: 'programs/kprobes-and-fentry',
  },
  {
    id: 'bpftrace-load',
    pattern: /(?:ERROR: )?(?:Unknown BPF object load failure|Loading BPF object\(s\) failed)(.{0,20})/,
    text: 'The kernel or libbpf refused the programs that bpftrace made of the script; these lines do not say why.',
    why: 'bpftrace shows that only when it is asked. It can be the verifier, a map, or something that this kernel does not know.',
    help: 'bpftrace -d libbpf -d verifier …, or -v in older releases: read what comes above this line then.',
    lesson: 'bpftrace/kprobe-or-tracepoint',
  },
  {
    id: 'bpftrace-load',
    pattern: /Error loading program: (\S{1,200}) \(try -v\)/,
    text: 'The kernel refused the program of the probe $1, and bpftrace shows why only when it is asked.',
    why: 'Mostly it is the verifier; fentry (kfunc) also refuses functions with a variable number of arguments, or with types that it cannot hand on.',
    help: 'Run it again with -v, and look at the last lines of the log. For such a function use kprobe: instead of fentry: or kfunc:.',
    lesson: 'bpftrace/kprobe-or-tracepoint',
  },
  bpftraceScript,
];

/** What to do about some of the kernel's own words. */
function probeErrorOf([, said = '']: readonly string[]): string {
  return probeErrors.find(([words]) => said.startsWith(words))?.[1] ?? '';
}

const probeErrors: readonly [words: string, note: string][] = [
  [
    'Event name is too long',
    'At most 63 letters are allowed. The tool makes the name of the path and the function: update it, or give it a shorter path, such as a symbolic link.',
  ],
  [
    'Given group/event name is already used',
    'Another tool, or one that was killed, has left a probe of this name: sudo cat /sys/kernel/tracing/kprobe_events.',
  ],
  [
    'Invalid probed address or symbol',
    'This kernel has no such function: it is misspelt, inlined, renamed, or in a module that is not loaded. grep NAME /proc/kallsyms.',
  ],
  [
    'The symbol is not unique',
    'Several static functions have this name: probe a function that calls it, or an address.',
  ],
  [
    'Failed to register probe event',
    'The place is one where no probe may be: a function that is marked notrace, or the middle of an instruction.',
  ],
  [
    'Failed to find the given file',
    'The path must be the one that this process sees; for a container /proc/PID/root/….',
  ],
];
