#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* What the reader gets for each call of kill. Others read this: leave it as it is. */
struct event {
	__u32 sender; /* the process that calls */
	__u32 target;
	__u32 signal;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024); /* bytes */
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_kill")
int tell_kill(struct trace_event_raw_sys_enter *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	event->sender = bpf_get_current_pid_tgid() >> 32;
	event->target = ctx->args[0];
	event->signal = ctx->args[1];
	bpf_ringbuf_submit(event, 0);
	return 0;
}
