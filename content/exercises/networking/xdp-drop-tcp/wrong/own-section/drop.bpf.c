#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define ETH_P_8021Q 0x8100

char LICENSE[] SEC("license") = "GPL";

SEC("mysection")
int drop_tcp(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	void *next = eth + 1;

	if (next > data_end)
		return XDP_PASS;
	__be16 type = eth->h_proto;

	if (type == bpf_htons(ETH_P_8021Q)) {
		struct vlan_hdr *tag = next;

		if ((void *)(tag + 1) > data_end)
			return XDP_PASS;
		type = tag->h_vlan_encapsulated_proto;
		next = tag + 1;
	}

	if (type == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = next;

		if ((void *)(ip + 1) > data_end)
			return XDP_PASS;
		return ip->protocol == IPPROTO_TCP ? XDP_DROP : XDP_PASS;
	}
	if (type == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip = next;

		if ((void *)(ip + 1) > data_end)
			return XDP_PASS;
		return ip->nexthdr == IPPROTO_TCP ? XDP_DROP : XDP_PASS;
	}
	return XDP_PASS;
}
