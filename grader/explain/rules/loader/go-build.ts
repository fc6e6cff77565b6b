/** What cilium/ebpf, bpf2go and bcc say of the text or the object that they are given, before the kernel is asked. */
import type { Rule } from '../../rule.ts';

export const goBuildRules: readonly Rule[] = [
  // cmd/bpf2go
  {
    id: 'bpf2go-usage',
    pattern:
      /missing package, you should either set the go-package flag or the GOPACKAGE env|Error: (?:expected at least two arguments|unsupported target "?(\S{1,40})"?|no targets specified|file (\S{1,200}) doesn't exist)|"?(\S{1,40})"? contains characters outside of|type name (\S{1,60}) is used multiple times/,
    text: 'bpf2go is not called as it needs to be ($1$2$3$4).',
    why: 'It wants a name for the Go types and a C file, and takes the package from go generate.',
    help: '//go:generate go run github.com/cilium/ebpf/cmd/bpf2go -target amd64,arm64 NAME FILE.bpf.c -- -I../headers, called by go generate; by hand: GOPACKAGE=main in front.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'bpf2go-type',
    pattern:
      /(?:Error: )?(?:collect C types|looking up type (\S{1,60})|type \S{1,60}): (?:type name (\S{1,60}): )?not found/,
    text: 'bpf2go finds no type $1$2 in the object.',
    why: 'Types that no map and no function uses are not in the BTF: clang leaves them out.',
    help: 'Use the type in a map (__type(value, struct event)), or keep it: struct event *unused __attribute__((unused)); then go generate again.',
    lesson: 'vm/btf-and-core',
  },
  // elf_reader.go
  {
    id: 'go-elf',
    pattern:
      /(?:section|map|data section) "?[^":\s]{1,60}"?: (?:reference to "?([^":\s]{1,100})"? in section (\S{1,60}): .{1,120}|missing symbols?.{0,40}|contains \d+ symbols but|variable \S{1,60} (?:size|datasec offset).{1,80}|unknown section type)|no (?:jump target found|instructions found for symbol) .{0,60}|call: (?:\S{1,60}: )?(?:incorrect source register|invalid symbol type|no symbol at offset)|(?:unreferenced symbol|unsatisfied (?:map|program) reference)/,
    text: 'cilium/ebpf cannot put the parts of this object together ($1).',
    why: 'Mostly clang is newer than this release of cilium/ebpf and writes a form that it does not know, or a function, map or variable that the program refers to is not in the object, or is in a section of its own.',
    help: 'Update cilium/ebpf (go get github.com/cilium/ebpf@latest) and run go generate again. Do not strip symbols; llvm-objdump -rt FILE.o shows what refers to what.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'extern-not-resolved',
    pattern:
      /kernel is missing symbol:? "?(\w{1,100})"?|(?:kfunc|resolve ksyms?:)[^\n]{0,40}? "?(\w{1,100})"?: (?:not found|unknown kfunc)|unknown kfunc:? "?(\w{1,100})"?/,
    text: 'The program needs $1$2$3 from the kernel, and this kernel does not have it.',
    why: 'An extern with __ksym is looked up in the kernel’s BTF and in /proc/kallsyms: it is misspelt, only in other versions, or in a module that is not loaded.',
    help: 'sudo grep -w $1$2$3 /proc/kallsyms; bpftool btf dump file /sys/kernel/btf/vmlinux | grep -w $1$2$3. If it may be missing, declare it __weak.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  {
    id: 'kconfig-unreadable',
    pattern: /cannot find a kconfig file|neither \S{1,60} nor \/proc\/config\.gz provide a kconfig/,
    text: 'The configuration of this kernel cannot be read.',
    why: 'The program uses it by extern … __kconfig; it is looked for in /boot/config-$(uname -r) and /proc/config.gz.',
    help: 'ls /boot/config-$(uname -r) /proc/config.gz. In a container mount /boot of the host; sudo modprobe configs.',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'uprobe-symbol',
    pattern:
      /symbol "?([^"\s:]{1,200})"?: not found|cannot resolve \S{1,200} library call '([^']{1,100})'|offset \S{1,20} is out of range of symbol "?(\S{1,100})"?|the given file is not an executable or a shared object/,
    also: ['[Uu]probe|executable|library call'],
    text: 'The file has no symbol $1$2$3 that can be probed.',
    why: 'It may be stripped, static, inlined, in another library, or mangled as C++, Rust and Go do.',
    help: 'nm -D FILE | grep NAME; readelf -Ws FILE; ldd PROGRAM. Give an address instead (UprobeOptions.Address), if you know it.',
    lesson: 'programs/uprobes-and-usdt',
  },
  // ebpfmanager of Datadog, as ecapture and others use it
  {
    id: 'uprobe-symbol',
    pattern: /(?:\{UID:[^}]{0,100}\} )?couldn't find symbol (\S{1,100}) in binary (\S{1,200}?)(?:["\\\s]|$)/,
    text: 'The file $2 has no symbol $1 to probe.',
    why: 'It is another library than the one that the tool means (libssl, libgnutls and libnspr4 have different functions), a stripped or static build, or another version of it.',
    help: 'nm -D $2 | grep $1. Find out which library the program uses: ldd PROGRAM, or lsof -p PID | grep -E "ssl|nss|tls"; and choose the tool’s module for it.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'uprobe-file',
    pattern:
      /(?:(?:\w{1,20} module )?couldn't find binPath|stat executable:?|could not find (?:binary|library)|open executable:?) (?:stat |open )?(\/\S{1,200}): no such file/,
    text: 'There is no file $1 to probe.',
    why: 'The library or program is not installed, or in another place; in a container its path is another one.',
    help: 'ldconfig -p | grep NAME; which NAME; then tell the tool the path. For a process in a container: /proc/PID/root/….',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'asset-missing',
    pattern:
      /(?:EBPFProbe\w{1,20}\s{1,4})?couldn't find asset open (\S{1,200}): file does not exist|(?:open|read) (\S{0,100}bytecode\S{0,100}): file does not exist/,
    text: 'The tool was built without the BPF object that it needs here ($1$2).',
    why: 'It has objects for several kernels inside, with and without CO-RE, and this build lacks the one that it chose, or has chosen by a wrong guess (in a container it does not see the kernel’s configuration).',
    help: 'Tell it which mode to use, if it has an option for that (ecapture: -b 1 for CO-RE, -b 2 without); ls /sys/kernel/btf/vmlinux. Otherwise the release for this architecture, or build it from source.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'uprobe-target',
    pattern:
      /[\w ]{3,40} \(specified pid not found\?\)|[\w ]{3,40} \(invalid pid, missing symbol or prog's AttachType not AttachTraceUprobeMulti\?\)/,
    text: 'The uprobes cannot be attached: the process is not there, a symbol is missing, or the program has another attach type.',
    why: 'The kernel answers the same error for these; uprobe.multi needs a program from SEC("uprobe.multi/…") and Linux 6.6.',
    help: 'ls /proc/PID; nm -D FILE | grep NAME; compare SEC() with the call.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'platform-prefix',
    pattern: /unable to find the platform prefix for \((\w{1,20})\)/,
    text: 'cilium/ebpf does not know how system calls are named on this architecture ($1).',
    why: 'Functions of system calls have a prefix, such as __x64_sys_ or __arm64_sys_.',
    help: 'Name the function as /proc/kallsyms has it.',
    lesson: 'programs/kprobes-and-fentry',
  },
];

