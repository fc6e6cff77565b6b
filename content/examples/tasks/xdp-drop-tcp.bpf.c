#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("xdp")
int without_options(struct xdp_md *ctx)
{
	void *next = (void *)(long)ctx->data + sizeof(struct ethhdr);
	void *data_end = (void *)(long)ctx->data_end;

	// #region test
	struct iphdr *ip = next;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS;
	// #endregion
	return ip->ihl == 5 ? XDP_PASS : XDP_DROP;
}
