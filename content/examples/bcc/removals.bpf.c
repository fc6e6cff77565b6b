#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "removals.h"

char LICENSE[] SEC("license") = "GPL";

// #region program
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 * 4096);
} removals SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_unlinkat")
int unlinkat(struct trace_event_raw_sys_enter *ctx)
{
	struct removal removal = {};

	removal.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(removal.command, sizeof(removal.command));
	bpf_probe_read_user_str(removal.name, sizeof(removal.name), (void *)ctx->args[1]);
	bpf_ringbuf_output(&removals, &removal, sizeof(removal), 0);
	return 0;
}
// #endregion
