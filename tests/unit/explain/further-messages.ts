/** Messages as their tools word them, for rules that no public report needs yet: the rule, the words, where they are written. */
import type { Known } from './messages.ts';

const log = (message: string) =>
  `0: R1=ctx() R10=fp0\n5: (79) r1 = *(u64 *)(r1 +0)\n${message}\nprocessed 6 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n`;

const verifier: readonly [rule: string, text: string, from: string][] = [
  ['lock-missing', "map 'counts' has no valid bpf_spin_lock", 'process_spin_lock'],
  ['map-value-btf', "map 'counts' has to have BTF in order to use bpf_spin_lock", 'process_spin_lock'],
  ['lock-missing', "off 0 doesn't point to 'struct bpf_spin_lock' that is at 8", 'process_spin_lock'],
  ['lock-not-for-type', 'tracing progs cannot use bpf_spin_lock yet', 'check_map_prog_compatibility'],
  ['lock-not-for-type', 'socket filter progs cannot use bpf_spin_lock yet', 'check_map_prog_compatibility'],
  ['lock-other', 'bpf_spin_unlock of different lock', 'process_spin_lock'],
  ['rcu-section', 'bpf_rcu_read_unlock is missing', 'do_check'],
  [
    'rcu-section',
    'BPF_EXIT instruction in main prog cannot be used inside bpf_rcu_read_lock-ed region',
    'check_resource_leak',
  ],
  ['sleepable-section', 'kernel func bpf_cpumask_any is sleepable within rcu_read_lock region', 'check_kfunc_call'],
  [
    'sleepable-type',
    'Only fentry/fexit/fmod_ret, lsm, iter, uprobe, and struct_ops programs can be sleepable',
    'check_attach_btf_id',
  ],
  ['sleepable-type', 'do_exit is not sleepable', 'bpf_check_attach_target'],
  ['kptr-field', 'kptr access cannot have variable offset', 'check_map_kptr_access'],
  ['kptr-field', 'store to referenced kptr disallowed', 'check_map_kptr_access'],
  ['release-reference', 'arg 1 is an unacquired reference', 'check_func_arg_reg_off'],
  [
    'kfunc-argument',
    'kernel function bpf_task_release args#0 expected pointer to STRUCT task_struct but R1 has a pointer to STRUCT cgroup',
    'process_kf_arg_ptr_to_btf_id',
  ],
  ['pointer-negative', 'R1 is ptr_task_struct invalid negative access: off=-8', 'check_ptr_to_btf_access'],
  ['pointer-variable', 'R1 is ptr_task_struct access user memory: off=0', 'check_ptr_to_btf_access'],
  ['dynptr-overwritten', 'cannot overwrite referenced dynptr', 'destroy_if_dynptr_stack_slot'],
  ['iterator', 'expected an initialized iter_num as arg #1', 'process_iter_arg'],
  ['constant-argument', 'R3 must be a known constant', 'check_kfunc_args'],
  ['scalar-argument', 'R2 is not a scalar', 'check_kfunc_args'],
  [
    'global-pointer-argument',
    'arg#0 pointer type STRUCT event must point to scalar, or struct with scalar',
    'process_kf_arg_ptr_to_mem',
  ],
  ['attach-prototype', 'Tracing programs must provide btf_id', 'bpf_check_attach_target'],
  ['struct-ops-target', 'Attach to unsupported member init of struct tcp_congestion_ops', 'check_struct_ops_btf_id'],
  ['attach-to-program', "Subprog do_it doesn't exist", 'bpf_check_attach_target'],
  ['attach-to-program', 'Cannot recursively attach', 'bpf_check_attach_target'],
  ['attach-to-program', 'Cannot extend fentry/fexit', 'bpf_check_attach_target'],
  ['context-offset', "func 'do_unlinkat' offset is not multiple of 8", 'btf_ctx_access'],
  ['context-write', 'BPF_ST stores into R1 ctx is not allowed', 'do_check'],
  ['pointer-operator', 'R2 bitwise operator &= on pointer prohibited', 'adjust_ptr_min_max_vals'],
  ['pointer-operator', 'R2 pointer += pointer prohibited', 'adjust_reg_min_max_vals'],
  ['pointer-operator', 'R1 tried to subtract pointer from scalar', 'adjust_ptr_min_max_vals'],
  ['read-only-map', 'write access to map value disallowed', 'check_helper_mem_access'],
  ['tail-call-map', 'tail_call abusing map_ptr', 'do_misc_fixups'],
  ['map-preallocated', 'trace type programs can only use preallocated hash map', 'check_map_prog_compatibility'],
  ['recursion', 'recursive call from walk() to walk()', 'check_max_stack_depth_subprog'],
  ['function-many', 'too many subprograms', 'add_subprog'],
  ['jump-far', 'insn 5 cannot be patched due to 16-bit range', 'bpf_patch_insn_data'],
  ['kfunc-btf', 'kernel btf_id 1234 is not a function', 'add_kfunc_call'],
  ['lock-held', 'bpf_spin_lock is missing', 'check_reference_leak'],
  ['kfunc-not-allowed', 'kfunc bpf_task_acquire is not allowed', 'fetch_kfunc_meta'],
];