/** bcc’s Python part and its C++ library, src/cc and src/python/bcc. */
export const bccRules: readonly Rule[] = [
  {
    id: 'uprobe-symbol',
    pattern:
      /could not determine address of symbol b?'?([^'\s]{1,200}?)'?(?: in (\S{1,200}))?$|Unable to (?:resolve|find) (?:uprobe )?symbol (\S{1,100})|could not find library (\S{1,100})|Can't find start of function (\S{1,100})/,
    also: ['bcc|BPF|bpf|probe'],
    text: 'bcc does not find the function or the library to probe: $1$3$4$5.',
    why: 'The file has no such symbol: it is stripped, static, inlined, mangled (C++, Rust), or in a library that the program links (bash’s readline is in libreadline on some systems). A library’s short name is looked up by ldconfig.',
    help: 'nm -D FILE | grep NAME; ldd PROGRAM; ldconfig -p | grep NAME. Give the path of the file that has it, for a container /proc/PID/root/….',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'bcc-usdt',
    pattern:
      /USDT failed to instrument (?:PID|path) ((?!%)\S{1,200})|Failed to enable USDT probe '([^']{1,100})'|Unable to (?:load|find|enable) USDT(?: (\S{1,60}))?|USDT (\S{1,60}) not found|failed to enable probe '([^']{1,100})'; a possible cause|Error attaching USDT probes: the specified pid might not contain/,
    text: 'bcc finds no such USDT probe, or cannot switch it on ($1$2$3$4$5).',
    why: 'The process does not have that runtime, or it was built without its probes (sys/sdt.h, --enable-dtrace, --with-dtrace); or the process runs in another container, or has ended. Probes with a semaphore need a process (-p).',
    help: 'tplist -p PID (or tplist -l FILE), or readelf -n FILE, lists the probes. Python: --with-dtrace; Node.js and Java (-XX:+ExtendedDTraceProbes) need a build or option as well.',
    lesson: 'programs/uprobes-and-usdt',
  },
  // gobpf: NewModule() is nil where bcc could not compile
  {
    id: 'bcc-nil',
    pattern: /failed to (?:load|attach) (?:the )?(?:bpf|eBPF|BPF) (?:program|module)s?: <nil>/,
    text: 'bcc could not compile the program, and the tool has no error to show (<nil>).',
    why: 'The reason is in the lines that bcc printed before this one. Mostly the headers of the running kernel are missing, or this bcc is older than the kernel.',
    help: 'Look above for “error:” or “Unable to find kernel headers”. sudo apt install linux-headers-$(uname -r), dnf install kernel-devel-$(uname -r); in a container -v /lib/modules:/lib/modules:ro -v /usr/src:/usr/src:ro. A build of the tool with libbpf needs no headers.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'bcc-attached-twice',
    pattern:
      /(?:kprobe|uprobe|Tracepoint|Raw tracepoint|Kernel (?:entry|exit) func|Fmod_ret func|LSM) \S{1,100} (?:already|has been) attached|Perf buffer already open on CPU|Perf event type \S+ config \S+ already attached/,
    text: 'The script attaches there twice.',
    why: 'bcc keeps one program for each place. A function that is named kprobe__… or a TRACEPOINT_PROBE is attached by itself already.',
    help: 'Leave out the second attach_…(), or give the function another name.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'bcc-program-missing',
    pattern: /Exception: Unknown program (?:b')?(\w{1,100})|Could not find file (?:b')?([^'\s]{1,200})/,
    also: ['bcc|BPF'],
    text: 'The C text of the script has no function or file $1$2.',
    why: 'fn_name must be the name of a function in the C text, and src_file is looked for from where the script is started.',
    help: 'Compare fn_name="…" with the C text; give the path with os.path.dirname(__file__).',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'bcc-table',
    pattern:
      /Failed to load BPF Table (?:b')?(\w{1,60})'? (?:key|leaf) desc|Failed to decode type|Unknown table type (\d{1,3})|No ring buffers to poll|Could not open ring buffer/,
    text: 'bcc’s Python part cannot use a map of the script ($1$2).',
    why: 'It makes Python types of the C types of key and value, and older releases do not know newer types of maps.',
    help: 'python3 -c "import bcc; print(bcc.__version__)"; take a newer bcc, or a simpler structure as key and value. For a ring buffer call open_ring_buffer() before ring_buffer_poll().',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'tool-missing',
    pattern: /(ausyscall): command not found/,
    text: 'The program $1 is not installed.',
    why: 'bcc’s syscount takes the names of system calls from it, where it does not know them.',
    help: 'sudo apt install auditd, dnf install audit.',
    lesson: 'bcc/what-bcc-is',
  },
];

/** Where the line above names no error: the sentence is the end of it. */
export const bccWarnings: readonly Rule[] = [
  {
    id: 'bcc-attach',
    pattern:
      /Failed to attach (?:BPF (?:program \S{1,100} )?to (tracepoint|raw tracepoint|perf event|perf raw event|uprobe|uretprobe|entry kernel func|exit kernel func|fmod_ret kernel func)(?: b?'?([\w:]{1,100})'?)?|(LSM))/,
    text: 'bcc could not attach the program to the $1$3 $2; this line does not say why.',
    why: 'The line above it has the error. Without one, it is mostly that there is no such event or function in this kernel, that tracefs is not mounted, or that the process is not root; for kernel functions and LSM that the kernel has no BTF or no trampolines.',
    help: 'Paste the line above. id -u; sudo ls /sys/kernel/tracing/events; ls /sys/kernel/btf/vmlinux; cat /sys/kernel/security/lsm; sudo dmesg | tail.',
    lesson: 'bcc/what-bcc-is',
  },
];
