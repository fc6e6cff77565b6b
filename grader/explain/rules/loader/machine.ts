/** What is missing on the machine and is nobody's code: kernel headers, and what lockdown forbids. Looked for before anything else. */
import type { Rule } from '../../rule.ts';

export const machineRules: readonly Rule[] = [
  // src/cc/frontends/clang/kbuild_helper.cc and loader.cc of bcc
  {
    id: 'kernel-headers',
    pattern:
      /Unable to find kernel headers|(?:modprobe: FATAL: )?Module kheaders not found|chdir\([^)]{0,120}\/lib\/modules\/[^)]{1,100}\): No such file|(?:No|Could not find) kernel (?:source|headers) (?:directory )?found|[Kk]ernel headers (?:are )?not found|You need to bind mount \/usr\/src and \/lib\/modules|Your kernel headers for kernel \S{1,100} cannot be found/,
    text: 'The headers of the running kernel are not on this machine.',
    why: 'bcc and bpftrace compile when they run, and DKMS when it installs a module, against /lib/modules/$(uname -r)/build or the kheaders module; nothing is wrong with the program.',
    help: 'Install them for exactly this kernel: sudo apt install linux-headers-$(uname -r), dnf install kernel-devel-$(uname -r), pacman -S linux-headers; after an update of the kernel, reboot. In a container: -v /lib/modules:/lib/modules:ro -v /usr/src:/usr/src:ro. WSL’s kernel has no such package: build it from github.com/microsoft/WSL2-Linux-Kernel. A tool that uses BTF (libbpf-tools) needs none.',
    lesson: 'bcc/what-bcc-is',
  },
  {
    id: 'kernel-headers',
    pattern:
      /(?:\/bpftrace\/include\/|\/virtual\/|^\s*(?:\.\/){0,3}(?:include|arch)\/|\/lib\/modules\/|\/usr\/src\/|^definitions\.h)\S{0,200}:\d+:\d+: fatal error: '((?:linux|asm|asm-generic|uapi|generated)\/[\w./-]+|\/lib\/modules\/\S+)' file not found|fatal error: '((?:\.\/)?include\/linux\/kconfig\.h)' file not found/,
    text: 'The kernel headers on this machine are missing or not complete: $1$2 is not there.',
    why: 'It is not your #include: bcc and bpftrace compile against the headers of the running kernel (/lib/modules/$(uname -r)/build) and of the C library (linux-libc-dev).',
    help: 'sudo apt install linux-headers-$(uname -r) linux-libc-dev; dnf install kernel-devel-$(uname -r) kernel-headers; pacman -S linux-headers linux-api-headers. Compare uname -r with ls /lib/modules; in a container mount /lib/modules and /usr/src of the host.',
    lesson: 'bcc/what-bcc-is',
  },
  // What bpftrace writes for clang: the #include lines of the script, and the fields of its tracepoints.
  {
    id: 'bpftrace-definitions',
    pattern: /^definitions\.h:\d+:\d+: error: (?:unknown type name|field has incomplete type) '([^']{1,100})'/,
    text: 'bpftrace does not know the type $1, which this probe or an #include needs.',
    why: 'It takes types from the kernel’s BTF, and on a kernel without BTF from its headers: then those are missing on this machine, or the script must include the one that has the type. definitions.h is bpftrace’s own, no file of yours.',
    help: 'ls -l /sys/kernel/btf/vmlinux; bpftrace --info says btf: yes if this bpftrace reads it. Otherwise install the headers (linux-headers-$(uname -r), kernel-devel-$(uname -r)), and add the #include that declares $1 to the script.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-definitions-text',
    pattern:
      /^(?:\s*Output: )?definitions\.h:\d+:\d+: error: (?:use of undeclared identifier '([^']{1,100})'|(?!.*file not found).{1,100})/,
    text: 'What bpftrace wrote for clang (definitions.h, no file of yours) does not compile ($1).',
    why: 'It holds the fields of the tracepoints and the #include lines of the script. A constant in it, such as TASK_COMM_LEN, comes from the kernel’s headers, which are missing or not included; otherwise bpftrace is too old for a wildcard with args, or for this kernel’s formats. If “Attaching … probes” follows, it goes on without.',
    help: 'bpftrace --version: a newer one takes the fields from BTF and needs none of this (ls -l /sys/kernel/btf/vmlinux). Otherwise install linux-headers-$(uname -r) or kernel-devel-$(uname -r), and #include <linux/sched.h> or the header that has the name.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'bpftrace-kernel-header',
    pattern: /^\/(?:lib\/modules|usr\/src)\/\S{1,200}\/include\/\S{1,100}:\d+:\d+: error: /,
    also: ['bpftrace (?:-|\\S{1,100}\\.bt)|definitions\\.h'],
    text: 'A header of the kernel that the bpftrace script includes does not compile by itself.',
    why: 'bpftrace gives it to clang without all that the kernel’s own build defines before. The kernel may be newer than this bpftrace, or the header wants another one in front.',
    help: 'On a kernel with BTF (ls -l /sys/kernel/btf/vmlinux) leave the #include out: a newer bpftrace knows the types. Otherwise a newer bpftrace; #include <linux/types.h> or <linux/sched.h> first; or #define KBUILD_MODNAME "bpftrace" where that is the name that is missing.',
    lesson: 'bpftrace/variables-and-builtins',
  },
  {
    id: 'kernel-headers',
    pattern: /fatal error: '(\/lib\/modules\/[^']{1,200})' file not found/,
    text: 'The kernel headers on this machine are missing: $1 is not there.',
    why: 'bcc and bpftrace compile against the headers of the running kernel.',
    help: 'Install them for exactly this kernel: sudo apt install linux-headers-$(uname -r), dnf install kernel-devel-$(uname -r). In a container mount /lib/modules and /usr/src of the host.',
    lesson: 'bcc/what-bcc-is',
  },
  // security_locked_down(LOCKDOWN_BPF_READ_KERNEL) in bpf_base_func_proto: without it the helper does not exist for the verifier.
  {
    id: 'lockdown',
    pattern:
      /Lockdown: \S{1,60}: ([Uu]se of bpf to read kernel RAM|[Uu]se of kprobes|[Uu]se of tracefs|debugfs access|[Uu]se of bpf(?: to write user RAM)?|unsafe use of perf|BPF) is restricted|Kernel lockdown is enabled and set to 'confidentiality'|The system appears to be in lockdown mode|(?:kernel|system) is (?:in|under) lockdown/,
    text: 'Kernel lockdown forbids this, to every program and to root too ($1).',
    why: 'With Secure Boot, or lockdown= on the command line, integrity forbids writing to kernel and user memory, and confidentiality also reading kernel memory: then kprobes and bpf_probe_read*() are refused as if they did not exist.',
    help: 'cat /sys/kernel/security/lockdown. Boot with lockdown=integrity, or none, or switch Secure Boot off; there is no way around it in the program but not to read kernel memory.',
    lesson: 'security/hardening',
  },
];
