#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int first_byte(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	const int length = 1;

	// #region test
	if (data + length > data_end)
		return XDP_PASS;
	// #endregion
	return *(u8 *)data == 0 ? XDP_DROP : XDP_PASS;
}
