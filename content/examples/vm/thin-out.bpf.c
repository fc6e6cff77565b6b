#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("xdp")
int thin_out(struct xdp_md *ctx)
{
	__u32 dice = bpf_get_prandom_u32();
	__u32 size = ctx->data_end - ctx->data;

	if (size > 100 && dice % 4 == 0)
		return XDP_DROP;
	return XDP_PASS;
}
// #endregion
