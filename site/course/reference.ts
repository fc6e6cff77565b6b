/** Helpers and map types that docs.ebpf.io has a page of, and what the course writes of them. */

/** The page of a helper, such as 'bpf_map_lookup_elem', or null if it is none. kfuncs and libbpf have pages elsewhere. */
export function referenceOf(name: string): string | null {
  if (helpers.has(name)) return `https://docs.ebpf.io/linux/helper-function/${name}/`;
  if (/^BPF_MAP_TYPE_[A-Z_]+$/.test(name)) return `https://docs.ebpf.io/linux/map-type/${name}/`;
  return null;
}

// Each was looked up: a name that merely begins with bpf_ may be a kfunc or libbpf's.
const helpers = new Set(
  `
  bpf_map_lookup_elem bpf_map_update_elem bpf_map_delete_elem bpf_map_push_elem bpf_map_pop_elem bpf_map_peek_elem
  bpf_map_lookup_percpu_elem bpf_for_each_map_elem bpf_spin_lock bpf_spin_unlock bpf_tail_call bpf_get_stackid bpf_get_stack
  bpf_ringbuf_reserve bpf_ringbuf_submit bpf_ringbuf_discard bpf_ringbuf_output bpf_ringbuf_query bpf_perf_event_output
  bpf_task_storage_get bpf_task_storage_delete bpf_sk_storage_get bpf_inode_storage_get bpf_cgrp_storage_get
  bpf_get_current_task_btf bpf_get_current_comm bpf_get_current_pid_tgid bpf_get_current_uid_gid bpf_current_task_under_cgroup
  bpf_ktime_get_ns bpf_get_smp_processor_id bpf_trace_printk bpf_probe_read_user_str bpf_probe_read_kernel bpf_loop
  bpf_get_current_cgroup_id bpf_skb_load_bytes bpf_send_signal bpf_redirect bpf_redirect_map
`
    .split(/\s+/)
    .filter(Boolean),
);
