/** Messages as tools other than the verifier word them: the rule, the words, where they are written. */
import type { Known } from './messages.ts';

const tools: readonly [rule: string, text: string, from: string][] = [
  // libbpf
  ['libbpf-section', "libbpf: prog 'count': unrecognized ELF section name 'kprob/do_x'", 'libbpf 0.x'],
  [
    'kconfig-type',
    "libbpf: extern (kcfg) 'CONFIG_HZ': value 'y' implies bool, tristate, or char type",
    'set_kcfg_value_tri',
  ],
  [
    'ksym-type',
    "libbpf: extern (func ksym) 'bpf_task_acquire': func_proto [27] incompatible with vmlinux [58311]",
    'bpf_object__resolve_ksym_func_btf_id',
  ],
  ['windows-section', 'Program type for section .text not found.', 'ebpf-for-windows, libs/api_common'],
  ['bsd-device', 'tcpdump: (cannot open BPF device) /dev/bpf0: Permission denied', 'libpcap, pcap-bpf.c'],
  ['freplace-target', "libbpf: prog 'new_main': attach program FD is not set", 'libbpf_prepare_prog_load'],
  [
    'uprobe-ambiguous',
    "libbpf: elf: ambiguous match for 'malloc', 'malloc' in '/lib/libc.so.6'",
    'elf_find_func_offset',
  ],
  ['map-definition', "libbpf: map 'outer': 'values' member should be last.", 'parse_btf_map_def'],
  ['object-endian', 'libbpf: byte order mismatch with ELF file a.bpf.o', 'btf_parse_elf'],
  ['libbpf-call', "libbpf: prog 'xdp_pass': target netdevice ifindex cannot be zero", 'bpf_program_attach_fd'],
  [
    'bpftrace-said',
    'Attaching 1 probe...\nERROR: Cannot resolve timestamp due to failed boot time calculation',
    'bpftrace, src/bpftrace.cpp',
  ],
  // cilium/ebpf and what uses it
  ['go-missing', 'loading objects: field Count: program count: program count not found', 'collection.go'],
  ['go-missing', 'loading BPF: missing map spec events', 'collection.go'],
  ['go-constant', 'rewriting constants: spec is missing one or more constants: target_pid', 'collection.go'],
  ['map-definition', 'load BTF maps: both key and key_size given', 'elf_reader.go'],
  ['kfunc-missing', 'program p: fixing up kfuncs: kfunc "bpf_task_acquire": not found', 'linker.go'],
  [
    'kprobe-ambiguous',
    'loading BPF symbol addresses: symbol show(0xffffffff81000000): duplicate found at address 0xffffffff82000000: multiple kernel symbols with the same name',
    'internal/kallsyms',
  ],
  [
    'probe-boundary',
    'creating tracefs event: token do_sys_open+0x3: bad insn boundary: invalid or incomplete multibyte or wide character',
    'internal/tracefs',
  ],
  ['key-exists', 'update: key already exists', 'map.go'],
  ['value-size', "unmarshaling main.event doesn't consume all data", 'internal/sysenc'],
  ['value-size', 'invalid key size 4, expected 8', 'aya, maps/mod.rs'],
  ['event-size', 'parsing ringbuf event: unexpected EOF', 'encoding/binary'],
  ['map-mmapable', 'Map was not created with the BPF_F_MMAPABLE flag: not supported', 'memory.go'],
  ['map-update', 'adding the entry of the BPF map: update: argument list too long', 'map.go'],
  ['go-generated', './main.go:14:12: undefined: counterObjects', 'bpf2go'],
  [
    'go-generated',
    'main.go:23:15: objs.CountPackets undefined (type counterObjects has no field or method CountPackets)',
    'bpf2go',
  ],
  ['go-module', 'main.go:10:2: no required module provides package github.com/cilium/ebpf; to add it:', 'go'],
  [
    'perf-cpu-offline',
    "creating perf event reader: can't create perf ring for CPU 3: no such device",
    'perf/reader.go',
  ],
  [
    'kernel-btf-denied',
    'program x: apply CO-RE relocations: load kernel spec: open /sys/kernel/btf/vmlinux: permission denied',
    'btf/kernel.go',
  ],
  // aya
  ['aya-relocation', 'Error: error relocating `xdp_prog`', 'aya-obj, relocation.rs'],
  ['aya-global', 'symbol with name PID not found in the symbols table', 'aya-obj, obj.rs'],
  ['tc-exists', 'Error: the clsact qdisc is already attached', 'aya, programs/tc.rs'],
  ['aya-tool', 'Error: bindgen failed: exit status: 101', 'aya-tool'],
  ['attach-eacces', 'failed to attach: cannot create bpf perf link: permission denied', 'cilium/ebpf, perf_event.go'],
  ['object-broken', 'libbpf: elf: failed to get ELF header from a.bpf.o: invalid file', 'bpf_object__elf_init'],
  ['ringbuf-mmap', 'libbpf: ringbuf: failed to mmap consumer page for map fd=5: -EPERM', 'ring_buffer__add'],
  [
    'perf-callchain',
    "libbpf: prog 'p': try add PERF_SAMPLE_CALLCHAIN to or remove exclude_callchain_[kernel|user] from pfd 7",
    'bpf_program__attach_perf_event_opts',
  ],
  ['btf-malformed', 'libbpf: btf: type [3]: invalid referenced type ID 9999', 'btf_validate_id'],
  [
    'core-ambiguous',
    "libbpf: prog 'p': relo #3: relocation decision ambiguity: success 8 != success 16",
    'relo_core.c',
  ],
  ['tc-no-qdisc', 'libbpf: Kernel error message: Invalid handle', 'libbpf, netlink.c'],
  ['wide-load', 'unrecognized bpf_ld_imm64 insn', 'resolve_pseudo_ldimm64'],
  // bpftool
  ['bpftool-command', "Error: expected 'id', 'tag', 'name' or 'pinned', got: 'foo'?", 'common.c'],
  // iproute2
  ['object-not-bpf', 'ELF format error, ELF file not for eBPF?', 'bpf_elf_check_ehdr'],
  ['tc-eexist', 'Error: NLM_F_REPLACE needed to override.', 'tc_modify_qdisc'],
  ['xdp-safe-mode', 'Error: ice: XDP is not supported in safe mode.', 'ice_xdp'],
  // cilium/ebpf, aya
  ['libbpf-section', "program xdp_prog: can't load program of unspecified type", 'cilium/ebpf, prog.go'],
  ['program-type-differs', 'eBPF program type XDP is not a Kprobe: invalid input', 'cilium/ebpf, link/kprobe.go'],
  ['map-ringbuf-size', 'map events: ringbuffer map size 1000 is zero or not a power of two', 'cilium/ebpf, map.go'],
  ['libbpf-map-definition', 'map counts: missing max entries', 'cilium/ebpf, elf_reader.go'],
  ['kprobe-ambiguous', 'symbol t_show: duplicate found at address 0xffffffff811f0000', 'cilium/ebpf, kallsyms'],
  ['kernel-config', 'config option CONFIG_HZ_FOO does not exist on this kernel', 'cilium/ebpf, linker.go'],
  [
    'kallsyms-hidden',
    'restricted by kernel.kptr_restrict and/or net.core.bpf_jit_harden sysctls',
    'cilium/ebpf, info.go',
  ],
  ['libbpf-ksym', "Error: kernel function 'bpf_foo' not found in kernel BTF", 'aya-obj'],
  ['extern-not-resolved', 'Error: strong extern `bpf_foo` not resolvable (not in kernel BTF or kallsyms)', 'aya-obj'],
  [
    'aya-map-type',
    'Error: type of FOO (BPF_MAP_TYPE_ARENA) is unsupported; see `EbpfLoader::allow_unsupported_maps`',
    'aya, maps/mod.rs',
  ],
  ['uprobe-file', 'Error: could not resolve uprobe target `libssl`', 'aya, programs/uprobe.rs'],
  ['aya-log', "[WARN  x] failed to initialize eBPF logger: log event array AYA_LOGS doesn't exist", 'aya-log'],
  // bcc, bpftrace
  ['events-lost', 'Possibly lost 15 samples', 'bcc, table.py'],
  ['bcc-quota', 'Exception: Number of open probes would exceed global quota', 'bcc, __init__.py'],
  ['libbpf-attach-target', 'bpf: do_foo is not found in vmlinux BTF', 'bcc, libbpf.c'],
  ['capability-missing', 'ERROR: Missing CAP_PERFMON capability, which is needed', 'bpftrace, main.cpp'],
  [
    'bpftrace-tracepoint',
    'ERROR: tracepoint format file not found: /sys/kernel/tracing/events/foo/bar/format',
    'bpftrace, tracepoint_format_parser.cpp',
  ],
  // Tools that wrap an error in words of their own
  ['load-enoent', 'failed to load eBPF collection: no such file or directory', 'several'],
  ['load-eacces', 'Failed to load BPF: permission denied', 'several'],
  ['attach-enoent', 'attaching bpf program: no such file or directory', 'several'],
  ['attach-busy', 'attaching bpf filter: device or resource busy', 'several'],
  // Errors that mean the same whatever was tried, and what an operation adds to them
  ['too-many-files', "libbpf: prog 'p': failed to create kprobe 'do_x+0x0' perf event: Too many open files", 'libbpf'],
  ['attach-enomem', "libbpf: prog 'p': failed to attach to cgroup: -ENOMEM", 'libbpf'],
  ['attach-enosys', "libbpf: prog 'p': failed to attach to perf_event FD 7: Function not implemented", 'libbpf'],
  ['probe-unsupported', "libbpf: prog 'p': failed to attach to perf_event FD 7: Operation not supported", 'libbpf'],
  ['map-update-einval', 'Map update failed: Invalid argument', 'iproute2'],
  ['object-other', "libbpf: failed to load BPF skeleton 'p_bpf': -EINVAL", 'libbpf'],
  [
    'libbpf-version',
    "user.c:41:6: error: implicit declaration of function 'bpf_set_link_xdp_fd'; did you mean 'bpf_link_create'?",
    'gcc',
  ],
  // The machine
  ['mount-not-shared', 'path "/sys/fs/bpf" is mounted on "/sys" but it is not a shared mount', 'runc'],
  [
    'node-folder-missing',
    'MountVolume.SetUp failed for volume "debugfs" : hostPath type check failed: /sys/kernel/debug is not a directory',
    'kubelet',
  ],
  ['bpffs-unknown', "mount: /sys/fs/bpf: unknown filesystem type 'bpf'.", 'mount(8)'],
  ['trace-pipe-busy', 'cat: /sys/kernel/debug/tracing/trace_pipe: Device or resource busy', 'tracing_open_pipe'],
  [
    'kernel-module-missing',
    'modprobe: FATAL: Module cls_bpf not found in directory /lib/modules/5.15.0-1',
    'modprobe(8)',
  ],
  ['object-wrong-tool', "strip: Unable to recognise the format of the input file `x.bpf.o'", 'binutils'],
  // Builds
  ['gcc-not-clang', "gcc: error: unrecognized command-line option '-target'", 'gcc'],
  ['tool-missing', 'error: linker `bpf-linker` not found', 'rustc'],
  [
    'submodule-missing',
    "make: *** No rule to make target '../libbpf/src/libbpf.a', needed by 'all'.  Stop.",
    'GNU make',
  ],
  ['clang-cannot-select', 'fatal error: error in backend: Cannot select: 0x55: i64,ch = AtomicLoadOr', 'LLVM'],
];

export const toolsKnown: readonly Known[] = tools.map(([rule, text, from]) => ({ rule, text: `${text}\n`, from }));
