/** What iproute2’s own loader (lib/bpf_legacy.c), libxdp and xdp-tools say. */
import type { Rule } from '../../rule.ts';

export const iprouteRules: readonly Rule[] = [
  // bpf_elf.c: relocations that it does not know
  {
    id: 'iproute2-relocation',
    pattern:
      /ELF contains (?:non-\S{1,40} related relo data in entry \d+ pointing to section (\d+)|relo data for non \S{1,10} instruction at offset \d+)! Compiler bug\?!/,
    text: 'The object refers to something that the loader inside of ip and tc cannot resolve (section $1).',
    why: 'It knows calls and maps, and no section such as .rodata.str1.1, in which clang puts string literals (of printk), nor others that newer compilers make. Usually the compiler did nothing wrong.',
    help: 'llvm-objdump -h FILE.o shows which section it is. Keep formats in a local array (char fmt[] = "…"), use no global variables, or an ip and tc that are built with libbpf (ip -V says so); or bpftool prog load.',
    lesson: 'networking/tc',
  },
  {
    id: 'iproute2-maps',
    pattern:
      /Different map specs used for outer and inner map\?|Map '([^']{1,60})' (?:self-check failed|cannot be (?:created since no inner map ID|loaded\. Inner map))|Cannot (?:insert map into map|update inner_idx into outer_map)|Outer map has \d+ elements|Different struct bpf_elf_map in use|Too many BPF maps in ELF section|create map (\S{1,60}) failed|map (\S{1,60}) reuse fd failed/,
    text: 'ip or tc cannot set up a map of the object ($1$2$3).',
    why: 'Its loader has its own form of maps (struct bpf_elf_map), in which an inner map is named by an ID; sizes must fit, and a map that is pinned already must be alike.',
    help: 'Compare the definitions; sudo ls -R /sys/fs/bpf/tc, and remove a stale pin. With libbpf (ip -V) write maps in SEC(".maps").',
    lesson: 'networking/tc',
  },
  {
    id: 'map-owner-differs',
    pattern:
      /Program array map owner types differ|Tail call map owned by prog type|Tail call map \S+ jited, but prog|JIT (?:enabled|disabled), but (?:only )?\d+\/\d+ tail call maps/,
    text: 'The program array belongs to programs of another kind than this one.',
    why: 'All programs that share it must be of one type, and all compiled (JIT) or none; the first that is loaded decides. An old pin may hold an array of earlier.',
    help: 'sudo bpftool map show; sudo rm the pin below /sys/fs/bpf/tc; sysctl net.core.bpf_jit_enable must not have changed in between.',
    lesson: 'maps/tail-calls',
  },
  {
    id: 'bpffs-mount',
    pattern:
      /mount (?:--make-private|--bind|-t bpf bpf) (\/\S{1,100})(?: \S{1,100})? failed: (.{1,60})|Continuing without mounted eBPF fs/,
    text: 'The BPF file system cannot be mounted ($1: $2).',
    why: 'ip, tc and libxdp want it at /sys/fs/bpf. It takes CAP_SYS_ADMIN, and a kernel with CONFIG_BPF_SYSCALL; in a network namespace made by ip netns, /sys is a mount of its own.',
    help: 'On the host: sudo mount -t bpf bpf /sys/fs/bpf; mount | grep bpf. In a container give it the host’s: -v /sys/fs/bpf:/sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  {
    id: 'tracefs-missing',
    pattern: /No trace pipe, tracefs not mounted\?|could not find tracefs|tracefs mount point name too long/,
    text: 'tracefs is not mounted here.',
    why: 'trace_pipe is one of its files.',
    help: 'sudo mount -t tracefs none /sys/kernel/tracing.',
    lesson: 'programs/tracepoints',
  },
  {
    id: 'tc-command',
    pattern:
      /^What is "([^"]{1,40})"\?$|^(?:Illegal "(\w{1,20})"|Unable to parse bpf command line|bpf: Illegal "index"|Missing bpf parameters)|Error: argument "([^"]{1,40})" is wrong|^Unknown filter "([^"]{1,40})", hence option/,
    also: ['\\bbpf\\b|\\btc |\\bip link|xdp'],
    text: 'tc or ip does not understand the command ($1$2$3$4).',
    why: 'A word is misspelt, in another order, or this iproute2 is older than it.',
    help: 'tc filter add dev DEV ingress bpf da obj FILE.o sec SECTION; ip link set dev DEV xdp obj FILE.o sec SECTION. tc -V; man tc-bpf.',
    lesson: 'networking/tc',
  },
  // xdp-tools and libxdp
  {
    id: 'xdp-tools-features',
    pattern:
      /Interface (\S{1,40}) does not support sending packets via XDP|Couldn't find an eBPF program with the requested feature set|Kernel doesn't support live packet mode|The kernel does not support (fentry \S{1,20}) (?:because it is too old|on the current CPU architecture)|does not support the (bpf_\w{1,40})\(\) kfunc|Current kernel version does not support (XDP device binding)|Cannot attach multiple programs in HW mode|xdp-filter does not support offloading/,
    text: 'The kernel or the card cannot do what this command needs ($1$2$3$4).',
    why: 'xdp-trafficgen needs Linux 5.18 and a driver that can redirect, xdpdump fentry on BPF programs (5.6, and trampolines), xdp-filter the features that it was built with.',
    help: 'uname -rm; xdp-loader features DEV; ethtool -i DEV. Use a newer kernel, or another mode (-m skb).',
    lesson: 'networking/xdp',
  },
  {
    id: 'xdp-no-native',
    pattern: /Attaching XDP program in (\w{1,10}) mode not supported - try (\w{1,10}) mode/,
    text: 'The driver of this interface does not take XDP programs in $1 mode.',
    why: 'Native mode is code in the driver, and hardware mode code in the card; virtual and Wi-Fi cards often have neither.',
    help: 'xdp-loader load -m skb DEV FILE.o (generic mode). ethtool -i DEV names the driver.',
    lesson: 'networking/xdp',
  },
  {
    id: 'libxdp-lock',
    pattern: /Couldn't (?:open lock directory at|flock fd) (\S{1,100})?/,
    text: 'libxdp cannot take its lock at $1.',
    why: 'It locks a folder below /sys/fs/bpf, which is missing, not a BPF file system, or not for this user.',
    help: 'Run it with sudo; mount | grep bpf; sudo mount -t bpf bpf /sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  {
    id: 'xsk-usage',
    pattern:
      /Can't use zero-copy and skb mode together|Frame size \d+ is not a power of two|XDP flag: 0x\w+ contains flags not supported by libxdp/,
    text: 'The options for the AF_XDP socket do not go together.',
    why: 'Zero copy is a feature of the driver, so it excludes generic (skb) mode; frames are 2048 or 4096 bytes.',
    help: 'Drop one of the two; XDP_COPY with skb mode.',
    lesson: 'networking/redirect-and-af-xdp',
  },
  // bpftool: net, cgroup, struct_ops
  {
    id: 'struct-ops-attach',
    pattern: /Error: can't (?:register|unload) struct_ops (\S{1,60}): (.{1,60})|no struct_ops found in (\S{1,100})/,
    text: 'The struct_ops $1$3 cannot be registered or removed ($2).',
    why: 'The kernel has no such structure or has another version of it, a name is taken, or the process is not root; or the object has none in .struct_ops.',
    help: 'bpftool struct_ops show; uname -r; bpftool btf dump file /sys/kernel/btf/vmlinux | grep bpf_struct_ops_.',
    lesson: 'modern/struct-ops-and-sched-ext',
  },
  {
    id: 'bpftool-command',
    pattern:
      /^Error: (invalid (?:net )?attach(?:\/detach)? type(?:: \S{1,40})?|unrecognized (?:map type|format specifier|BTF source specifier|netdevice)[:\s].{1,60}|unknown arg \S{1,40}|can't parse '?\S{1,40}'? as \S{1,20}|too (?:few|many) parameters.{0,40}|duplicate[d]? (?:argument|key|value).{0,40}|'(?:overwrite|prepend)' is only supported for .{1,40}|'\w+' is not compatible with .{1,40}|link specifier is invalid or missing|incorrect (?:map spec|object type).{0,40}|\S{1,30} already specified|did not find \S{1,20}|expecting value for '\w+' option|unable to find map '[^']{1,60}'|not enough value arguments .{1,40}|JSON output for C-syntax dump is not supported)/,
    also: ['bpf|btf|\\bprog\\b|\\bmap\\b|cgroup|net attach'],
    text: 'bpftool does not understand the command: $1.',
    why: 'It is misspelt or not complete, or this bpftool is older than the command.',
    help: 'bpftool version; bpftool OBJECT help; man bpftool-prog, bpftool-map, bpftool-net. On Ubuntu the one of the running kernel is called: for a newer one take a release of github.com/libbpf/bpftool.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'bpftool-build',
    pattern:
      /bpftool prog profile command is not supported|command '[^']{1,60}' is not supported in bootstrap mode|unprivileged run not supported, recompile bpftool with libcap|cannot display features, because xdp-tools was compiled/i,
    text: 'This bpftool was built without that command.',
    why: 'Some parts need clang, libcap, or the kernel’s BTF when bpftool is built; the bootstrap one only makes skeletons.',
    help: 'bpftool version lists its features. Take a release of github.com/libbpf/bpftool.',
    lesson: 'setup/reference-environment',
  },
  {
    id: 'pin-enoent',
    pattern: /no BPF file system found, not mounting it due to --nomount option/,
    text: 'There is no BPF file system to pin in, and bpftool may not mount one (-n).',
    why: 'Objects can be pinned only in a file system of type bpf.',
    help: 'sudo mount -t bpf bpf /sys/fs/bpf, or leave out -n.',
    lesson: 'maps/pinning',
  },
];

/** What a command finds on an interface; libxdp says it in passing too. */
export const iprouteWarnings: readonly Rule[] = [
  {
    id: 'xdp-tools-state',
    pattern:
      /xdp-filter is (?:already loaded (?:in (?:allow|deny) policy mode|on (\S{1,40}))|not loaded on (\S{1,40}))|No XDP program loaded on (\S{1,40})|No XDP dispatcher found on ifindex \d+|Program (?:\d+|with ID \d+) not loaded(?: on (\S{1,40}))?|Not all programs to remove were found|Already attached to (\S{1,40}), not reattaching|Asked to unload prog \d+ but|XDP already loaded on device/,
    text: 'What is on the interface ($1$2$3$4$5) is not what the command expects.',
    why: 'The program is there already, is not there (any more), or was attached by another tool.',
    help: 'xdp-loader status; ip link show. xdp-loader unload DEV --all removes what libxdp attached, ip link set dev DEV xdp off what ip attached.',
    lesson: 'networking/xdp',
  },
];
