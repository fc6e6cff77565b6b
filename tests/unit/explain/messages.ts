/** Real messages, each with where it is written. Those that the corpus has are here for the families of the facts about verifiers. */

export interface Known {
  /** Of the 51 families of messages that learners meet. */
  family?: number;
  rule: string;
  text: string;
  /** Where the tool has these words: a kernel function, libbpf, clang, a selftest. */
  from: string;
}

const log = (...lines: string[]) =>
  `${lines.join('\n')}\nprocessed 9 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n`;
const clang = (message: string) => `a.bpf.c:3:7: error: ${message}\nint a;\n      ^\n1 error generated.\n`;

export const known: readonly Known[] = [
  // The verifier
  { family: 1, rule: 'null-map-value', text: "R0 invalid mem access 'map_value_or_null'", from: 'check_mem_access' },
  { family: 2, rule: 'null-ringbuf', text: "R0 invalid mem access 'ringbuf_mem_or_null'", from: 'check_mem_access' },
  {
    rule: 'null-ringbuf',
    text: log(
      '4: (85) call bpf_ringbuf_reserve#131',
      '6: (7b) *(u64 *)(r0 +0) = r1',
      "R0 invalid mem access 'mem_or_null'",
    ),
    from: 'check_mem_access',
  },
  { family: 3, rule: 'null-kfunc', text: "R0 invalid mem access 'trusted_ptr_or_null_'", from: 'check_mem_access' },
  { family: 4, rule: 'null-global-argument', text: "R1 invalid mem access 'mem_or_null'", from: 'check_mem_access' },
  { family: 5, rule: 'scalar-dereference', text: "R1 invalid mem access 'scalar'", from: 'check_mem_access' },
  {
    family: 6,
    rule: 'stale-packet',
    from: 'clear_all_pkt_pointers',
    text: log(
      '5: (2d) if r3 > r2 goto pc+4          ; R2=pkt_end() R6_w=pkt(r=14)',
      '8: (85) call bpf_xdp_adjust_head#44   ; R0_w=scalar()',
      '9: (71) r0 = *(u8 *)(r6 +0)',
      "R6 invalid mem access 'scalar'",
    ),
  },
  {
    family: 7,
    rule: 'after-submit',
    from: 'release_reference',
    text: log(
      '5: (15) if r6 == 0x0 goto pc+4        ; R6_w=ringbuf_mem(id=2,ref_obj_id=2,sz=8)',
      '8: (85) call bpf_ringbuf_submit#132   ;',
      '9: (79) r0 = *(u64 *)(r6 +0)',
      "R6 invalid mem access 'scalar'",
    ),
  },
  {
    rule: 'after-release',
    from: 'release_reference',
    text: log(
      '5: (15) if r6 == 0x0 goto pc+4        ; R6_w=ptr_task_struct(ref_obj_id=2)',
      '8: (85) call bpf_task_release#56930   ;',
      '9: (61) r0 = *(u32 *)(r6 +2432)',
      "R6 invalid mem access 'scalar'",
    ),
  },
  {
    family: 8,
    rule: 'packet-bounds',
    text: 'invalid access to packet, off=20 size=1, R1(id=0,off=20,r=14)\nR1 offset is outside of the packet',
    from: 'check_packet_access',
  },
  {
    family: 9,
    rule: 'packet-variable-offset',
    text: 'invalid access to packet, off=0 size=1, R2(id=1,off=0,r=0)\nR2 offset is outside of the packet',
    from: 'check_packet_access',
  },
  {
    rule: 'memory-bounds',
    text: 'invalid access to memory, mem_size=8 off=8 size=8\nR0 min value is outside of the allowed memory range',
    from: '__check_mem_access',
  },
  {
    family: 10,
    rule: 'map-value-bounds',
    text: 'invalid access to map value, value_size=48 off=48 size=8\nR0 max value is outside of the allowed memory range',
    from: '__check_mem_access',
  },
  {
    family: 11,
    rule: 'unbounded-index',
    text: 'R0 unbounded memory access, make sure to bounds check any such access',
    from: 'check_mem_region_access',
  },
  {
    family: 12,
    rule: 'negative-index',
    text: 'value -2147483648 makes map_value pointer be out of bounds',
    from: 'check_reg_sane_offset',
  },
  {
    rule: 'negative-index',
    text: 'R1 min value is negative, either use unsigned index or do a if (index >=0) check.',
    from: 'check_mem_region_access',
  },
  {
    rule: 'unbounded-arithmetic',
    text: 'math between map_value pointer and register with unbounded min value is not allowed',
    from: 'check_reg_sane_offset',
  },
  {
    family: 13,
    rule: 'negative-length',
    text: "R2 min value is negative, either use unsigned or 'var &= const'",
    from: 'check_mem_size_reg',
  },
  {
    family: 14,
    rule: 'unbounded-length',
    text: "R2 unbounded memory access, use 'var &= const' or 'if (var < const)'",
    from: 'check_mem_size_reg',
  },
  {
    family: 15,
    rule: 'stack-overrun',
    text: 'invalid write to stack R1 off=-16 size=32',
    from: 'check_stack_access_within_bounds',
  },
  {
    rule: 'stack-overrun',
    text: 'invalid read from stack R1 off=-520 size=8',
    from: 'check_stack_access_within_bounds',
  },
  { family: 16, rule: 'zero-length', text: 'R2 invalid zero-sized read: u64=[0,16]', from: 'check_mem_size_reg' },
  { family: 17, rule: 'uninitialised', text: 'R3 !read_ok', from: 'check_reg_arg' },
  { family: 18, rule: 'no-return-value', text: 'R0 !read_ok', from: 'check_reg_arg' },
  {
    family: 19,
    rule: 'stack-uninitialised',
    text: 'invalid indirect read from stack R2 off -8+0 size 4',
    from: 'check_stack_range_initialized',
  },
  { rule: 'stack-uninitialised', text: 'invalid read from stack off -8+0 size 4', from: 'check_stack_read_fixed_off' },
  {
    family: 20,
    rule: 'stack-variable-offset',
    text: 'invalid unbounded variable-offset read from stack R3',
    from: 'check_stack_access_within_bounds',
  },
  {
    family: 21,
    rule: 'stack-size',
    text: 'combined stack size of 2 calls is 608. Too large',
    from: 'check_max_stack_depth_subprog',
  },
  { family: 22, rule: 'call-depth', text: 'the call stack of 9 frames is too deep', from: 'setup_func_entry' },
  {
    family: 23,
    rule: 'clang-stack',
    text: clang(
      'Looks like the BPF stack limit of 512 bytes is exceeded. Please move large on stack variables into BPF per-cpu array map.',
    ),
    from: 'clang, BPFRegisterInfo.cpp',
  },
  { family: 24, rule: 'context-access', text: 'invalid bpf_context access off=200 size=4', from: 'check_ctx_access' },
  {
    family: 25,
    rule: 'modified-context',
    text: 'dereference of modified ctx ptr R1 off=4 disallowed',
    from: '__check_ptr_off_reg',
  },
  {
    family: 26,
    rule: 'argument-type',
    text: 'R2 type=scalar expected=fp, pkt, pkt_meta, map_key, map_value',
    from: 'check_reg_type',
  },
  {
    family: 27,
    rule: 'helper-not-for-type',
    text: 'program of this type cannot use helper bpf_xdp_adjust_head#44',
    from: 'check_helper_call',
  },
  { family: 28, rule: 'helper-too-new', text: 'invalid func unknown#201', from: 'check_helper_call' },
  {
    family: 29,
    rule: 'gpl-only',
    text: 'cannot call GPL-restricted function from non-GPL compatible program',
    from: 'check_helper_call',
  },
  { family: 30, rule: 'unreleased', text: 'Unreleased reference id=2 alloc_insn=4', from: 'check_reference_leak' },
  {
    family: 31,
    rule: 'tail-call-leak',
    text: 'Unreleased reference id=2 alloc_insn=5\ntail_call would lead to reference leak',
    from: 'check_helper_call',
  },
  { family: 32, rule: 'null-argument', text: 'Possibly NULL pointer passed to trusted arg0', from: 'check_kfunc_args' },
  {
    family: 33,
    rule: 'lock-held',
    text: 'BPF_EXIT instruction in main prog cannot be used inside bpf_spin_lock-ed region',
    from: 'check_resource_leak',
  },
  { rule: 'lock-access', text: 'bpf_spin_lock cannot be accessed directly by load/store', from: 'check_map_access' },
  {
    family: 34,
    rule: 'call-under-lock',
    text: 'function calls are not allowed while holding a lock',
    from: 'do_check',
  },
  { family: 35, rule: 'sleepable', text: 'helper call might sleep in a non-sleepable prog', from: 'check_helper_call' },
  {
    family: 36,
    rule: 'infinite-loop',
    text: 'infinite loop detected at insn 1\ncur state: R0=0 R1=ctx() R10=fp0',
    from: 'is_state_visited',
  },
  {
    family: 37,
    rule: 'too-many-instructions',
    text: 'BPF program is too large. Processed 1000001 insn',
    from: 'do_check',
  },
  { family: 38, rule: 'too-complex', text: 'The sequence of 8193 jumps is too complex.', from: 'push_stack' },
  { family: 39, rule: 'back-edge', text: 'back-edge from insn 4 to 1', from: 'push_insn' },
  { family: 40, rule: 'falls-through', text: 'unreachable insn 5', from: 'check_cfg' },
  {
    family: 41,
    rule: 'return-range',
    text: 'At program exit the register R0 has smin=7 smax=7 should have been in [0, 3]',
    from: 'verbose_invalid_scalar',
  },
  {
    rule: 'callback-return',
    text: 'At callback return the register R0 has smin=2 smax=2 should have been in [0, 1]',
    from: 'verbose_invalid_scalar',
  },
  {
    rule: 'callback-too-new',
    text: "number of funcs in func_info doesn't match number of subprogs",
    from: 'check_btf_func',
  },
  {
    family: 42,
    rule: 'returns-pointer',
    text: 'At program exit the register R0 is not a known value (fp)',
    from: 'check_return_code',
  },
  {
    family: 43,
    rule: 'null-arithmetic',
    text: 'R0 pointer arithmetic on map_value_or_null prohibited, null-check it first',
    from: 'adjust_ptr_min_max_vals',
  },
  { rule: 'pointer-arithmetic', text: 'R2 pointer arithmetic on pkt_end prohibited', from: 'adjust_ptr_min_max_vals' },
  { rule: 'pointer-32-bit', text: 'R1 32-bit pointer arithmetic prohibited', from: 'adjust_ptr_min_max_vals' },
  { rule: 'pointer-comparison', text: 'R1 pointer comparison prohibited', from: 'check_cond_jmp_op' },
  { rule: 'pointer-leak', text: 'R2 leaks addr into map', from: 'check_mem_access' },
  {
    family: 44,
    rule: 'beyond-structure',
    text: 'access beyond struct task_struct at off 65536 size 4',
    from: 'btf_struct_walk',
  },
  {
    rule: 'beyond-structure',
    text: 'access beyond the end of member map_type (mend:4) in struct bpf_map with off 0 size 8',
    from: 'btf_struct_walk',
  },
  { family: 45, rule: 'read-only', text: 'cannot write into packet', from: 'check_mem_access' },
  { rule: 'read-only', text: 'R1 cannot write into rdonly_mem', from: 'check_mem_access' },
  { family: 46, rule: 'register-fill', text: 'invalid size of register fill', from: 'check_stack_read_fixed_off' },
  { rule: 'frame-pointer', text: 'frame pointer is read only', from: 'check_reg_arg' },
  {
    family: 47,
    rule: 'map-type',
    text: 'cannot pass map_type 1 into func bpf_perf_event_output#25',
    from: 'check_map_func_compatibility',
  },
  {
    rule: 'map-type',
    text: log('3: (85) call bpf_tail_call#12', 'kernel subsystem misconfigured verifier'),
    from: 'record_func_key',
  },
  { family: 48, rule: 'dynptr', text: 'Expected an initialized dynptr as arg #2', from: 'process_dynptr_func' },
  {
    family: 49,
    rule: 'function-argument',
    text: "func 'do_nanosleep' doesn't have 4-th argument\ninvalid bpf_context access off=72 size=8",
    from: 'btf_ctx_access',
  },
  {
    rule: 'function-argument-type',
    text: 'The function release_pages arg0 type UNION is unsupported.',
    from: 'btf_distill_func_proto',
  },
  { rule: 'untrusted-pointer', text: 'R1 must be referenced or trusted', from: 'check_kfunc_args' },
  { rule: 'kfunc-argument', text: 'arg#0 expected pointer to ctx, but got fp', from: 'check_kfunc_args' },
  {
    rule: 'kfunc-not-allowed',
    text: 'calling kernel function bpf_task_acquire is not allowed',
    from: 'check_kfunc_call',
  },
  {
    rule: 'kfunc-unresolved',
    text: "319: <invalid kfunc call>\nkfunc 'scx_bpf_events' is referenced but wasn't resolved",
    from: 'libbpf, fixup_log_missing_kfunc_call',
  },
  {
    rule: 'map-not-created',
    text: "8: <invalid BPF map reference>\nBPF map 'missing_map' is referenced but wasn't created",
    from: 'libbpf, fixup_log_missing_map_load',
  },
  { rule: 'global-argument-type', text: 'Arg#0 type PTR in g() is not supported yet.', from: 'btf_prepare_func_args' },
  {
    rule: 'global-return',
    text: "Global function g() doesn't return scalar. Only those are supported.",
    from: 'btf_prepare_func_args',
  },
  { rule: 'format-string', text: 'Invalid format string', from: 'check_bpf_snprintf_call' },
  {
    family: 50,
    rule: 'core-relocation',
    text: '1: <invalid CO-RE relocation>\nfailed to resolve CO-RE relocation <byte_off> [10] struct task_struct.nope (0:0 @ offset 0)',
    from: 'libbpf, fixup_log_failed_core_relo',
  },
  // libbpf
  {
    family: 51,
    rule: 'libbpf-ksym',
    text: "libbpf: extern (func ksym) 'bpf_nope': not found in kernel or module BTFs",
    from: 'libbpf.c',
  },
  {
    family: 51,
    rule: 'libbpf-attach-target',
    text: "libbpf: prog 'p': failed to find kernel BTF type ID of 'do_it': -3",
    from: 'libbpf.c',
  },
  {
    family: 51,
    rule: 'libbpf-section',
    text: "libbpf: prog 'p': missing BPF prog type, check ELF section name 'xpd'",
    from: 'libbpf.c',
  },
  { rule: 'libbpf-section', text: "libbpf: failed to guess program type from ELF section 'xpd'", from: 'libbpf.c' },
  {
    rule: 'libbpf-legacy-maps',
    text: "libbpf: elf: legacy map definitions in 'maps' section are not supported by libbpf v1.0+",
    from: 'libbpf.c',
  },
  { rule: 'libbpf-open', text: 'libbpf: elf: failed to open a.bpf.o: No such file or directory', from: 'libbpf.c' },
  { rule: 'libbpf-no-program', text: "Error: object file doesn't contain any bpf program", from: 'bpftool, prog.c' },
  {
    rule: 'libbpf-tracepoint',
    text: "libbpf: prog 'p': failed to determine tracepoint 'sys/none' perf event ID: No such file or directory",
    from: 'libbpf.c',
  },
  {
    rule: 'libbpf-kprobe',
    text: "libbpf: prog 'p': failed to create kprobe 'nfs_file_read+0x0' perf event: No such file or directory",
    from: 'libbpf.c',
  },
  { rule: 'libbpf-extern', text: "libbpf: failed to find BTF for extern 'nope': -2", from: 'libbpf.c' },
  { rule: 'libbpf-no-btf', text: 'libbpf: failed to find valid kernel BTF', from: 'btf.c' },
  { rule: 'libbpf-object-btf', text: 'libbpf: BTF is required, but is missing or corrupted.', from: 'libbpf.c' },
  { rule: 'map-ringbuf', text: "libbpf: map 'rb': failed to create: Invalid argument(-22)", from: 'libbpf.c' },
  { rule: 'libbpf-map-definition', text: "libbpf: map 'm': attr 'type': size mismatch", from: 'libbpf.c' },
  {
    rule: 'libbpf-probe',
    text: "libbpf: Error in bpf_object__probe_loading():Operation not permitted(1). Couldn't load trivial BPF program. Make sure your kernel supports BPF (CONFIG_BPF_SYSCALL=y) and/or that RLIMIT_MEMLOCK is set to big enough value.",
    from: 'libbpf.c',
  },
  { rule: 'program-eperm', text: "libbpf: prog 'p': failed to load: -1", from: 'libbpf.c' },
  { rule: 'program-enomem', text: "libbpf: prog 'p': failed to load: -12", from: 'libbpf.c' },
  // clang
  { rule: 'clang-vmlinux-missing', text: clang("'vmlinux.h' file not found"), from: 'clang' },
  { rule: 'clang-libbpf-missing', text: clang("'bpf/bpf_helper.h' file not found"), from: 'clang' },
  { rule: 'clang-asm-missing', text: clang("'asm/types.h' file not found"), from: 'clang' },
  { rule: 'clang-libc-missing', text: clang("'stdio.h' file not found"), from: 'clang' },
  { rule: 'clang-header-missing', text: clang("'mine.h' file not found"), from: 'clang' },
  { rule: 'clang-types-missing', text: clang("unknown type name '__u64'"), from: 'clang' },
  {
    rule: 'clang-did-you-mean',
    text: clang("use of undeclared identifier 'XDP_PAS'; did you mean 'XDP_PASS'?"),
    from: 'clang',
  },
  {
    rule: 'clang-undeclared-function',
    text: clang(
      "call to undeclared function 'printf'; ISO C99 and later do not support implicit function declarations",
    ),
    from: 'clang',
  },
  { rule: 'clang-undeclared', text: clang("use of undeclared identifier 'ETH_P_IP'"), from: 'clang' },
  { rule: 'clang-unknown-type', text: clang("unknown type name 'event_t'"), from: 'clang' },
  { rule: 'clang-no-member', text: clang("no member named 'pidd' in 'struct task_struct'"), from: 'clang' },
  { rule: 'clang-incomplete-type', text: clang("incomplete definition of type 'struct iphdr'"), from: 'clang' },
  { rule: 'clang-semicolon', text: clang("expected ';' after return statement"), from: 'clang' },
  { rule: 'clang-brace', text: clang("expected '}'"), from: 'clang' },
  {
    rule: 'clang-many-arguments',
    text: clang('too many args to 0x55d: i64 = GlobalAddress<ptr @f> 0'),
    from: 'clang, BPFISelLowering.cpp',
  },
  {
    rule: 'clang-signed-division',
    text: clang('unsupported signed division, please convert to unsigned div/mod.'),
    from: 'clang, BPFISelDAGToDAG.cpp',
  },
  {
    rule: 'clang-float',
    text: 'fatal error: error in backend: Cannot select: 0x55d: f64 = fadd 0x55e, 0x55f\n',
    from: 'clang',
  },
  // Without capabilities
  { rule: 'unprivileged', text: 'R1 pointer arithmetic prohibited', from: 'check_alu_op' },
  {
    rule: 'unprivileged',
    text: 'R3 has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root',
    from: 'sanitize_err',
  },
  // What is due to the kernel or the loader
  { rule: 'misaligned', text: 'misaligned stack access off (0x0; 0x0)+0+-12 size 8', from: 'check_ptr_alignment' },
  { rule: 'stack-spill', text: 'attempt to corrupt spilled pointer on stack', from: 'check_stack_write_fixed_off' },
  { rule: 'unknown-instruction', text: 'unknown opcode bc', from: 'resolve_pseudo_ldimm64' },
  { rule: 'map-pointer', text: "R1 invalid mem access 'map_ptr'", from: 'check_mem_access' },
  { rule: 'map-not-relocated', text: 'R1 type=inv expected=map_ptr', from: 'check_reg_type' },
  { rule: 'constant-dereference', text: "R1 invalid mem access 'imm'", from: 'check_mem_access, Linux 4.9' },
  { rule: 'division-by-zero', text: 'div by zero', from: 'check_alu_op' },
  { rule: 'verifier-bug', text: 'verifier bug: error during ctx access conversion (0)', from: 'verifier_bug' },
  {
    rule: 'bcc-too-old',
    text: 'bpf: Failed to load program: Invalid argument\n0: (b7) r0 = 0\nlast insn is not an exit or jmp\n',
    from: 'check_subprogs; bcc, libbpf.c',
  },
  // Machines
  {
    rule: 'kernel-headers',
    text: "fatal error: '/lib/modules/5.3.0-26-generic/build/include/linux/kconfig.h' file not found",
    from: 'clang in bcc, kbuild_helper.cc',
  },
  { rule: 'tracefs-missing', text: 'error: neither debugfs nor tracefs are mounted', from: 'cilium/ebpf, tracefs' },
  {
    rule: 'bpftool-missing',
    text: 'WARNING: bpftool not found for kernel 5.15.0-91',
    from: 'Ubuntu, linux-tools-common',
  },
  // BTF
  {
    rule: 'no-kernel-btf',
    text: 'apply CO-RE relocations: load kernel spec: no BTF found for kernel version 4.14.0: not supported',
    from: 'cilium/ebpf, btf/kernel.go',
  },
  { rule: 'core-no-target', text: "libbpf: prog 'p': relo #5: no matching targets found", from: 'libbpf, relo_core.c' },
  // Network
  { rule: 'libxdp-bpffs', text: 'libxdp: No bpffs found at /sys/fs/bpf', from: 'libxdp.c' },
  { rule: 'tc-no-qdisc', text: 'Error: Specified qdisc not found.', from: 'cls_api.c, by tc' },
  { rule: 'iproute2-section', text: "Program section 'prog' not found in ELF file!", from: 'iproute2, bpf_legacy.c' },
  {
    rule: 'iproute2-pinned-differs',
    text: 'Map specification differs from pinned file!',
    from: 'iproute2, bpf_legacy.c',
  },
  { rule: 'tc-eexist', text: 'RTNETLINK answers: File exists', from: 'iproute2, libnetlink.c' },
  {
    rule: 'xdp-eopnotsupp',
    text: 'libxdp: Error attaching XDP program to ifindex 2: Operation not supported',
    from: 'libxdp.c',
  },
  {
    rule: 'xdp-busy',
    text: 'libxdp: Error attaching XDP program to ifindex 2: Device or resource busy',
    from: 'libxdp.c',
  },
  {
    rule: 'xdp-enomem',
    text: 'ERR: ifindex(3) link set xdp fd failed (12): Cannot allocate memory',
    from: 'xdp-tutorial',
  },
  {
    rule: 'xdp-enodev',
    text: "Couldn't attach XDP program on iface 'eth9': No such device(-19)",
    from: 'xdp-loader.c',
  },
  // bpftrace
  {
    rule: 'bpftrace-stack',
    text: 'ERROR: Stack size is too large. Trying moving some scratch variables into maps',
    from: 'bpfbytecode.cpp',
  },
  {
    rule: 'bpftrace-stack',
    text: 'ERROR: Stack size is too large. Try to move some scratch variables into maps',
    from: 'bpfbytecode.cpp',
  },
  {
    rule: 'bpftrace-tracepoint',
    text: 'ERROR: tracepoint not found: syscalls:sys_enter_opne',
    from: 'tracepoint_format_parser.cpp',
  },
  { rule: 'bpftrace-no-probes', text: 'ERROR: No probes to attach', from: 'main.cpp' },
  {
    rule: 'bpftrace-field',
    text: "ERROR: Struct/union of type 'struct task_struct' does not contain a field named 'pidd'",
    from: 'field_analyser.cpp',
  },
  { rule: 'bpftrace-struct', text: "ERROR: Unknown struct/union: 'struct nfs_inode'", from: 'semantic_analyser.cpp' },
  // Probes, pins, features
  { rule: 'uprobe-target', text: 'cannot attach uprobe, Invalid argument', from: 'bcc, libbpf.c' },
  {
    rule: 'unknown-event',
    text: "libbpf: usdt: no USDT notes section (.note.stapsdt) found in '/bin/ls'",
    from: 'usdt.c',
  },
  {
    rule: 'raw-tracepoint',
    text: "libbpf: prog 'p': failed to attach to raw tracepoint 'sched/sched_switch': -ENOENT",
    from: 'libbpf.c',
  },
  {
    rule: 'raw-tracepoint-arguments',
    text: "libbpf: prog 'p': failed to attach to raw tracepoint 'sched_switch': Invalid argument",
    from: 'libbpf.c',
  },
  { rule: 'trampoline-einval', text: "libbpf: prog 'p': failed to attach: Invalid argument", from: 'libbpf.c' },
  {
    rule: 'trampoline-missing',
    text: "libbpf: prog 'p': failed to attach: No such file or directory",
    from: 'libbpf.c',
  },
  { rule: 'attach-eperm', text: "libbpf: prog 'p': failed to attach: Operation not permitted", from: 'libbpf.c' },
  { rule: 'cgroup-attach', text: "libbpf: prog 'p': failed to attach to cgroup: Invalid argument", from: 'libbpf.c' },
  { rule: 'struct-ops-busy', text: 'Failed to attach struct_ops: Device or resource busy', from: 'scx_utils' },
  {
    rule: 'perf-event-missing',
    text: 'Error: `perf_event_open` failed\n\nCaused by:\n    No such file or directory (os error 2)',
    from: 'aya, programs/mod.rs',
  },
  { rule: 'pin-enoent', text: 'libbpf: specified path /tmp/x is not on BPF FS', from: 'libbpf.c' },
  { rule: 'pin-eexist', text: "Error: can't pin the object (/sys/fs/bpf/x): File exists", from: 'bpftool, common.c' },
  {
    rule: 'kernel-btf-unreadable',
    text: 'libbpf: Error loading vmlinux BTF: -22',
    from: 'libbpf.c',
  },
  {
    rule: 'kernel-too-old',
    text: 'loading objects: map m: map create: mmapable maps not supported (requires >= v5.5)',
    from: 'cilium/ebpf, internal/feature.go',
  },
  {
    rule: 'program-not-loaded',
    text: "libbpf: prog 'p': can't attach BPF program without FD (was it loaded?)",
    from: 'libbpf.c',
  },
  { rule: 'xsk-memory', text: 'xsk_socket__create() failed: Cannot allocate memory', from: 'libxdp, xsk.c' },
  {
    rule: 'tracing-eacces',
    text: "libbpf: prog 'k': failed to create kprobe 'do_unlinkat+0x0' perf event: Permission denied",
    from: 'libbpf.c',
  },
  {
    rule: 'selinux',
    text: 'type=AVC msg=audit(1): avc:  denied  { prog_load } for  pid=1 scontext=a tcontext=b tclass=bpf permissive=0',
    from: 'the kernel’s audit log',
  },
  {
    rule: 'kernel-btf-missing',
    text: 'Error: BTF error\n\nCaused by:\n    0: error loading /sys/kernel/btf/vmlinux\n    1: No such file or directory (os error 2)',
    from: 'aya',
  },
  { rule: 'pin-eexist', text: 'Error: failed to pin program xdp: -EEXIST', from: 'bpftool, prog.c' },
  {
    rule: 'libbpf-tracepoint',
    text: 'reading trace event ID of syscalls/sys_enter_opne: trace event syscalls/sys_enter_opne: file does not exist',
    from: 'cilium/ebpf, tracefs',
  },
  {
    rule: 'trampoline-busy',
    text: 'attaching fentry: create tracing link: device or resource busy',
    from: 'cilium/ebpf, link',
  },
  // Maps and programs, by number
  { rule: 'map-enospc', text: 'map m: map create: too many open files', from: 'cilium/ebpf, map.go' },
  {
    rule: 'map-eopnotsupp',
    text: "libbpf: map 'm': failed to create: ERROR: strerror_r(-524)=22(-524)",
    from: 'libbpf.c',
  },
  { rule: 'map-update', text: 'Exception: Could not update table: Argument list too long', from: 'bcc, table.py' },
  {
    rule: 'libbpf-probe-other',
    text: "libbpf: Error in bpf_object__probe_loading(): -ENOMEM. Couldn't load trivial BPF program.",
    from: 'libbpf.c',
  },
  { rule: 'program-efault', text: 'program p: load program: bad address', from: 'cilium/ebpf, prog.go' },
  { rule: 'program-enotsupp', text: "libbpf: prog 'p': failed to load: -524", from: 'libbpf.c' },
  { rule: 'program-enoent', text: "libbpf: prog 'p': failed to load: -ENOENT", from: 'libbpf.c' },
  {
    rule: 'btf-load-einval',
    text: "libbpf: Error loading .BTF into kernel: -22. BTF is mandatory, can't proceed.",
    from: 'libbpf.c',
  },
  { rule: 'object-eperm', text: "libbpf: failed to load BPF skeleton 'x': -1", from: 'libbpf.c' },
  { rule: 'object-eacces', text: "libbpf: failed to load BPF skeleton 'x': -13", from: 'libbpf.c' },
  // Builds
  { rule: 'clang-too-old', text: "error: unknown target CPU 'v4'\n", from: 'clang 14' },
  { rule: 'clang-too-old', text: clang("use of unknown builtin '__builtin_preserve_access_index'"), from: 'clang 9' },
  {
    rule: 'bcc-too-old',
    text: "In file included from /virtual/main.c:2:\n/lib/modules/6.8.0/build/include/linux/fortify-string.h:59:2: error: use of undeclared identifier '__builtin_dynamic_object_size'\n",
    from: 'clang in bcc',
  },
  {
    rule: 'kernel-headers-clash',
    text: "In file included from main.c:3:\n/usr/src/linux-headers-5.15.0-91/include/linux/compiler.h:12:3: error: unknown type name 'u8'\n",
    from: 'clang',
  },
  { rule: 'clang-redefinition', text: clang("redefinition of 'event'"), from: 'clang' },
  { rule: 'libelf-missing', text: 'libbpf.c:44:10: fatal error: libelf.h: No such file or directory\n', from: 'gcc' },
  { rule: 'link-libbpf', text: "a.c:(.text+0x1f): undefined reference to `bpf_object__open_file'\n", from: 'ld' },
  {
    rule: 'clang-builtin-call',
    text: clang("A call to built-in function 'memcpy' is not supported."),
    from: 'clang, BPFISelLowering.cpp',
  },
  { rule: 'clang-by-value', text: clang('pass by value not supported'), from: 'clang, BPFISelLowering.cpp' },
];
