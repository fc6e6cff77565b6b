#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("xdp")
int on_packet(struct __sk_buff *ctx)
{
	return ctx->priority ? XDP_PASS : XDP_DROP;
}
// #endregion
