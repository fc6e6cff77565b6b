#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define EPERM 1
#define SIGKILL 9

// #region program
SEC("lsm/path_mkdir")
int BPF_PROG(deny, const struct path *dir, struct dentry *dentry)
{
	char name[16] = {};

	bpf_probe_read_kernel_str(name, sizeof(name), dentry->d_name.name);
	if (bpf_strncmp(name, 7, "secret"))
		return 0;
	bpf_send_signal(SIGKILL);
	return -EPERM;
}
// #endregion
