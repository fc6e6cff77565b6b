#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define SIGKILL 9

// #region program
SEC("tracepoint/syscalls/sys_enter_mkdir")
int kill_it(struct trace_event_raw_sys_enter *ctx)
{
	char path[16] = {};

	bpf_probe_read_user_str(path, sizeof(path), (void *)ctx->args[0]);
	if (bpf_strncmp(path, 12, "/tmp/secret") == 0)
		bpf_send_signal(SIGKILL);
	return 0;
}
// #endregion
