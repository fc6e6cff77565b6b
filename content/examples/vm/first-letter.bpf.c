#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("tracepoint/syscalls/sys_enter_openat")
int absolute(struct trace_event_raw_sys_enter *ctx)
{
	const char *path = (const char *)ctx->args[1];
	char first = 0;

	bpf_probe_read_user(&first, sizeof(first), path);
	if (first == '/')
		bpf_printk("from the root");
	return 0;
}
// #endregion
