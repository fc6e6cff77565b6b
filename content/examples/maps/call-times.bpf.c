#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region storage
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64); /* when the call of this thread began */
} began SEC(".maps");
// #endregion

// #region stacks
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, 127 * sizeof(__u64)); /* addresses, the innermost first */
} stacks SEC(".maps");
// #endregion

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32); /* number of a stack */
	__type(value, __u64); /* nanoseconds spent there */
} waited SEC(".maps");

// #region enter
SEC("tp_btf/sys_enter")
int enter(void *ctx)
{
	struct task_struct *me = bpf_get_current_task_btf();
	__u64 *start = bpf_task_storage_get(&began, me, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (start)
		*start = bpf_ktime_get_ns();
	return 0;
}
// #endregion

// #region leave
SEC("tp_btf/sys_exit")
int leave(void *ctx)
{
	__u64 *start = bpf_task_storage_get(&began, bpf_get_current_task_btf(), NULL, 0);
	__u64 time, *sum;
	__s64 stack;
	__u32 key;

	if (!start)
		return 0; /* this call began before we were attached */
	time = bpf_ktime_get_ns() - *start;
	stack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	if (stack < 0)
		return 0;
	key = stack;
	sum = bpf_map_lookup_elem(&waited, &key);
	if (sum)
		__sync_fetch_and_add(sum, time);
	else
		bpf_map_update_elem(&waited, &key, &time, BPF_NOEXIST);
	return 0;
}
// #endregion
