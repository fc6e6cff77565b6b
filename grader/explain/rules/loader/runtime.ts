/** Container runtimes and systemd, which use BPF for a cgroup’s devices and filters, and tools that judge the kernel before they ask it. */
import type { Rule } from '../../rule.ts';

const lesson = 'kubernetes/cgroup-programs';

export const runtimeRules: readonly Rule[] = [
  // crun: src/libcrun/ebpf.c; on cgroup v2 the list of devices is a BPF program
  {
    id: 'cgroup-device-denied',
    pattern:
      /(?:crun: )?bpf (?:create|load|attach|query|pin to) `[^`]{0,200}`: (?:Operation not permitted|Permission denied)|bpf_prog_query\(BPF_CGROUP_DEVICE\) failed: (?:operation not permitted|permission denied)|setting (?:devices )?cgroup.{0,160}(?:can't load program|load program): (?:operation not permitted|permission denied)(?!: \d+: \()/,
    text: 'The container runtime may not use bpf() here, and on cgroup v2 it needs it: which devices a container may open is decided by a BPF program.',
    why: 'Mostly the runtime itself runs inside of a container (docker in docker, LXC, systemd-nspawn), whose seccomp profile or missing capabilities forbid bpf(). In front of a rootless runtime it is a device rule that only root may set.',
    help: 'Outside: docker run --privileged; systemd-nspawn: SystemCallFilter=bpf in the .nspawn file; LXC: security.nesting and security.syscalls.intercept.bpf. grep Seccomp /proc/self/status; capsh --print; getenforce.',
    lesson,
  },
  {
    id: 'cgroup-device',
    pattern:
      /(?:crun: )?bpf (?:create|load|attach|query|pin to) `[^`]{0,200}`: (.{1,60})|bpf_prog_query\(BPF_CGROUP_DEVICE\) failed: (function not implemented|operation not supported)|eBPF not supported(?:: OCI runtime error|$)/,
    text: 'The container runtime cannot set which devices the container may open ($1$2): on cgroup v2 that is a BPF program, which this kernel, or this runtime, does not offer.',
    why: 'It needs Linux 4.15 with CONFIG_CGROUP_BPF and CONFIG_BPF_SYSCALL, which kernels of small devices and old vendor kernels leave out. “eBPF not supported” is also said by a crun that was built on a system with old kernel headers.',
    help: 'uname -r; zgrep -E "CGROUP_BPF|BPF_SYSCALL" /proc/config.gz /boot/config-$(uname -r). Another kernel; or boot with cgroup v1 (systemd.unified_cgroup_hierarchy=0) while the system still has it; rootless containers do without it. For crun: crun --version must list +EBPF; try --runtime runc.',
    lesson,
  },
  // crun: src/libcrun/cgroup-systemd.c hands the program to systemd (BPFProgram=), which opens it by its pin: bpf-foreign
  {
    id: 'systemd-device-filter',
    pattern:
      /systemd failed to install eBPF device filter on cgroup|bpf-foreign: Failed to (?:create foreign BPF program|prepare foreign BPF hashmap)\b.{0,120}/,
    text: 'systemd could not take over the BPF program by which the container runtime limits devices.',
    why: 'The runtime (crun 1.24, for example) pins a program in /sys/fs/bpf and names it to systemd, which opens it. “Permission denied” is SELinux: its policy does not let systemd use the runtime’s programs (prog_run).',
    help: 'sudo ausearch -m avc -ts recent | grep bpf; update the policy (container-selinux, selinux-policy), or audit2allow; setenforce 0 for a moment to find out. ls /sys/fs/bpf; an older crun did without.',
    lesson,
  },
  // setroubleshoot
  {
    id: 'selinux',
    pattern: /SELinux is preventing (\S{1,80}) from (?:using )?(?:the )?(\w{1,30}) access on the bpf/,
    text: 'SELinux denies $1 the access to BPF ($2), to root too.',
    why: 'Its policy does not let this domain use programs and maps of the other one.',
    help: 'getenforce; ausearch -m avc -ts recent. To find out: setenforce 0 for a moment. Then a policy module (ausearch -m avc | audit2allow -M NAME; semodule -i NAME.pp), or a newer selinux-policy.',
    lesson: 'security/hardening',
  },
  // The admission of pods: Kubernetes’ PodSecurity, OpenShift’s SCC
  {
    id: 'pod-security',
    pattern:
      /violates PodSecurity "([\w:.-]{1,40})": (.{1,300})|unable to validate against any security context constraint/,
    text: 'Kubernetes did not let the pod start at all: the policy of its namespace ($1) forbids what a BPF tool needs: $2.',
    why: 'Such a tool wants privileged: true or capabilities, and folders of the host (/sys/fs/bpf, /sys/kernel); the levels baseline and restricted, and OpenShift’s default constraints, forbid that. The kernel was never asked.',
    help: 'kubectl label ns NAMESPACE pod-security.kubernetes.io/enforce=privileged --overwrite; on OpenShift oc adm policy add-scc-to-user privileged -z SERVICEACCOUNT -n NAMESPACE. Or install the tool into the namespace that its documentation names.',
    lesson: 'security/hardening',
  },
  // Tools that look for a file of types by themselves: in a folder, in BTFHub
  {
    id: 'no-kernel-btf',
    pattern:
      /(?:download|fetch|search)\w{0,3} (?:for )?BTF(?: specs?| files?)?\b.{0,300}(?:40[34]|not found|no such file|fail)|(?:could not|couldn't|cannot|can't|failed to|unable to|no) (?:find |locate |load |get )?(?:a |any |the )?(?:suitable |matching |valid |usable )?(?:BTF (?:specs?|file|info|data)|kernel BTF)\b(?! from ')(?=.{0,120}(?:kernel|local|remote|BTFHub|hub|vmlinux|system|host))(?!.*libbpf:)/i,
    also: ['^(?![^]*libbpf: (?:failed to find valid kernel BTF|Error loading vmlinux BTF))'],
    text: 'This kernel has no BTF of its own, and the tool found no file of types for it anywhere else.',
    why: 'CO-RE programs take the layout of the kernel’s structures from /sys/kernel/btf/vmlinux. Where it is missing, some tools look for a file that was made for exactly this kernel (BTFHub); for kernels of small devices and self-built ones there is none.',
    help: 'ls -l /sys/kernel/btf/vmlinux (in a container /sys must be the host’s). If it is missing: a kernel with CONFIG_DEBUG_INFO_BTF=y; or make the file from the kernel’s vmlinux with debugging information, pahole --btf_encode_detached FILE vmlinux, and name it to the tool.',
    lesson: 'vm/btf-and-core',
  },
];

/** Where nothing else is said. */
export const runtimeWarnings: readonly Rule[] = [
  // systemd: src/core/bpf-*.c
  {
    id: 'systemd-bpf',
    pattern:
      /bpf-(firewall|devices|restrict-fs|restrict-ifaces|socket-bind|bind-iface|lsm): ((?!BPF LSM hook not enabled|.{0,40}(?:not supported|detected|was not compiled)).{1,120})/,
    text: 'systemd could not set up a BPF program for this unit (bpf-$1: $2). The unit mostly starts without that restriction.',
    why: 'Settings such as IPAddressDeny=, DeviceAllow=, RestrictFileSystems=, SocketBindDeny= and RestrictNetworkInterfaces= are BPF programs. They need CONFIG_CGROUP_BPF (RestrictFileSystems= also CONFIG_BPF_LSM and BTF), and a systemd that may use bpf(), which one inside a container may not.',
    help: 'zgrep -E "CGROUP_BPF|BPF_LSM|DEBUG_INFO_BTF" /proc/config.gz /boot/config-$(uname -r); cat /sys/kernel/security/lsm; systemd-detect-virt. To be rid of it, take the setting out of the unit: systemctl cat UNIT.',
    lesson,
  },
  {
    id: 'tool-kernel-check',
    pattern:
      /(?:unable to load eBPF module \(\S{1,100}\)\. )?(?:[Hh]ost |[Tt]his |[Yy]our )?kernel (?:does(?:n't| not) (?:seem to )?support (?:e?BPF|BTF|CO-RE)|(?:config(?:uration)?) (?:file )?not found|version \S{0,3}(\d[\w.+-]{0,60})\S{0,3} (?:might|may) not be compatible|(?:version )?\S{0,40} ?is (?:not supported|too old|unsupported))/,
    also: ['[Bb]pf|BPF|xdp|XDP|BTF'],
    text: 'The tool itself says that it cannot work with this kernel; it does not say what the kernel answered.',
    why: 'Such a sentence stands for any failure to load, or for a check of the version or of the kernel’s configuration (/proc/config.gz, /boot/config-…), which in a container may only not be visible. The kernel may well be able to.',
    help: 'uname -r, and compare with the kernels that the tool names. ls -l /sys/kernel/btf/vmlinux /proc/config.gz /boot/config-$(uname -r), also from inside of the container (mount /boot read-only). Let it say more (--debug, -v), look at dmesg, and see that its own object files are of the same release.',
    lesson: 'programs/loaders-and-links',
  },
  // less(1), which systemctl and journalctl call
  {
    id: 'line-cut-off',
    pattern: /(?:level=(?:fatal|error)|FATAL|ERROR|[Ee]rror|[Ff]ailed).{20,560}[^\s>-](?<!<[^<>\s]{1,80})>$/,
    also: ['[Bb]pf|BPF|xdp|XDP'],
    text: 'The line that says what went wrong is cut off: the > at its end is the pager’s, and what comes after it is missing.',
    why: 'systemctl status and journalctl show only as much of a line as the terminal is wide.',
    help: 'journalctl -u UNIT --no-pager -o cat (or systemctl status -l --no-pager UNIT) prints the whole line: paste that.',
    lesson: 'vm/reading-a-verifier-log',
  },
];
