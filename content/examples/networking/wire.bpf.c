#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region map
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 256);
	__type(key, __u32); /* the device on which a packet comes in */
	__type(value, __u32); /* the device by which it leaves */
} wires SEC(".maps");
// #endregion

// #region program
SEC("xdp")
int wire(struct xdp_md *ctx)
{
	return bpf_redirect_map(&wires, ctx->ingress_ifindex, XDP_PASS);
}
// #endregion
