#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("xdp")
int drop_multicast(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u8 *first = data;

	if (data + 1 > data_end)
		return XDP_PASS;
	return *first & 1 ? XDP_DROP : XDP_PASS;
}
// #endregion
