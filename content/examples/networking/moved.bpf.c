#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define IP_NOT_FIRST 0x1fff /* the part of frag_off that is not 0 in all fragments but the first */
#define TC_ACT_OK 0

// #region offsets
#define ETH_LEN sizeof(struct ethhdr)
#define IP_CHECK (ETH_LEN + offsetof(struct iphdr, check))
#define IP_DADDR (ETH_LEN + offsetof(struct iphdr, daddr))
#define UDP_CHECK (ETH_LEN + sizeof(struct iphdr) + offsetof(struct udphdr, check))
// #endregion

static bool is_for(__be32 address, void *data, void *data_end)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);

	return (void *)(udp + 1) <= data_end && eth->h_proto == bpf_htons(ETH_P_IP) && ip->ihl == 5 &&
	       ip->protocol == IPPROTO_UDP && !(ip->frag_off & bpf_htons(IP_NOT_FIRST)) && ip->daddr == address;
}

// #region tc
SEC("tc")
int at_tc(struct __sk_buff *skb)
{
	__be32 old = bpf_htonl(0x0a090909), new = bpf_htonl(0x0a000002); /* 10.9.9.9, 10.0.0.2 */
	__u64 flags = BPF_F_PSEUDO_HDR | BPF_F_MARK_MANGLED_0 | sizeof(new);

	if (!is_for(old, (void *)(long)skb->data, (void *)(long)skb->data_end))
		return TC_ACT_OK;
	bpf_l4_csum_replace(skb, UDP_CHECK, old, new, flags);
	bpf_l3_csum_replace(skb, IP_CHECK, old, new, sizeof(new));
	bpf_skb_store_bytes(skb, IP_DADDR, &new, sizeof(new), 0);
	return TC_ACT_OK;
}
// #endregion

// #region fold
static __sum16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}
// #endregion

// #region xdp
SEC("xdp")
int at_xdp(struct xdp_md *ctx)
{
	__be32 old = bpf_htonl(0x0a090909), new = bpf_htonl(0x0a000002);
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);

	if (!is_for(old, eth, (void *)(long)ctx->data_end))
		return XDP_PASS;
	ip->check = fold(bpf_csum_diff(&old, sizeof(old), &new, sizeof(new), (__u16)~ip->check));
	if (udp->check) {
		udp->check = fold(bpf_csum_diff(&old, sizeof(old), &new, sizeof(new), (__u16)~udp->check));
		if (!udp->check)
			udp->check = 0xffff;
	}
	ip->daddr = new;
	return XDP_PASS;
}
// #endregion
