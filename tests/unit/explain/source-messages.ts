/** Further strings of the tools' sources, filled in, as they stood in 2026: Linux 6.12, libbpf, bpftool, iproute2, cilium/ebpf, aya and bcc. */
import { filled, type Formats, inVerifierLog } from './formats.ts';
import type { Known } from './messages.ts';

const verifier: Formats = [
  ['kernel/bpf/verifier.c', 'map-flag', 'read from map forbidden, value_size=8 off=0 size=8'],
  [
    'kernel/bpf/verifier.c',
    'callback-function',
    'callback function not static',
    'callback function cannot be the main program',
  ],
  ['kernel/bpf/verifier.c', 'sockmap-update', 'cannot update sockmap in this context'],
  ['kernel/bpf/verifier.c', 'timer-rt', 'bpf_timer cannot be used for PREEMPT_RT.'],
  ['kernel/bpf/verifier.c', 'offload-map', 'offload device mismatch between prog and map'],
  ['kernel/bpf/verifier.c', 'struct-ops-map', 'bpf_struct_ops map cannot be used in prog'],
  [
    'kernel/bpf/verifier.c',
    'kfunc-signature',
    'kernel function bpf_foo args#1 pointer type STRUCT foo is not supported',
    'kernel function bpf_foo returns pointer type STRUCT foo is not supported',
    'Function bpf_foo has 6 > 5 args',
  ],
  [
    'kernel/bpf/verifier.c',
    'kfunc-call-limit',
    'too many different kernel function calls',
    'address of kernel function bpf_foo is out of range',
  ],
  [
    'kernel/bpf/verifier.c',
    'broken-instructions',
    'jump into the middle of ldimm64 insn 12',
    'invalid BPF_LD mode',
    'unknown insn class 7',
    'invalid insn idx 12 insn_cnt 12',
    'call to invalid destination',
  ],
  [
    'kernel/bpf/verifier.c',
    'ksym-type',
    "pseudo btf_id 12 in ldimm64 isn't KIND_VAR or KIND_FUNC.",
    "ldimm64 unable to resolve the size of type 'x': -22",
  ],
  ['kernel/bpf/verifier.c', 'moved-pointer', 'dereference of modified ptr_ ptr R1 off=8 disallowed'],
  [
    'kernel/bpf/verifier.c',
    'buffer-offset',
    'R1 invalid tp_buffer access off=0 size=8',
    'R1 invalid rdwr_buf access off=0 size=8',
  ],
  [
    'kernel/bpf/verifier.c',
    'null-pointer',
    "R0 invalid mem access 'sock_or_null'",
    "R1 invalid mem access 'rcu_ptr_or_null_cred'",
  ],
  [
    'kernel/bpf/verifier.c',
    'pointer-not-followed',
    "R2 invalid mem access 'pkt_end'",
    "R2 invalid mem access 'untrusted_ptr_'",
    "R1 invalid mem access 'percpu_ptr_'",
  ],
  ['kernel/bpf/verifier.c', 'zero-instruction', 'unknown opcode 00'],
  [
    'libbpf.c of bcc',
    'scalar-dereference',
    "HINT: The invalid mem access 'inv' error can happen if you try to dereference memory without first using bpf_probe_read_kernel() to copy it to the BPF stack.",
  ],
  [
    'libbpf.c of bcc',
    'stack-overrun',
    'HINT: Looks like you exceeded the BPF stack limit. This can happen if you allocate too much local variable storage.',
  ],
  ['libbpf.c of bcc', 'helper-too-new', 'HINT: bpf_ktime_get_boot_ns missing (added in Linux 5.8).'],
];

const tools: Formats = [
  [
    'gcc, with an old linux/bpf.h',
    'clang-uapi-old',
    "libbpf.h:326:23: error: field 'expected_attach_type' has incomplete type\n  enum bpf_attach_type expected_attach_type;\n                       ^",
  ],
  [
    'bcc, __init__.py and table.py',
    'bcc-use',
    'Exception: Kprobe do_sys_open is not attached',
    'Exception: Unknown program do_trace',
    'Exception: Could not find file hello.c',
    'Exception: Array index out of range',
    'Exception: Perf buffer page_cnt must be a power of two',
  ],
  ['bpf_libbpf.c of iproute2', 'iproute-headline', 'ERROR: opening BPF object file failed'],
  [
    'aya-obj, relocation.rs',
    'aya-relocation',
    'Error: error relocating function\n\nCaused by:\n    function 0 not found while relocating `xdp_firewall`',
    'Error: error parsing BPF object: unsupported relocation target',
  ],
  ['aya-obj, obj.rs', 'aya-object', 'Error: error parsing BPF object\n\nCaused by:\n    0: error parsing ELF data'],
  [
    'cmd/bpf2go of cilium/ebpf',
    'bpf2go-type',
    'Error: collect C types: type name event: not found',
    'Error: looking up type event: not found',
  ],
  [
    'libbpf.c',
    'object-damaged',
    "libbpf: sec 'xdp': program at offset 8 crosses section boundary",
    'libbpf: .maps relo #3: symbol 0x10 not found',
  ],
  [
    'libbpf.c',
    'struct-ops-definition',
    'libbpf: struct_ops init_kern ops: member init is not a struct_ops program',
    'libbpf: struct_ops reloc ops: invalid target program offset 8',
  ],
  [
    'libbpf.c',
    'ksym-ambiguous',
    "libbpf: extern (ksym) 'cpu_stop': resolution is ambiguous: 0xffffffff81000000 or 0xffffffff82000000",
  ],
  ['libbpf.c', 'jump-table', "libbpf: map '.jumptables': jumptable start 7 should be multiple of 8"],
  ['bcc, kbuild_helper', 'bcc-compile-unsaid', 'Exception: Failed to compile BPF text'],
];

export const sourceKnown: readonly Known[] = [...filled(verifier, inVerifierLog), ...filled(tools, (text) => text)];
