#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
__u64 bytes;

SEC("xdp.frags")
int whole(struct xdp_md *ctx)
{
	__u64 first_piece = ctx->data_end - ctx->data;
	__u64 all = bpf_xdp_get_buff_len(ctx);
	__u8 last;

	if (all > first_piece && bpf_xdp_load_bytes(ctx, all - 1, &last, sizeof(last)))
		return XDP_ABORTED;
	__sync_fetch_and_add(&bytes, all);
	return XDP_PASS;
}
// #endregion
