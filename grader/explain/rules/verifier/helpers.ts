/** Since when helpers exist: their numbers (FN() in include/uapi/linux/bpf.h) go up with the kernel's versions, and are never used again. */

/** The first number of a release. Backports of distributions can have more. */
const firstOf: readonly [number: number, version: string][] = [
  [1, '3.19'],
  [4, '4.1'],
  [12, '4.2'],
  [17, '4.3'],
  [23, '4.4'],
  [27, '4.6'],
  [31, '4.8'],
  [37, '4.9'],
  [42, '4.10'],
  [46, '4.12'],
  [48, '4.13'],
  [51, '4.14'],
  [54, '4.15'],
  [58, '4.16'],
  [60, '4.17'],
  [65, '4.18'],
  [81, '4.19'],
  [84, '4.20'],
  [91, '5.0'],
  [93, '5.1'],
  [99, '5.2'],
  [109, '5.3'],
  [111, '5.5'],
  [119, '5.6'],
  [122, '5.7'],
  [125, '5.8'],
  [136, '5.9'],
  [142, '5.10'],
  [156, '5.11'],
  [163, '5.12'],
  [164, '5.13'],
  [166, '5.14'],
  [169, '5.15'],
  [176, '5.16'],
  [180, '5.17'],
  [186, '5.18'],
  [194, '5.19'],
  [204, '6.0'],
  [208, '6.1'],
  [210, '6.2'],
];

/** Those that people miss. */
const names: Readonly<Record<number, string>> = {
  45: 'bpf_probe_read_str',
  111: 'bpf_skb_output',
  112: 'bpf_probe_read_user',
  113: 'bpf_probe_read_kernel',
  114: 'bpf_probe_read_user_str',
  115: 'bpf_probe_read_kernel_str',
  125: 'bpf_ktime_get_boot_ns',
  130: 'bpf_ringbuf_output',
  131: 'bpf_ringbuf_reserve',
  132: 'bpf_ringbuf_submit',
  133: 'bpf_ringbuf_discard',
  147: 'bpf_d_path',
  158: 'bpf_get_current_task_btf',
  164: 'bpf_for_each_map_elem',
  169: 'bpf_timer_init',
  174: 'bpf_get_attach_cookie',
  181: 'bpf_loop',
};

/** A sentence on the helper whose number is the first group. */
export function sinceOf([, group = '']: readonly string[]): string {
  const number = Number(group);
  const since = firstOf.findLast(([first]) => number >= first)?.[1];
  if (!since || number > 211) return '';
  return `${names[number] ? `It is ${names[number]}(), which` : 'It'} came with Linux ${since}.`;
}