const loaders: readonly [rule: string, text: string, from: string][] = [
  // libbpf
  [
    'core-access',
    "libbpf: prog 'p': relo #3: insn #7 (LDX/ST/STX) accesses field incorrectly. Make sure you are accessing pointers, unsigned integers, or fields of matching type and size.",
    'libbpf, relo_core.c',
  ],
  ['object-stripped', "libbpf: elf: couldn't find symbol table in x.o, stripped object file?", 'libbpf.c'],
  ['object-not-bpf', "libbpf: elf: 'x.o' is not a proper ELF object", 'libbpf.c'],
  ['object-not-bpf', 'unexpected machine type for BPF ELF: EM_X86_64', 'cilium/ebpf, elf_reader.go'],
  ['program-static', "libbpf: sec 'xdp': program 'pass' is static and not supported", 'libbpf.c'],
  ['call-to-section', "libbpf: prog 'p': bad call relo against 'helper' in section 'xdp'", 'libbpf.c'],
  ['object-too-new', "libbpf: prog 'p': bad map relo against '.rodata.str1.1' in section '.rodata.str1.1'", 'libbpf.c'],
  ['map-values', "libbpf: .maps relo #0: 'next' isn't a valid program reference", 'libbpf.c'],
  [
    'map-static',
    'relocation for section "xdp": possible erroneous static qualifier on map definition: found reference to "counts"',
    'cilium/ebpf, elf_reader.go',
  ],
  ['kconfig-unreadable', 'libbpf: failed to open system Kconfig', 'libbpf.c'],
  ['struct-ops-missing', 'libbpf: struct_ops init_kern: struct sched_ext_ops is not found in kernel BTF', 'libbpf.c'],
  [
    'struct-ops-member',
    'libbpf: struct_ops init_kern simple_ops: Cannot find member sub_attach in kernel BTF',
    'libbpf.c',
  ],
  [
    'struct-ops-unused',
    "libbpf: prog 'enqueue': SEC(\"struct_ops\") program isn't referenced anywhere, did you forget to use it?",
    'libbpf.c',
  ],
  [
    'section-target',
    "libbpf: prog 'p': no BTF-based attach target is specified, use bpf_program__set_attach_target()",
    'libbpf.c',
  ],
  ['return-probe-offset', 'libbpf: kretprobes do not support offset specification', 'libbpf.c'],
  ['buffer-map-type', 'libbpf: ringbuf: map fd=4 is not BPF_MAP_TYPE_RINGBUF', 'libbpf, ringbuf.c'],
  ['buffer-map-fd', 'libbpf: ringbuf: failed to get map info for fd=-1: -EBADF', 'libbpf, ringbuf.c'],
  ['buffer-pages', 'libbpf: page count should be power of two, but is 12', 'libbpf.c'],
  ['load-twice', "libbpf: object 'hello': load can't be attempted twice", 'libbpf.c'],
  ['link-conflict', "libbpf: conflicting non-weak symbol #5 (parse) definition in 'b.bpf.o'", 'libbpf, linker.c'],
  ['libbpf-map-definition', "libbpf: map 'counts': conflicting key size 4 != 8.", 'libbpf.c'],
  ['program-not-loaded', "libbpf: map 'counts': can't pin BPF map without FD (was it created?)", 'libbpf.c'],
  [
    'usdt-setup',
    'libbpf: usdt: attaching to shared libraries without specific PID is not supported on current kernel',
    'libbpf, usdt.c',
  ],
  ['unknown-event', "libbpf: usdt: no USDT notes section (.note.stapsdt) found in '/bin/true'", 'libbpf, usdt.c'],
  // cilium/ebpf
  ['go-missing', 'loading objects: field HandleExec: missing program handle_exec', 'cilium/ebpf, collection.go'],
  [
    'go-program-array',
    'loading objects: ProgramArray calls must be assigned to prevent missed tail calls',
    'cilium/ebpf, collection.go',
  ],
  ['libbpf-section', 'cannot load program pass: program type is unspecified', 'cilium/ebpf, collection.go'],
  // bpftool
  ['bpftool-no-id', 'Error: get by id (42): No such file or directory', 'bpftool, common.c'],
  ['bpftool-rights', "Error: can't get next program: Operation not permitted", 'bpftool, prog.c'],
  ['bpftool-too-new', "Error: can't get next link: Invalid argument", 'bpftool, link.c'],
  ['bpftool-dump', 'Error: error retrieving insn dump: kernel.kptr_restrict set?', 'bpftool, prog.c'],
  ['bpftool-disassembler', 'Error: No libbfd support for pt_regs', 'bpftool, jit_disasm.c'],
  ['cgroup2-missing', "Error: cgroup v2 isn't mounted", 'bpftool, cgroup.c'],
  ['skeleton-old', "libbpf: map 'ops': BPF skeleton version is old, skipping map auto-attachment...", 'libbpf.c'],
  ['root-needed', 'Error: full feature probing requires root privileges', 'bpftool, feature.c'],
  // Drivers, libxdp
  ['xdp-lro', "mlx5_core 0000:05:00.0 eth0: can't set XDP while HW-GRO/LRO is on, disable them first", 'mlx5'],
  [
    'xdp-queues',
    'ena 0000:00:06.0 ens6: Failed to set xdp program, the Rx/Tx channel count should be at most half of the maximum allowed channel count.',
    'ena',
  ],
  ['libxdp-file', "libxdp: Couldn't find a BPF file with name xdp-dispatcher.o", 'libxdp.c'],
  ['libxdp-program', "libxdp: Couldn't find xdp program in bpf object section xdp_drop", 'libxdp.c'],
  ['libxdp-version', 'libxdp: XDP dispatcher version 3 higher than supported 2', 'libxdp.c'],
  ['libxdp-slots', 'libxdp: Not enough free slots in the dispatcher.', 'libxdp.c'],
  ['xdp-enodev', 'Cannot find device "eth7"', 'iproute2'],
  // bpftrace
  ['bpftrace-script', 'stdin:1:1-25: ERROR: Variable was never used\n', 'bpftrace, diagnostic.cpp'],
];

export const furtherKnown: readonly Known[] = [
  ...verifier.map(([rule, text, from]) => ({ rule, text: log(text), from })),
  ...loaders.map(([rule, text, from]) => ({ rule, text, from })),
];
