#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("xdp")
int wait(struct xdp_md *ctx)
{
	while (bpf_get_prandom_u32() != 7)
		;
	return XDP_PASS;
}
// #endregion
