#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "execs.h"

char LICENSE[] SEC("license") = "GPL";

// #region map
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024); /* bytes: a power of two, in whole pages */
} events SEC(".maps");
// #endregion

// #region program
SEC("tracepoint/sched/sched_process_exec")
int tell_exec(void *ctx)
{
	struct exec *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return 0; /* full: this event is lost */
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = (__u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(event->command, sizeof(event->command));
	bpf_ringbuf_submit(event, 0);
	return 0;
}
// #endregion
