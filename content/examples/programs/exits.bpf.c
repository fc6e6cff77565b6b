#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "exits.h"

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

// #region settings
/* For the loader: set before loading, and a constant from then on. */
const volatile bool only_failures = false;

/* For the loader: how many there were, at any time. */
__u64 seen = 0;
// #endregion

// #region program
SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	int code = task->exit_code >> 8;
	struct exit_event *event;

	if (task->pid != task->tgid)
		return 0; /* only a thread */
	__sync_fetch_and_add(&seen, 1);
	if (only_failures && code == 0)
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = task->tgid;
	event->code = code;
	bpf_get_current_comm(event->command, sizeof(event->command));
	bpf_ringbuf_submit(event, 0);
	return 0;
}
// #endregion
