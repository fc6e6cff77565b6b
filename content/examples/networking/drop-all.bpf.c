#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define TC_ACT_SHOT 2

// #region programs
SEC("xdp")
int at_driver(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("tc")
int at_tc(struct __sk_buff *skb)
{
	return TC_ACT_SHOT;
}
// #endregion
