/** What drivers say of XDP (netlink's extended errors, which libbpf and ip print), and the loaders of iproute2 and libxdp. */
import type { Rule } from '../../rule.ts';

export const networkRules: readonly Rule[] = [
  // Drivers
  // mlx5e_xdp_allowed(), netvsc, and others: large receive offload makes packets that are no longer those of the wire
  {
    id: 'xdp-lro',
    pattern:
      /[Cc]an't set XDP while (?:HW-GRO\/)?LRO is on|XDP(?: is)?:? not (?:allowed|supported?) (?:with|while) (?:HW-GRO\/)?LRO|XDP: not support LRO|LRO is not supported with XDP/,
    text: 'The card puts received packets together (LRO), and XDP does not work with that.',
    why: 'XDP must see each packet as it came from the wire.',
    help: 'sudo ethtool -K DEV lro off (and rx-gro-hw off); then attach again. Or generic mode: xdpgeneric, -m skb.',
    lesson: 'networking/xdp',
  },
  // ena_xdp_set(), bnxt_xdp_set(): native XDP needs a transmit queue for each receive queue
  {
    id: 'xdp-queues',
    pattern:
      /(?:Failed to set xdp program, )?the Rx\/Tx channel count should be at most half|ethtool rx\/tx channels must be combined to support XDP|not enough (?:tx |TX )?(?:queues|rings) (?:available )?for XDP/,
    text: 'The card has too few free queues for native XDP.',
    why: 'Native XDP takes transmit queues of its own, often one for each CPU or for each receive queue.',
    help: 'ethtool -l DEV shows the queues; sudo ethtool -L DEV combined N with half of the maximum (in a VM: more queues in the host’s settings). Or generic mode: xdpgeneric, -m skb.',
    lesson: 'networking/xdp',
  },
  {
    id: 'xdp-host-offload',
    pattern:
      /(?:virtio_net: )?(Can't set XDP while host is implementing \S+|XDP expects header\/data in single page|Too few free TX rings available)/,
    text: 'The virtual network card cannot run XDP natively as the host has set it up.',
    why: 'Of virtio_net, native XDP needs offloads (GRO, LRO, checksums) that the host switches off, and a transmit queue more for each CPU.',
    help: 'Use generic mode: ip link set dev DEV xdpgeneric obj …, xdp-loader load -m skb, XDP_FLAGS_SKB_MODE. Or change the host: guest_tso4=off, guest_csum=off and more queues (mq=on) for the card.',
    lesson: 'networking/xdp',
  },
  {
    id: 'xdp-mtu',
    pattern:
      /(?:(?:Kernel error message|Error): .{0,60}?)?(?:MTU (?:is )?too (?:large|high|big)|MTU (?:of )?\S{0,10} ?(?:exceeds|above|greater)|MTU \d+ larger than \d+ without XDP frag support|[Pp]eer MTU is too large|XDP is not (?:allowed|supported) (?:with striding RQ and|for) (?:MTU|mtu)|(?:the )?current MTU \(\d+\) is larger|MTU\(\d+\) > \d+|XDP: mtu too large|frame size too|(?:does not|doesn't) support (?:XDP )?frags|without frags|w\/o XDP frags|single[- ]buffer XDP|[Mm]ulti-buffer)/,
    text: 'The interface’s MTU is too large for this XDP program.',
    why: 'Natively, a packet must fit into one buffer of the driver (mostly below 3500 bytes), unless the program says that it handles packets in several parts, and the driver can make them.',
    help: 'One of three: ip link set dev DEV mtu 1500 (for veth also at the other end); SEC("xdp.frags") (Linux 5.18, and only some drivers); or generic mode (xdpgeneric, -m skb).',
    lesson: 'networking/xdp',
  },
  // ice_is_safe_mode()
  {
    id: 'xdp-safe-mode',
    pattern: /(?:ice: )?XDP is not supported in safe mode/,
    text: 'The card’s driver (ice) runs in safe mode, in which it offers no XDP.',
    why: 'It did not find or could not load its DDP package, a file of firmware.',
    help: 'dmesg | grep -i ddp; ls /lib/firmware/intel/ice/ddp. Install linux-firmware (with the DDP package), and load the driver again: modprobe -r ice; modprobe ice.',
    lesson: 'networking/xdp',
  },
  {
    id: 'xdp-no-native',
    pattern:
      /(?:[Uu]nderlying )?[Dd]river does not support XDP(?: in native mode)?|XDP mode not supported; try using SKB mode|Native XDP (?:is not|isn't) supported/,
    text: 'The driver of this interface has no native XDP.',
    why: 'Native mode is code in the driver; bridges, tunnels, Wi-Fi and many virtual cards do not have it.',
    help: 'Use generic mode: ip link set dev DEV xdpgeneric obj …, xdp-loader load -m skb DEV …, XDP_FLAGS_SKB_MODE, XDPGenericMode in Go. ethtool -i DEV names the driver.',
    lesson: 'networking/xdp',
  },
  {
    id: 'xdp-other-attached',
    pattern:
      /XDP program already attached|Native and generic XDP can't be active at the same time|[Pp]rogram(?: already)? (?:attached|loaded) in (?:a )?different mode|[Cc]an't replace active (?:BPF )?XDP (?:link|program)|Existing program is not using a dispatcher/,
    text: 'The interface has an XDP program already, or one in the other mode.',
    why: 'Native and generic mode exclude each other, and a program that hangs on a link is replaced only through its link.',
    help: 'ip link show dev DEV; bpftool net. Remove it: ip link set dev DEV xdp off (and xdpgeneric off), or xdp-loader unload DEV --all; end the process that holds the link.',
    lesson: 'networking/xdp',
  },
  {
    id: 'libxdp-bpffs',
    pattern: /No bpffs found at (\S+)|Can't use dispatcher without a working bpffs/,
    text: 'libxdp needs a BPF file system, and there is none.',
    why: 'It pins its dispatcher below /sys/fs/bpf.',
    help: 'sudo mount -t bpf bpf /sys/fs/bpf; in a container: -v /sys/fs/bpf:/sys/fs/bpf.',
    lesson: 'maps/pinning',
  },
  // virtnet_xdp_set() and gve_xdp_set(); from Linux 5.13 on virtio_net does with fewer
  {
    id: 'xdp-queues-shared',
    pattern: /XDP request \d+ queues but max is \d+\. XDP_TX and XDP_REDIRECT will operate in a slower locked tx mode/,
    text: 'The XDP program is attached. The card has fewer queues than the machine has CPUs, so XDP_TX and XDP_REDIRECT are slower: it is only a warning.',
    why: 'XDP wants a transmit queue of its own for each CPU, so that it needs no lock.',
    help: 'Nothing is to be done. For speed: more queues from the hypervisor (queues= of virtio-net), or ethtool -L DEV combined N.',
    lesson: 'networking/xdp',
  },
  {
    id: 'xdp-queues',
    pattern:
      /XDP load failed: The number of configured RX queues (\d+) should be equal to .{0,120}half the maximum number of RX\/TX queues (\d+)|request (\d+) queues but max is {1,2}(\d+)\s*$/,
    text: 'The card has too few queues for native XDP: it may have $2$4.',
    why: 'Native XDP wants transmit queues of its own: one for each CPU in virtio_net (before Linux 5.13), as many as there are receive queues in gve.',
    help: 'ethtool -l DEV shows the queues: use fewer, ethtool -L DEV combined N (for gve rx N tx N, at most half), or give the virtual machine more. Or use generic mode (xdpgeneric, --skb-mode).',
    lesson: 'networking/xdp',
  },
  // libxdp.c
  {
    id: 'libxdp-fallback',
    harmless: true,
    pattern:
      /Falling back to loading single prog without dispatcher|Compatibility check for dispatcher program failed: (?:Unknown error -?524|Operation not supported|Invalid argument)/,
    also: ["^(?![^]*(?:Couldn't attach XDP|Error attaching XDP|Failed to attach XDP|Couldn't load))"],
    text: 'libxdp cannot use its dispatcher here, and loads the program alone. That is harmless: the errors before it are from that trial.',
    why: 'A dispatcher runs several XDP programs on one interface. It needs Linux 5.10, BTF, and programs that can be replaced (freplace), which some architectures lack.',
    help: 'Nothing is to be done for a single program: xdp-loader status shows it. For several: uname -rm; ls -l /sys/kernel/btf/vmlinux; a release of xdp-tools that belongs to libbpf.',
    lesson: 'networking/xdp',
  },
  {
    id: 'libxdp-file',
    pattern: /(?:Couldn't find a BPF file with name|Couldn't open BPF file) '?(\S{1,200}?)'?$/,
    text: 'libxdp does not find the object $1.',
    why: 'It looks in LIBXDP_OBJECT_PATH, in the current folder and where it was installed (/usr/lib/bpf); xdp-dispatcher.o and xsk_def_xdp_prog.o are its own.',
    help: 'ls /usr/lib/bpf /usr/local/lib/bpf /usr/lib64/bpf; LIBXDP_OBJECT_PATH=/path/to/folder; or make install in xdp-tools, so that library and objects are of one release.',
    lesson: 'networking/xdp',
  },
  {
    id: 'libxdp-program',
    pattern: /Couldn't find xdp program in bpf object(.{0,100})/,
    text: 'The object has no XDP program of that name or section ($1).',
    why: 'libxdp takes the program by its section (SEC("xdp")) or, if asked, by the name of its function.',
    help: 'llvm-objdump -h FILE.o for sections, -t for functions; xdp-loader load -s SECTION or -n FUNCTION.',
    lesson: 'networking/xdp',
  },
  {
    id: 'libxdp-version',
    pattern:
      /XDP dispatcher version \d+ higher than supported|Existing dispatcher version \d+ is older than our version|XSK default program version \d+ higher than supported|Dispatcher version check failed/,
    text: 'The dispatcher on the interface was attached by another release of libxdp.',
    why: 'Releases with different dispatchers do not replace each other’s.',
    help: 'xdp-loader status; sudo xdp-loader unload DEV --all with the release that attached it, or sudo ip link set dev DEV xdp off. Then load again, with one release for all programs.',
    lesson: 'networking/xdp',
  },
  // libxdp.c: xdp_multiprog__link_prog()
  {
    id: 'libxdp-attach',
    pattern: /[Ff]ailed to attach program(?: \S{1,60})? to dispatcher: (.{1,80})/,
    text: 'libxdp cannot put the program into its dispatcher: $1.',
    why: 'There the program is an extension (freplace) of the dispatcher, which needs Linux 5.10 and BTF of the kernel and of the object; one that the caller has loaded already, and hands on by its descriptor, can mostly not become one.',
    help: 'uname -rm; ls -l /sys/kernel/btf/vmlinux; compile with -g. Hand libxdp the object or its file (xdp_program__open_file()) and let it load. One program alone: LIBXDP_SKIP_DISPATCHER=1.',
    lesson: 'networking/xdp',
  },
  {
    id: 'libxdp-slots',
    pattern: /Not enough free slots in the dispatcher|Can't fall back to legacy load with \d+ programs/,
    text: 'libxdp cannot attach so many XDP programs to one interface here.',
    why: 'A dispatcher has room for 10 programs; without one (Linux before 5.10, no BTF, no freplace on this architecture) there can be only one.',
    help: 'xdp-loader status lists them; xdp-loader unload DEV --id ID. uname -rm; ls -l /sys/kernel/btf/vmlinux.',
    lesson: 'networking/xdp',
  },
  {
    id: 'xdp-enodev',
    pattern:
      /[Ii]nvalid (?:devname|interface(?: name)?|ifname):? '?(\S{1,40}?)'?$|Cannot find device "([^"]{1,40})"|unknown network interface (\S{1,40})|route ip\+net: no such network interface|Couldn't get ifindex of (\S{1,40})/,
    text: 'There is no network interface $1$2$3$4, or not in this network namespace.',
    why: 'Interfaces are found by name, in the namespace that the process is in.',
    help: 'ip link lists them; ip netns exec NAME … or nsenter -n -t PID goes into another namespace.',
    lesson: 'networking/xdp',
  },
  // tc
  {
    id: 'tc-no-qdisc',
    pattern:
      /(?<!Kernel error message: )(?:Error: )?(?:Specified qdisc not found|Cannot find specified qdisc|Parent Qdisc doesn't exists?|Invalid handle)/,
    text: 'The interface has no qdisc to attach the filter to. Where tc qdisc add itself says so, the kernel has no such qdisc.',
    why: 'A BPF filter hangs at clsact, which must be made first; and clsact is in the module sch_ingress, which some kernels leave out.',
    help: 'sudo tc qdisc add dev DEV clsact; then tc filter add dev DEV ingress bpf da obj FILE.o sec SECTION. If the first fails: sudo modprobe sch_ingress; ls /lib/modules/$(uname -r); zgrep NET_SCH_INGRESS /proc/config.gz /boot/config-$(uname -r).',
    lesson: 'networking/tc',
  },
  {
    id: 'tc-eexist',
    pattern: /(?:Error: )?NLM_F_REPLACE needed to override/,
    text: 'It is there already.',
    why: 'The qdisc, or a filter with this priority and handle, was made before.',
    help: 'tc qdisc show dev DEV; tc filter show dev DEV ingress. replace instead of add overwrites; tc qdisc del dev DEV clsact removes all.',
    lesson: 'networking/tc',
  },
  // iproute2: lib/bpf_legacy.c, bpf_elf_check_ehdr() and bpf_btf_check()
  {
    id: 'object-not-bpf',
    pattern:
      /ELF format error, (?:ELF file not for eBPF|wrong endianness info)|We are (?:little|big) endian, eBPF object is (?:little|big) endian/,
    text: 'The file is not a BPF object for this machine.',
    why: 'ip and tc want a relocatable ELF file for the machine BPF, in this machine’s byte order. This one was compiled without -target bpf, or for the other byte order.',
    help: 'file FILE.o must say “ELF 64-bit LSB relocatable, eBPF”. clang -O2 -g -target bpf -c FILE.bpf.c -o FILE.bpf.o.',
    lesson: 'introduction/life-of-a-program',
  },
  // iproute2: lib/bpf_legacy.c, which is used where ip and tc are built without libbpf
  {
    id: 'iproute2-no-elf',
    pattern: /No ELF library support compiled in/,
    text: 'This ip (or tc) cannot load BPF objects: it was built without libelf and libbpf.',
    why: 'Your object is not even looked at; the package of this distribution, or one in /usr/local, lacks it.',
    help: 'ip -V shows whether libbpf is in it. Use another one (iproute2 of a newer distribution, or built with libelf-dev and libbpf-dev), or another loader: bpftool net attach, xdp-loader load.',
    lesson: 'networking/tc',
  },
  {
    id: 'iproute2-data',
    pattern: /ELF contains non-\{?map,call\}? related relo data in entry (\d+) pointing to section (\d+)/,
    text: 'iproute2’s own loader cannot handle global variables and constants (.rodata, .data, .bss).',
    why: 'It knows nothing but maps and calls; a string of bpf_printk() is a constant too. It is no compiler bug.',
    help: 'Use an ip or tc that is built with libbpf (ip -V shows it), bpftool or xdp-loader. Or leave out global variables, and let format strings be char fmt[] on the stack.',
    lesson: 'networking/tc',
  },
  {
    id: 'iproute2-maps',
    pattern:
      /\d+ maps not supported in current map section|Error fixing up map structure, incompatible struct bpf_elf_map|Number BPF map symbols are not multiple of struct bpf_elf_map|struct bpf_elf_map (?:too small|not supported)/,
    text: 'iproute2’s own loader does not read maps that are described by BTF, in SEC(".maps").',
    why: 'It wants struct bpf_elf_map in SEC("maps"), its own old form.',
    help: 'Use an ip or tc that is built with libbpf (ip -V shows it, from iproute2 5.11), or bpftool or xdp-loader.',
    lesson: 'networking/tc',
  },
  {
    id: 'iproute2-too-old',
    pattern:
      /either "\w+" is duplicate, or "((?:xdp|clsact|netkit)\w*)" is a garbage|Unknown qdisc "(clsact|bpf)"|Unknown filter "(bpf)"|What is "((?:bpf|xdp|clsact|direct-action|da)\w*)"\?/,
    text: 'This ip or tc is too old: it does not know $1$2$3$4.',
    why: 'xdp is known from iproute2 4.10 on, clsact from 4.5, xdpgeneric from 4.12.',
    help: 'ip -V. Install a newer iproute2, or use another loader: bpftool net attach, xdp-loader load.',
    lesson: 'networking/tc',
  },
  {
    id: 'iproute2-section',
    pattern:
      /Program section '([^']{1,100})' not found in ELF file|object file doesn't contain (?:sec|prog) (\S{1,100})/,
    text: 'The object has no section or program $1$2.',
    why: 'ip and tc take the program by its section: prog for XDP and classifier for tc, unless the command says another one.',
    help: 'llvm-objdump -h FILE.o lists the sections; then: … obj FILE.o sec xdp.',
    lesson: 'networking/tc',
  },
  {
    id: 'iproute2-pinned-differs',
    pattern: /Map specification differs from pinned file/,
    text: 'A map of this name is pinned already, with another type, sizes or number of entries.',
    why: 'It was left by an earlier run; iproute2 will not use it for this object.',
    help: 'Compare the lines below it (obj) with (pin). If nobody needs the old one: sudo rm /sys/fs/bpf/tc/globals/NAME.',
    lesson: 'maps/pinning',
  },
];

/** Only where nothing else is said: the program is loaded all the same. */
export const networkWarnings: readonly Rule[] = [
  {
    id: 'iproute2-btf',
    pattern: /BTF debug data section '\.BTF' rejected: (.{1,60})|Object has (unknown BTF type: \d+|malformed BTF data)/,
    text: 'iproute2 could not load the object’s BTF. That is only a warning: the program is loaded without it. If that failed, a line of its own says so (Prog section … rejected).',
    why: 'Its own loader does not fill in what libbpf does (the size of .maps, .data and .bss in the BTF), so the kernel refuses it.',
    help: 'See that the program is there: ip link show dev DEV, tc filter show dev DEV ingress, bpftool net. To be rid of it, use an ip or tc with libbpf (ip -V), or compile without -g.',
    lesson: 'networking/tc',
  },
  // bpf_tc_hook_destroy() and bpf_tc_detach() say it of what is not there, and the loader goes on
  {
    id: 'tc-no-qdisc',
    pattern:
      /Kernel error message: (?:Filter with specified priority\/protocol not found|Cannot find specified filter chain|Specified filter (?:handle|chain) not found|Specified qdisc not found|Cannot find specified qdisc|Parent Qdisc doesn't exists?|Invalid handle)/,
    text: 'The interface has no clsact qdisc, or no such filter. Where a loader attaches, that is what is missing; where it looks what is there or cleans up, it is harmless.',
    why: 'A BPF filter hangs at clsact, which must be made first; libbpf prints the kernel’s words also when there was nothing to remove.',
    help: 'bpf_tc_hook_create() before bpf_tc_attach(), or sudo tc qdisc add dev DEV clsact. See what is there: tc qdisc show dev DEV; tc filter show dev DEV ingress.',
    lesson: 'networking/tc',
  },
  {
    id: 'tc-exists',
    pattern: /Exclusivity flag on, cannot modify/,
    text: 'The interface has its clsact qdisc (or another at that place) already. From libbpf that is harmless: the loader goes on with it.',
    why: 'libbpf prints what the kernel says when bpf_tc_hook_create() finds it there (-EEXIST). tc qdisc add itself says so, too, and then has done nothing.',
    help: 'tc qdisc show dev DEV shows it. If it is clsact, go on with tc filter add (replace instead of add never complains). If the program is not attached all the same, what comes after it is the cause: tc filter show dev DEV ingress.',
    lesson: 'networking/tc',
  },
  {
    id: 'iproute2-object',
    pattern: /Error fetching (?:program\/map|ELF ancillary data)!/,
    text: 'iproute2’s own loader cannot find or read the program in this object.',
    why: 'It takes the section prog (XDP) or classifier (tc), unless the command names another, and it does not read what libbpf reads: maps in .maps, global variables, objects of Rust and Go tools.',
    help: 'llvm-objdump -h FILE.o lists the sections; … obj FILE.o sec SECTION. ip -V shows whether it has libbpf; otherwise bpftool net attach or xdp-loader load.',
    lesson: 'networking/tc',
  },
  // systemd asks so whether the kernel can attach several programs to a cgroup
  {
    id: 'cgroup-attach',
    pattern: /prog '(\w{1,100})': failed to attach to cgroup: (?:Bad file descriptor|-EBADF|-9)/,
    text: 'The program $1 cannot be attached: the descriptor is not a cgroup v2 folder’s (EBADF).',
    why: 'It was closed before, or the folder is not in a cgroup v2 file system. If systemd says it (sd_bind4 and others), it only tests what the kernel can, and it is harmless.',
    help: 'Keep the file open while you attach. stat -fc %T FOLDER must say cgroup2fs (on a hybrid system below /sys/fs/cgroup/unified).',
    lesson: 'kubernetes/cgroup-programs',
  },
];
