#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* The id of the process to watch. User space sets it at any time, and reads the maps: leave all three as they are. */
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
	return 0;
}

SEC("fexit/locks_lock_inode_wait")
int BPF_PROG(leave, struct inode *inode, struct file_lock *lock, int result)
{
	return 0;
}
