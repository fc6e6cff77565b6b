#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* The id of the process to watch. User space sets it at any time. */
volatile __u32 target;

/* The id of a thread that is in a call, and when it entered. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} starts SEC(".maps");

/* How many calls took 2^key nanoseconds or more, but less than 2^(key + 1). */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} latencies SEC(".maps");

SEC("fentry/locks_lock_inode_wait")
int BPF_PROG(enter)
{
	__u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
	__u32 thread = id;

	if (id >> 32 == target)
		bpf_map_update_elem(&starts, &thread, &now, BPF_ANY);
	return 0;
}

SEC("fexit/locks_lock_inode_wait")
int BPF_PROG(leave, struct inode *inode, struct file_lock *lock, int result)
{
	__u32 thread = bpf_get_current_pid_tgid(), bucket = 0;
	__u64 *start = bpf_map_lookup_elem(&starts, &thread), *calls, latency;

	if (!start) /* another process, or a call that was not seen to begin */
		return 0;
	latency = bpf_ktime_get_ns() - *start;
	bpf_map_delete_elem(&starts, &thread);
	if (result != 0)
		return 0;
	for (; bucket < 63 && latency > 1; bucket++)
		latency >>= 1;
	calls = bpf_map_lookup_elem(&latencies, &bucket);
	if (calls)
		__sync_fetch_and_add(calls, 1);
	return 0;
}
