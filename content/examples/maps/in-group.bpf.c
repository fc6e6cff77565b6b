#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region group
struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32); /* user space puts a descriptor of a cgroup's folder here */
} groups SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_openat")
int only_in_group(void *ctx)
{
	if (bpf_current_task_under_cgroup(&groups, 0) != 1)
		return 0;
	bpf_printk("an open from within the group");
	return 0;
}
// #endregion
