/** Messages that belong to no other family: eBPF for Windows, probes of user space by bpftrace and bcc, and compilers that were killed. */
import type { Rule } from '../../rule.ts';

export const othersRules: readonly Rule[] = [
  // sysexits.h: EX_SOFTWARE
  {
    id: 'clang-crash',
    pattern:
      /clang\S{0,20}: error: clang frontend command failed with exit code (70)\b|Failed to compile obj=\S{1,200} with status=exit (?:status|code): (70)\b/,
    text: 'clang itself crashed (it ended with 70). Nothing is said against the code.',
    why: 'It is a bug of this release of clang, which some construct of the program, or a large vmlinux.h, brings out.',
    help: 'clang --version; try another release (CLANG=clang-16 make, bpf2go -cc clang-16). The stack in clang’s own words names the function that it was at: take that apart.',
    lesson: 'setup/reference-environment',
  },
  // Go and others look into the configuration that the kernel was built with
  {
    id: 'kernel-config-missing',
    pattern:
      /[Kk]ernel ?[Cc]onfig(?:uration)?(?: read failed)?,?(?: error:| file)? ?(?:\S{0,3}[Cc]onfig|[Kk]ernelConfig)? ?not found|Config not found, {1,3}item:(\w{1,60})/,
    also: ['[Bb][Pp][Ff]|CONFIG_|KernelConfig|BTF'],
    text: 'The tool looks for the configuration that the kernel was built with, and does not find it. That does not mean that the kernel lacks anything ($1).',
    why: 'It is in /proc/config.gz (CONFIG_IKCONFIG_PROC) or /boot/config-$(uname -r); containers, kernels of your own and Android often have neither.',
    help: 'ls /proc/config.gz /boot/config-$(uname -r); sudo modprobe configs; in a container -v /boot:/boot:ro. A newer release of the tool may do without. What the kernel can: bpftool feature probe.',
    lesson: 'setup/reference-environment',
  },
  // Tools that load a tiny program first and take every EPERM for this
  {
    id: 'capability-missing',
    pattern:
      /(?:the )?(?:current )?(?:user|process|we) (?:does not|doesn't|do not|don't) have (CAP_(?:BPF|PERFMON|SYS_ADMIN|NET_ADMIN)\w{0,20})/,
    text: 'The tool tried BPF and was not permitted; it takes that for a missing $1.',
    why: 'Mostly it is not root, or in a container without the capability. Root can be refused, too: by SELinux (on Android also for root), a seccomp profile, or before Linux 5.11 by RLIMIT_MEMLOCK.',
    help: 'id -u; grep Cap /proc/self/status, or capsh --print; ulimit -l; getenforce (setenforce 0 for a moment to find out); dmesg | grep -i denied.',
    lesson: 'security/hardening',
  },
  // btf/btf.go of cilium/ebpf; before 0.20 a module without types of its own was an error
  {
    id: 'btf-module-empty',
    pattern: /parse types for module (\w{1,60}): .{0,80}string table is empty/,
    text: 'The BTF of the kernel’s module $1 is empty, and this version of the library does not take that.',
    why: 'A module that adds no types has a BTF with nothing in it. To find a function in modules, all of them are read.',
    help: 'A newer release of the tool (cilium/ebpf 0.20 or later). Until then unload the module if you can: sudo rmmod $1.',
    lesson: 'vm/btf-and-core',
  },
  // The kernel's OOM killer: clang's driver only sees the signal
  {
    id: 'clang-killed',
    pattern:
      /(?:clang|llc|opt|cc1)\S{0,20}: error: (?:unable to execute command: Killed|(?:clang )?frontend command (?:failed due to signal|terminated by signal))|(?:cc1|cc1plus|clang)\b.{0,40}: (?:Killed|fatal error: Killed signal)/,
    text: 'The compiler was killed, mostly because the memory ran out. Nothing is said against the code.',
    why: 'clang needs a few hundred megabytes for a large BPF program; a container’s limit counts too. A crash of clang itself looks alike, and then has a stack of calls below it.',
    help: 'sudo dmesg | grep -i -E "killed process|out of memory"; free -m; memory.max of the cgroup. Give it more memory, or build with fewer jobs (make -j1). For a crash: another release of clang.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'link-compression',
    pattern: /undefined reference to [`'](ZSTD_\w{1,60}|lzma_\w{1,60}|BZ2_\w{1,60})'/,
    also: ['libelf|libdw|libbpf|bpf'],
    text: 'libelf needs another library in a static build: $1 is not there.',
    why: 'libelf and libdw of newer distributions unpack sections by zstd, xz and bzip2; a static program must name them itself.',
    help: 'Add -lzstd (for libdw also -llzma -lbz2) after -lelf -lz: CGO_LDFLAGS="-lbpf -lelf -lz -lzstd", pkg-config --static --libs libelf. Package: libzstd-dev, libzstd-static.',
    lesson: 'programs/loaders-and-links',
  },
  // ebpf-for-windows: libs/api, and PREVAIL, its verifier
  {
    id: 'windows-section',
    pattern: /Program ?[Tt]ype (?:for section (\S{1,60}) not found|not found for (?:section (\S{1,60})|GUID))/,
    text: 'eBPF for Windows does not know what kind of program the section $1$2 is.',
    why: 'The section’s name says the type, and each type comes with an extension (a driver) that must be installed. .text is where functions without SEC() are.',
    help: 'SEC("xdp"), SEC("bind"), SEC("cgroup/connect4") and so on before the function; netsh ebpf show sections FILE.o; sc query netebpfext. Otherwise name the type in the command.',
    lesson: 'programs/program-types',
  },
  {
    id: 'windows-verifier',
    pattern:
      /assertion failed: (.{1,160}\(valid_access\(.{1,80}\)|.{1,160})$|^\d{1,6}: (.{1,120}\((?:valid_access|within|assert)\(.{1,80}\).{0,20})$/,
    also: ['netsh ebpf|bpf2c|Verification (?:report|failed)|valid_access\\('],
    text: 'The verifier of eBPF for Windows (PREVAIL) cannot prove that the program is safe: $1$2.',
    why: 'It proves bounds by other means than Linux: what is behind “assertion failed” must hold at this instruction on every path. valid_access(r6, 44:4) is a read of 4 bytes at offset 44 of what r6 points to.',
    help: 'Compare the structure of the context with that of Windows (ebpf_nethooks.h), which is not Linux’s; test bounds right before the access. netsh ebpf show verification FILE.o level=verbose.',
    lesson: 'vm/reading-a-verifier-log',
  },
  {
    id: 'windows-load',
    pattern: /error (\d{1,4}): could not (load program)/,
    also: ['netsh|[Ww]indows|C:\\\\'],
    text: 'eBPF for Windows could not do it (could not $2), and does not say why.',
    why: 'It has three ways: interpreter and JIT are only in test builds or without HVCI (memory integrity), native drivers (.sys, made by bpf2c) always. The services ebpfcore, netebpfext and ebpfsvc must run, and the console must be an administrator’s.',
    help: 'sc query ebpfcore; sc query ebpfsvc; sc query netebpfext; netsh ebpf show verification FILE.o. Convert the object: powershell Convert-BpfToNative.ps1 -FileName NAME, and add the .sys.',
    lesson: 'programs/loaders-and-links',
  },
  // bpftrace: src/attached_probe.cpp, src/usdt.cpp; bcc: usdt.cc
  {
    id: 'bpftrace-usdt',
    pattern: /Error finding (?:location for|or enabling) probe: (usdt:\S{1,300})/,
    text: 'bpftrace does not find the USDT probe $1, or cannot switch it on.',
    why: 'The program has no probe of that name, older bpftrace wants the provider too (usdt:FILE:PROVIDER:NAME), and a probe with a semaphore needs a process (-p PID).',
    help: 'bpftrace -l "usdt:FILE:*"; readelf -n FILE | grep -A4 stapsdt shows providers, names and semaphores.',
    lesson: 'programs/uprobes-and-usdt',
  },
  {
    id: 'usdt-argument',
    pattern: /couldn't get argument (\d{1,2}) for (\S{1,300})/,
    text: 'bpftrace cannot work out where argument $1 of the probe $2 is.',
    why: 'The note in the file says it for each place of the probe (-8@%rax). It is not read where there is no such argument, the form is one that this bpftrace (by bcc) does not know, or a semaphore could not be switched on.',
    help: 'readelf -n FILE | grep -A5 stapsdt shows the arguments. Attach to a running process (-p PID); update bpftrace.',
    lesson: 'programs/uprobes-and-usdt',
  },
  // debug/elf of Go: ErrNoSymbols
  {
    id: 'uprobe-stripped',
    pattern: /no symbol section$/,
    also: ['[Ee]BPF|\\bbpf\\b|uprobe|[Uu]ret'],
    text: 'The executable has no table of symbols, so no function in it can be found by its name for a uprobe.',
    why: 'It was stripped, by strip or, in Go, by -ldflags "-s -w"; containers’ images mostly have such files.',
    help: 'file PROGRAM says “stripped”; nm PROGRAM, and for a library nm -D. Build it without -s -w, take one with symbols, or give the offset in the file in place of a name (for Go the functions’ table, .gopclntab, still has it).',
    lesson: 'programs/uprobes-and-usdt',
  },
  // scap_bpf_load() of falcosecurity/libs; sysfs has cpuN/online only where a CPU can be switched off
  {
    id: 'cpu-count',
    pattern:
      /(can't open \/sys\/devices\/system\/cpu\/cpu\d{1,4}\/online: .{1,60}|(?:too many online )?processors online: \d{1,5}, expected: \d{1,5})/,
    text: 'The tool’s count of CPUs does not agree with the machine’s ($1), so it stops before it reads events.',
    why: 'A CPU is switched off, or (on a Raspberry Pi and in some virtual machines) there is no file that says whether it is on. Old releases of Falco’s libraries did not know such machines.',
    help: 'lscpu | grep -i line; cat /sys/devices/system/cpu/possible /sys/devices/system/cpu/online. Update the tool; for Falco the modern probe (engine.kind: modern_ebpf).',
    lesson: 'programs/loaders-and-links',
  },
  // StdioSilencer::silence() in src/utils.cpp: open("/dev/null") or dup() gave -1
  {
    id: 'bpftrace-silencer',
    pattern: /StdioSilencer::\w{1,30}\(\): Assertion .{0,4}(new|old)_stdio_ >= 0/,
    text: 'bpftrace could not open /dev/null (or copy a descriptor) while it attached probes, and gave up.',
    why: 'Mostly the limit of open files is reached: each probe takes about two. Rarely there is no /dev/null in the container.',
    help: 'ulimit -n; raise it (ulimit -n 65536, as root) or name fewer probes than with *. ls -l /dev/null.',
    lesson: 'bpftrace/syntax',
  },
  {
    id: 'bcc-api',
    pattern:
      /TypeError: (?:BPF\.)?__init__\(\) got an unexpected keyword argument '(usdt\w{0,10}|text|src_file|cflags|allow_rlimit|attach_usdt_ignore_pid|device)'/,
    text: 'BPF() of this bcc has no parameter $1.',
    why: 'Parameters have other names between releases (usdt became usdt_contexts, a list), or another module is called bcc.',
    help: 'b = BPF(text=program, usdt_contexts=[usdt]); python3 -c "import bcc; help(bcc.BPF.__init__)" shows what there is.',
    lesson: 'bcc/what-bcc-is',
  },
];

/** Where nothing else is said. */
export const othersWarnings: readonly Rule[] = [
  {
    id: 'bcc-undeclared',
    pattern:
      /\/virtual\/main\.c:\d+:\d+: (?:warning|error): (?:implicit declaration of function|call to undeclared function) '(\w{1,60})'/,
    text: 'bcc knows no function $1. The program is then not loaded, or the call does nothing.',
    why: 'bcc has names of its own: bpf_trace_printk() and not bpf_printk(), map.lookup() and not bpf_map_lookup_elem(); and a helper must be in the kernel for which it compiles.',
    help: 'bpf_trace_printk("hello\\n"); for others see bcc’s reference guide. Functions of your own must be above their first use.',
    lesson: 'bcc/porting-to-core',
  },
  {
    id: 'tool-says-only',
    pattern: /The '(enter|exit)' program could not be loaded/,
    text: 'osquery says only that its BPF program was not loaded, and not why.',
    why: 'Mostly the verifier refuses it on this kernel, or the kernel is older than what it needs (4.18, and tracepoints of system calls); or it is not root.',
    help: 'uname -r; id -u; sudo dmesg | tail; zgrep FTRACE_SYSCALLS /proc/config.gz. strace -f -e trace=bpf,perf_event_open osqueryd … shows the call that fails. A newer osquery, or its audit tables.',
    lesson: 'programs/loaders-and-links',
  },
];
