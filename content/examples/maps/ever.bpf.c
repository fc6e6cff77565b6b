#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region map
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} execs_ever SEC(".maps");
// #endregion

SEC("tracepoint/sched/sched_process_exec")
int count(void *ctx)
{
	__u32 row = 0;
	__u64 *n = bpf_map_lookup_elem(&execs_ever, &row);

	if (n)
		__sync_fetch_and_add(n, 1);
	return 0;
}
