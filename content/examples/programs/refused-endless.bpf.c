#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

int stop;

// #region program
SEC("xdp")
int wait(struct xdp_md *ctx)
{
	while (!*(volatile int *)&stop)
		;
	return XDP_PASS;
}
// #endregion
