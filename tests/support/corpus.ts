/** The corpus: wrong programs, what five kernels said of them, and the rule that a person chose after reading each log. */
import { readFileSync, readdirSync } from 'node:fs';

export const kernels = ['5.10.0', '6.1.0', '6.12.117', '6.18.15', '7.3.4'] as const;
export type Kernel = (typeof kernels)[number];

/** 'loads': that kernel takes the program. */
type Expected = string | ({ rest: string } & Partial<Record<Kernel, string>>);

const expected: Record<string, Expected> = {
  '01_null_map_value': 'null-map-value',
  '03_uninit_reg': 'uninitialised',
  '05_uninit_stack': { '5.10.0': 'stack-uninitialised', rest: 'loads' },
  '08_map_neg_idx': 'negative-index',
  '09_pkt_len_var': 'packet-bounds',
  '10_ctx_offset': 'context-access',
  '12_modified_ctx': 'modified-context',
  '13_ctx_var_off': 'modified-context',
  '14_wrong_helper_type': { '6.18.15': 'loads', '7.3.4': 'loads', rest: 'helper-not-for-type' },
  '15_helper_not_for_type': 'helper-not-for-type',
  '17_type_expected': 'argument-type',
  '18_inf_loop': 'infinite-loop',
  '22_stack_oob': 'stack-overrun',
  '23_ringbuf_leak': 'unreleased',
  '24_ringbuf_null': 'null-ringbuf',
  '26_ret_range': 'return-range',
  '28_ptr_arith_null': 'null-arithmetic',
  '29_ptr_end_arith': 'pointer-arithmetic',
  '30_kernel_ptr_deref': 'scalar-dereference',
  '31_probe_unbounded_len': 'negative-length',
  '35_btf_write': 'read-only',
  '36_fentry_badarg': 'function-argument',
  '38_no_exit': 'falls-through',
  '41_partial_spill': 'register-fill',
  '42_map_key_rdonly_pktptr': 'packet-bounds',
  '43_spinlock': 'lock-held',
  '44_spinlock_call': 'call-under-lock',
  '45_sleepable': { '5.10.0': 'helper-not-for-type', rest: 'sleepable' },
  '46_tailcall_leak': 'tail-call-leak',
  '47_deep_stack': 'loads',
  '48_r10_write': 'frame-pointer',
  '49_32bit_ptr': 'pointer-32-bit',
  '50_ksym_missing': 'libbpf-ksym',
  '52_global_func_ptr': { '5.10.0': 'global-argument-type', rest: 'null-global-argument' },
  '53_rodata_write': 'loads',
  '56_acquire_noput': { '5.10.0': 'libbpf-ksym', '6.1.0': 'libbpf-ksym', rest: 'unreleased' },
  '57_maybe_null_arg': { '5.10.0': 'libbpf-ksym', '6.1.0': 'libbpf-ksym', rest: 'null-argument' },
  '58_trusted_null_deref': { '5.10.0': 'libbpf-ksym', '6.1.0': 'libbpf-ksym', rest: 'null-kfunc' },
  '59_lsm_ret': { '5.10.0': 'loads', '6.1.0': 'loads', rest: 'return-range' },
  '60_exit_ptr': 'loads',
  '61_str_zero_size': { '5.10.0': 'stack-uninitialised', rest: 'map-type' },
  '63_write_pkt_cg': 'read-only',
  '64_rodata_write': 'read-only',
  '65_jump_seq': 'loads',
  '67_recursion': 'loads',
  '68_uninit_stack_var': { '5.10.0': 'stack-variable-offset', rest: 'loads' },
  '69_stack_var_unbounded': 'stack-variable-offset',
  '71_stale_pkt': 'stale-packet',
  '73_call_uninit_arg': 'argument-type',
  '74_callback_loop': { '5.10.0': 'callback-too-new', rest: 'callback-return' },
  '76_dynptr_uninit': { '5.10.0': 'helper-too-new', rest: 'dynptr' },
  '78_tail_wrongmap': 'map-type',
  '80_strcmp_ctxptr_to_helper': 'scalar-dereference',
  '81_btf_task_storage_untrusted': 'loads',
  '82_two_progs_sign': 'packet-variable-offset',
  '83_fentry_int_deref': 'scalar-dereference',
  '87_neg_stack_size': 'stack-overrun',
  '91_frames': { '7.3.4': 'stack-size', rest: 'call-depth' },
  '93_nosec': 'libbpf-no-program',
  '94_badmap': 'loads',
  '95_nolicense': 'gpl-only',
  '96_jumpseq': 'too-complex',
  '99_tp_ctx_off': 'context-access',
  '9a_printk_fmt': 'loads',
  '9b_snprintf': { '5.10.0': 'helper-too-new', rest: 'format-string' },
  '9c_percpu_direct': 'map-type',
  '9e_skb_direct_noCheck': 'packet-bounds',
  '9f_swapcheck': 'packet-bounds',
};

export interface Case {
  name: string;
  kernel: Kernel;
  log: string;
  file: string;
  source: string;
  /** A rule's id, or 'loads'. */
  expected: string;
  /** The line that the log names at the failing instruction; null if it names none. */
  line: number | null;
}

const folder = new URL('../fixtures/verifier/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');

export const corpus: readonly Case[] = kernels.flatMap((kernel) =>
  readdirSync(new URL(`${kernel}/`, folder)).map((log) => loadCase(kernel, log.replace(/\.log$/, ''))),
);

/** Programs of the table and logs on the disk must be the same. */
export const names = Object.keys(expected);

function loadCase(kernel: Kernel, name: string): Case {
  const file = `${name}.bpf.c`;
  const [log, source] = [read(`${kernel}/${name}.log`), read(`src/${file}`)];
  const entry = expected[name] ?? 'not in the table';
  return {
    name,
    kernel,
    log,
    file,
    source,
    expected: typeof entry === 'string' ? entry : (entry[kernel] ?? entry.rest),
    line: lineNamed(log, source),
  };
}

/** Found without the engine: the last comment that says a line, at or above the last instruction of the log. */
function lineNamed(log: string, source: string): number | null {
  const lines = log.split('\n');
  const last = lines.findLastIndex((line) => /^\d+: \(..\)/.test(line));
  for (const comment of lines.slice(0, last + 1).reverse()) {
    if (!comment.startsWith('; ')) continue;
    const number = / @ \S+:(\d+)$/.exec(comment)?.[1];
    if (number !== undefined && number !== '0') return Number(number);
    const quoted = source.split('\n').findIndex((line) => line !== '' && `; ${line}` === comment);
    if (quoted >= 0) return quoted + 1;
  }
  return null;
}
