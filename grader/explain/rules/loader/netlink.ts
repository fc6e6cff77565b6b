/** The kernel’s own words by netlink, as ip, tc and libbpf print them (extack): net/core/dev.c, net/sched, bonding and the drivers. */
import type { Rule } from '../../rule.ts';

const lesson = 'networking/xdp';

export const netlinkRules: readonly Rule[] = [
  // igc, stmmac and others have no XDP for packets in several parts
  {
    id: 'xdp-mtu',
    pattern: /(?:\w{2,20}: )?(?:XDP: )?[Jj]umbo frames (?:are )?not supported/,
    also: ['XDP|xdp|bpf|BPF'],
    text: 'The interface’s MTU is too large for XDP in this driver.',
    why: 'It has no XDP for packets that do not fit into one buffer (jumbo frames).',
    help: 'ip link set dev DEV mtu 1500; or generic mode (xdpgeneric, -m skb).',
    lesson,
  },
  // bond_xdp_set(), bond_enslave(), dev_xdp_attach()
  {
    id: 'xdp-bond',
    pattern:
      /(Slave device does not support XDP|Slave has XDP program loaded, please unload before enslaving|No native XDP support for the current bonding mode|Cannot attach when an upper device already has a program)/,
    text: 'The interface is part of a bond, and XDP does not go together with it in this way: $1.',
    why: 'A bond hands a native XDP program on to all of its interfaces. So each of them must have native XDP, none may have a program of its own, and the mode must be one that the kernel can do (active-backup, balance-rr, balance-xor, 802.3ad).',
    help: 'cat /proc/net/bonding/BOND shows the mode and the interfaces; bpftool net shows programs. Attach to the bond and not to its interfaces (remove what they have: ip link set dev DEV xdp off), or in generic mode (xdpgeneric).',
    lesson,
  },
  {
    id: 'xdp-wrong-program',
    pattern:
      /(Program bound to different device|BPF_XDP_(?:DEVMAP|CPUMAP) programs can not be attached to a device|Cannot attach dev-bound programs in generic mode|Using (?:device-bound|offloaded) program without HW_MODE flag is not supported)/,
    text: 'This XDP program was loaded for another place: $1.',
    why: 'Programs for entries of devmaps and cpumaps (SEC("xdp/devmap"), SEC("xdp/cpumap")), and those that are bound to one network card, cannot be attached elsewhere.',
    help: 'bpftool prog show. Use SEC("xdp") for an interface; load again without dev or offload for another card.',
    lesson,
  },
  {
    id: 'xdp-flags',
    pattern:
      /(Only one XDP mode flag can be set|More than one program loaded, unset mode is ambiguous|XDP_FLAGS_REPLACE is not specified|Active program does not match expected|Invalid XDP flags for BPF link attachment)/,
    text: 'The flags of the attachment do not fit: $1.',
    why: 'Exactly one of native, generic and hardware mode can be asked for, and replacing needs the program that is attached now.',
    help: 'ip link show dev DEV; bpftool net. Give one of XDP_FLAGS_DRV_MODE, XDP_FLAGS_SKB_MODE, XDP_FLAGS_HW_MODE. Remove the old program first: ip link set dev DEV xdp off, xdpgeneric off.',
    lesson,
  },
  // qdisc_create() said “Specified qdisc not found” before; tcf_proto_lookup_ops(), tc_action_load_ops()
  {
    id: 'tc-module-missing',
    pattern: /(?:Error: )?(Specified qdisc kind is unknown|TC classifier not found|Failed to load TC action module)/,
    text: 'The kernel has no such qdisc, classifier or action ($1).',
    why: 'It was built without it, or its module is not there: sch_ingress for clsact, cls_bpf for filters that are BPF programs, sch_netem for netem. Kernels of clouds, containers and WSL leave modules out, and after an update the running kernel’s modules may be gone.',
    help: 'sudo modprobe sch_ingress cls_bpf (in a container on the host); ls /lib/modules/$(uname -r); zgrep -E "NET_SCH_INGRESS|NET_CLS_BPF" /proc/config.gz /boot/config-$(uname -r). Packages: linux-modules-extra-$(uname -r), kernel-modules-extra; then reboot if uname -r is older than what is installed.',
    lesson: 'networking/tc',
  },
];

export const netlinkWarnings: readonly Rule[] = [
  // iproute2’s nl_dump_ext_ack() prints the kernel’s sentence with a full stop
  {
    id: 'netlink-said',
    pattern: /Error: (?!Unknown device type)(?:\w{2,20}: )?([A-Z][^\n]{8,160})\.$/,
    also: [
      '\\b(?:xdp|XDP)|\\btc (?:-\\w+ )?(?:qdisc|filter)|\\bip (?:-\\w+ )?link|error talking to the kernel|RTNETLINK|\\bclsact\\b',
    ],
    text: 'The kernel, or the network driver, says why it refuses: “$1”.',
    why: 'ip and tc only hand on these words. They are about the interface, the mode or the settings of the card, and not about what the program does.',
    help: 'Look the words up with the driver’s name: ethtool -i DEV; sudo dmesg | tail. For XDP try generic mode (xdpgeneric); for tc see what is there: tc qdisc show dev DEV.',
    lesson,
  },
];
