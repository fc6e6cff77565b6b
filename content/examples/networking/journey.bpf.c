#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define TC_ACT_UNSPEC (-1) /* no opinion: ask the next one */

// #region in
__u64 at_xdp, at_tc_in, at_socket_in;

SEC("xdp")
int from_driver(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&at_xdp, 1);
	return XDP_PASS;
}

SEC("tc")
int tc_in(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&at_tc_in, 1);
	return TC_ACT_UNSPEC;
}

SEC("cgroup_skb/ingress")
int to_socket(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&at_socket_in, 1);
	return 1; /* 1 lets the packet through, 0 drops it */
}
// #endregion

// #region out
__u64 at_socket_out, at_tc_out;

SEC("cgroup_skb/egress")
int from_socket(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&at_socket_out, 1);
	return 1;
}

SEC("tc")
int tc_out(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&at_tc_out, 1);
	return TC_ACT_UNSPEC;
}
// #endregion
