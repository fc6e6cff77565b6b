#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region map
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} execs SEC(".maps");
// #endregion

// #region program
SEC("tracepoint/sched/sched_process_exec")
int count(void *ctx)
{
	__u64 group = bpf_get_current_cgroup_id();
	__u64 one = 1, *execs_there;

	execs_there = bpf_map_lookup_elem(&execs, &group);
	if (execs_there)
		__sync_fetch_and_add(execs_there, 1);
	else
		bpf_map_update_elem(&execs, &group, &one, BPF_NOEXIST);
	return 0;
}
// #endregion
