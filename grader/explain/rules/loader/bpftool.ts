/** What bpftool says of itself, and of what it is asked to show: src/*.c of libbpf/bpftool. */
import type { Rule } from '../../rule.ts';

export const bpftoolRules: readonly Rule[] = [
  {
    id: 'bpftool-no-id',
    pattern:
      /(?:can't )?get (prog|map|link|BTF object|btf)? ?by id \((\d+)\): (?:No such file or directory|-ENOENT)|failed to get (link|map|prog) with ID (\d+): No such/,
    text: 'There is nothing with the ID $2$4.',
    why: 'Programs and maps are gone with their last descriptor, pin or link, and an ID is never given twice.',
    help: 'sudo bpftool prog show, map show or link show lists those that exist.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'bpftool-rights',
    pattern:
      /can't get next (\w+): Operation not permitted|(?:can't )?get (?:\w+ )?by id \(\d+\): Operation not permitted/,
    text: 'The process may not look at what is loaded (EPERM).',
    why: 'IDs of programs, maps and links, and descriptors for them, are for CAP_SYS_ADMIN only.',
    help: 'Run it with sudo; in a container with --privileged or CAP_SYS_ADMIN.',
    lesson: 'security/hardening',
  },
  // capable(CAP_SYS_ADMIN) is EPERM; security_bpf_prog() and security_bpf_map() are an LSM's
  {
    id: 'bpftool-rights',
    pattern: /(?:can't )?get (?:\w+ )?by id \(\d+\): Permission denied/,
    text: 'An LSM, mostly SELinux, does not let this process look at that program or map (EACCES), root or not.',
    why: 'Its policy decides which domain may use whose programs; a missing capability would be EPERM.',
    help: 'getenforce; sudo ausearch -m avc -ts recent | grep bpf. To find out: sudo setenforce 0 for a moment. Then a policy module (audit2allow), or a newer selinux-policy.',
    lesson: 'security/hardening',
  },
  {
    id: 'bpftool-too-new',
    pattern: /can't get next (\w+): (?:Invalid argument|Function not implemented)/,
    text: 'This kernel cannot list what is loaded ($1).',
    why: 'Programs and maps have IDs from Linux 4.13 on, BTF from 4.18, links from 5.8; a kernel without CONFIG_BPF_SYSCALL has none.',
    help: 'uname -r; bpftool feature probe.',
    lesson: 'programs/loaders-and-links',
  },
  {
    id: 'bpftool-dump',
    pattern:
      /error retrieving (jit|insn) dump: .{0,60}kptr_restrict|error retrieving jit dump: no instructions returned/,
    text: 'The kernel does not hand out the instructions of this program ($1).',
    why: 'They contain addresses of the kernel, which kernel.kptr_restrict hides; there is no machine code where the JIT is off.',
    help: 'Run it with sudo; sysctl kernel.kptr_restrict (2 hides them from root too), sysctl net.core.bpf_jit_enable.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'bpftool-disassembler',
    pattern: /No libbfd support|No JIT disassembly support|failed to create disassembler/,
    text: 'This bpftool was built without a disassembler.',
    why: 'To show machine code it needs LLVM or libbfd.',
    help: 'bpftool version lists llvm or libbfd among its features. Use another build; dump xlated works without one.',
    lesson: 'vm/registers-and-instructions',
  },
  {
    id: 'cgroup2-missing',
    pattern: /cgroup v2 isn't mounted/,
    text: 'There is no cgroup v2 file system here.',
    why: 'BPF programs are attached to cgroups of version 2 only.',
    help: 'mount | grep cgroup2; sudo mount -t cgroup2 none /mnt. In a container mount /sys/fs/cgroup of the host. Systems with version 1 switch by systemd.unified_cgroup_hierarchy=1.',
    lesson: 'kubernetes/cgroup-programs',
  },
  {
    id: 'cgroup-query',
    pattern: /can't query bpf programs attached to (\S{1,200}): (.{1,60})/,
    text: 'bpftool cannot ask for the programs of the cgroup $1 ($2).',
    why: 'Either the folder is not in a cgroup v2 file system, or this bpftool asks for a kind of attachment that this kernel does not know, and gives up.',
    help: 'stat -fc %T $1 must say cgroup2fs. If it does: another version of bpftool (bpftool version, uname -r), or bpftool cgroup tree.',
    lesson: 'kubernetes/cgroup-programs',
  },
  // main.c: usage, with the objects that this build knows
  {
    id: 'bpftool-command',
    pattern:
      /OBJECT := \{ (prog \| map[\w |-]{0,120}) \}|^Error: (expected .{1,80}, got: .{1,40}|unrecognized option .{1,40}|.{1,40} needs at least \d+ arguments?.{0,40}|type '.{1,60}' not recognized.{0,40}|unknown attach type.{0,40})/,
    text: 'bpftool does not understand the command: $2$1.',
    why: 'It is misspelt or not complete, or this bpftool is older than the command: it lists what it knows. btf came with the bpftool of Linux 5.0, gen with 5.6, link with 5.7.',
    help: 'bpftool version; bpftool help; man bpftool-prog. On Ubuntu the one of the running kernel is called: for a newer one take a release of github.com/libbpf/bpftool.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'skeleton-old',
    pattern: /BPF skeleton version is old, skipping map auto-attachment/,
    text: 'The skeleton was made by an older bpftool than the libbpf that it runs with.',
    why: 'So libbpf does not attach its struct_ops maps by itself.',
    help: 'Make the skeleton again with a bpftool of the same release as libbpf (bpftool version says both).',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
];
