#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
__u64 by_queue[16];

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index;

	if (queue <= 16)
		by_queue[queue] += 1;
	return XDP_PASS;
}
// #endregion
