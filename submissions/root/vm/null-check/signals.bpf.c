#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* Which signals somebody wants to know about, and how often each was sent. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} watched SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_kill")
int count_signal(struct trace_event_raw_sys_enter *ctx)
{
	__u32 signal = ctx->args[1]; /* kill(pid, signal) */
	__u64 *count;

	count = bpf_map_lookup_elem(&watched, &signal);
	__sync_fetch_and_add(count, 1);
	return 0;
}
