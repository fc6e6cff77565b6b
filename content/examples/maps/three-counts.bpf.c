#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region shared
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} plain SEC(".maps"), atomic SEC(".maps");
// #endregion

// #region per-cpu
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} each_cpu SEC(".maps");
// #endregion

// #region count
SEC("tracepoint/syscalls/sys_enter_getsid")
int count(void *ctx)
{
	__u32 row = 0;
	__u64 *n;

	n = bpf_map_lookup_elem(&plain, &row);
	if (n)
		*n += 1;
	n = bpf_map_lookup_elem(&atomic, &row);
	if (n)
		__sync_fetch_and_add(n, 1);
	n = bpf_map_lookup_elem(&each_cpu, &row);
	if (n)
		*n += 1;
	return 0;
}
// #endregion
