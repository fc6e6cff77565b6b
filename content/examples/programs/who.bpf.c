#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("tracepoint/syscalls/sys_enter_sync")
int who(void *ctx)
{
	char name[16];

	bpf_get_current_comm(name, sizeof(name));
	bpf_printk("%s (process %d) calls sync", name, bpf_get_current_pid_tgid() >> 32);
	return 0;
}
// #endregion
