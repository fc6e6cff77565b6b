/** What the machine around a tool lacks: mounts, modules, files of the kernel. Kubelet, mount(8), modprobe(8) and the kernel say it. */
import type { Rule } from '../../rule.ts';

export const containerRules: readonly Rule[] = [
  // runc and the kubelet
  // the container's runtime makes the folder that it is to mount; sysfs lets nobody
  {
    id: 'tracefs-missing',
    pattern:
      /mkdir (\/sys\/kernel\/(?:tracing|debug|security)\S{0,100}?): (operation not permitted|read-only file system|no such file or directory|permission denied)/i,
    text: 'This host has no folder $1, so the container cannot be given it ($2).',
    why: 'The kernel makes the folders in /sys; nobody else can. /sys/kernel/tracing is there from Linux 4.1 on, and only with CONFIG_FTRACE.',
    help: 'On the host: uname -r; ls /sys/kernel. On an old kernel leave this mount out and use /sys/kernel/debug (mount -t debugfs none /sys/kernel/debug), if the tool can do with that.',
    lesson: 'programs/tracepoints',
  },
  // runc asks first which programs there are; BPF_PROG_TYPE_CGROUP_DEVICE came with 4.15
  {
    id: 'cgroup-device',
    pattern: /bpf_prog_query\(BPF_CGROUP_DEVICE\) failed: invalid argument/,
    text: 'This kernel does not know the BPF programs that decide on a cgroup’s devices (EINVAL), and on cgroup v2 containers need them.',
    why: 'They came with Linux 4.15, and need CONFIG_CGROUP_BPF.',
    help: 'uname -r; zgrep CGROUP_BPF /proc/config.gz /boot/config-$(uname -r). Use a newer kernel, or boot with cgroup v1 (systemd.unified_cgroup_hierarchy=0) while the system still has it.',
    lesson: 'kubernetes/cgroup-programs',
  },
  {
    id: 'mount-not-shared',
    pattern: /path "?(\/\S{1,100}?)"? is mounted on "?(\S{1,100}?)"? but it is not a shared(?: or slave)? mount/,
    text: 'The container cannot be given $1 in the way that it asks for: the mount $2 is private on this node.',
    why: 'With mountPropagation: Bidirectional, what the container mounts must reach the host, which takes a shared mount. Nodes that are containers themselves (kind, minikube with docker, WSL) often have private ones.',
    help: 'On the node: sudo mount --make-rshared / (or --make-shared $2), then start the pod again. findmnt -o TARGET,PROPAGATION $2 shows it.',
    lesson: 'maps/pinning',
  },
  {
    id: 'node-folder-missing',
    pattern:
      /hostPath type check failed: (\/(?:sys|lib\/modules|usr\/src|boot|proc)\S{0,100}) is not a (directory|file)|MountVolume\.SetUp failed for volume "?\S{1,60}"? : mkdir (\/(?:usr\/src|lib\/modules|sys)\S{0,100}): (.{1,60})/,
    text: 'The node has no $1$3, which the pod wants to see.',
    why: 'It is mounted from the host (hostPath). /sys/kernel/debug, /sys/kernel/tracing and /sys/fs/bpf are there if the node’s kernel has them and mounts them; /usr/src and /lib/modules need the kernel’s headers and modules, which read-only systems (COS, Talos, Bottlerocket, Docker Desktop) lack.',
    help: 'On the node: ls -d $1$3; mount | grep -E "debugfs|tracefs|bpf". sudo mount -t debugfs none /sys/kernel/debug; sudo mount -t bpf bpf /sys/fs/bpf. Or take that volume out of the pod, if the tool works without it.',
    lesson: 'programs/tracepoints',
  },
  {
    id: 'bpffs-unknown',
    pattern: /mount: .{0,80}unknown filesystem type '?bpf'?/,
    text: 'This kernel does not know the BPF file system.',
    why: 'It exists from Linux 4.4 on, if the kernel was built with CONFIG_BPF_SYSCALL.',
    help: 'uname -r; grep bpf /proc/filesystems; zgrep BPF_SYSCALL /proc/config.gz.',
    lesson: 'maps/pinning',
  },
  // tracing_open_pipe(): one reader consumes what is in it
  {
    id: 'trace-pipe-busy',
    pattern: /\S{0,100}trace_pipe'?"?: Device or resource busy/,
    text: 'Somebody else reads trace_pipe already.',
    why: 'It is one file for the whole machine, and each line goes to one reader: another cat, bpftool prog tracelog, or a tool that was not ended.',
    help: 'sudo fuser -v /sys/kernel/tracing/trace_pipe /sys/kernel/debug/tracing/trace_pipe names the process: end it. cat /sys/kernel/tracing/trace shows what is there without taking it.',
    lesson: 'programs/helpers-and-kfuncs',
  },
  // Modules
  {
    id: 'kernel-module-missing',
    pattern:
      /modprobe: (?:FATAL: )?[Mm]odule (sch_\w{1,20}|cls_\w{1,20}|act_\w{1,20}|ip6?_?tables|ip6?table_\w{1,20}|veth|bpf\w{0,20}|configs) not found in (?:directory )?(\S{1,100})|modprobe: can't change directory to '(\/lib\/modules\/?[^']{0,80})'/,
    text: 'The kernel module $1 is not on this machine.',
    why: 'Modules belong to one kernel, in /lib/modules/$(uname -r). After an update the running kernel’s folder may be gone, a container does not see it, and cloud kernels leave modules out.',
    help: 'uname -r; ls /lib/modules. Reboot into the installed kernel, or install its modules (linux-modules-extra-$(uname -r), kernel-modules-extra). In a container: -v /lib/modules:/lib/modules:ro. Built in? zgrep -i $1 /proc/config.gz.',
    lesson: 'networking/tc',
  },
  // btf_parse_module(), btf_check_type_match()
  {
    id: 'module-btf-refused',
    pattern: /failed to validate module \[?'?([\w-]{1,60})'?\]? BTF: (-?\d+)/,
    text: 'The kernel does not take the module $1: its BTF does not fit the running kernel’s.',
    why: 'A module’s BTF counts on from the types of the very vmlinux it was built with; another build of the same version has other numbers. Out-of-tree modules (DKMS), and kernels that were rebuilt in part, show it.',
    help: 'Install kernel and modules from one build, and reboot; build the module again against this kernel’s headers. It can be loaded without BTF where CONFIG_MODULE_ALLOW_BTF_MISMATCH=y, or if .BTF is taken out: objcopy --remove-section=.BTF FILE.ko (it must be signed again).',
    lesson: 'vm/btf-and-core',
  },
  {
    id: 'kallsyms-missing',
    pattern:
      /(?:open|opening|open file|failed to open|access) '?\/proc\/kallsyms'?: (?:no such file|No such file|-ENOENT|-2\b)/,
    text: 'This kernel has no /proc/kallsyms, by which functions are found.',
    why: 'It was built without CONFIG_KALLSYMS, as kernels of some emulators and small devices are, or /proc is not mounted here.',
    help: 'ls /proc/kallsyms; zgrep KALLSYMS /proc/config.gz. Another kernel is needed (CONFIG_KALLSYMS=y, CONFIG_KALLSYMS_ALL=y).',
    lesson: 'programs/kprobes-and-fentry',
  },
  // A BPF object in the hands of tools for this machine's own
  {
    id: 'object-wrong-tool',
    pattern:
      /(?:strip|objcopy|objdump): Unable to recogni[sz]e the (?:format of the input file )?[`'"]?(\S{1,200}?\.o)['"`]?|ld(?:\.lld)?: (?:error: )?(\S{1,200}\.o) is incompatible with|(\S{1,200}\.bpf\.o): (?:file not recognized|Relocations in generic ELF \(EM: 247\)|error adding symbols: file in wrong format)/,
    also: ['bpf|BPF'],
    text: 'A BPF object ($1$2$3) was handed to a tool that works on programs of this machine.',
    why: 'It is an ELF file for the machine BPF (EM 247): gcc’s linker cannot link it, and strip of binutils does not know it.',
    help: 'Use llvm-strip -g and llvm-objdump instead of strip and objdump. Leave the .bpf.o out of the linker’s command: user space loads it as a file, or has it inside a skeleton (bpftool gen skeleton).',
    lesson: 'introduction/life-of-a-program',
  },
];

/** Where nothing else is said: why a tool’s own search for the kernel’s structures failed. */
export const containerWarnings: readonly Rule[] = [
  // bpf_firewall_supported() of systemd; a user's manager may not use BPF
  {
    id: 'systemd-firewall',
    pattern:
      /(?:File \S{1,300}|[Uu]nit) configures an IP firewall.{0,80}?, but the local system does not support BPF\/cgroup|Proceeding WITHOUT firewalling in effect/,
    text: 'systemd cannot filter the network of this unit (IPAddressDeny=, IPAddressAllow=), and starts it without that filter.',
    why: 'The filter is a BPF program on the unit’s cgroup: it needs a kernel with CONFIG_CGROUP_BPF (Linux 4.15 for systemd), the unified cgroup hierarchy (version 2), and a manager that may load BPF, which a user’s manager, or one inside a container, may not.',
    help: 'zgrep -E "CGROUP_BPF|BPF_SYSCALL" /proc/config.gz /boot/config-$(uname -r); mount | grep cgroup2; uname -r. The unit itself runs.',
    lesson: 'kubernetes/cgroup-programs',
  },
  {
    id: 'offset-guess',
    pattern:
      /(?:overflow while|error|failed(?: while)?) guessing (\w[\w ]{0,40})|failed to load system config: (unexpected .{1,80}|.{1,80} not found)|unable to guess one or more required parameters: guess_(\w{1,40}) failed|Failed to (?:find|resolve) (?:the )?((?:thread|task|sock|cred|file|mm)_struct offsets?|kernel struct offsets?)\b/,
    text: 'The tool tries out where the fields of the kernel’s structures are ($1$2$3$4), and does not find them in this kernel.',
    why: 'Tools that do without BTF do so, by reading known values from memory or by the kernel’s headers. It works only with the kernels that they were made for, and not at all where what they set up for it is missing.',
    help: 'Use a newer release of the tool, which takes offsets from BTF (ls /sys/kernel/btf/vmlinux), or a kernel from its list. If an error follows the sentence, that is the cause.',
    lesson: 'vm/btf-and-core',
  },
];
