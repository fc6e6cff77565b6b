#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800

extern int bpf_dynptr_from_xdp(struct xdp_md *ctx, __u64 flags, struct bpf_dynptr *packet) __ksym;
extern void *bpf_dynptr_slice(const struct bpf_dynptr *packet, __u32 at, void *buffer, __u32 size) __ksym;

// #region program
SEC("xdp")
int drop_port(struct xdp_md *ctx)
{
	struct bpf_dynptr packet;
	struct ethhdr *eth, eth_copy;
	struct iphdr *ip, ip_copy;
	struct udphdr *udp, udp_copy;

	if (bpf_dynptr_from_xdp(ctx, 0, &packet))
		return XDP_PASS;
	eth = bpf_dynptr_slice(&packet, 0, &eth_copy, sizeof(*eth));
	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	ip = bpf_dynptr_slice(&packet, sizeof(*eth), &ip_copy, sizeof(*ip));
	if (!ip || ip->protocol != IPPROTO_UDP)
		return XDP_PASS;
	udp = bpf_dynptr_slice(&packet, sizeof(*eth) + ip->ihl * 4, &udp_copy, sizeof(*udp));
	return udp && udp->dest == bpf_htons(9) ? XDP_DROP : XDP_PASS;
}
// #endregion
