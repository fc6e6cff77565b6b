#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define CLASS 0x28
#define TC_ACT_OK 0
#define IP_CHECK (sizeof(struct ethhdr) + offsetof(struct iphdr, check))

static struct iphdr *ipv4(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > (void *)(long)skb->data_end || eth->h_proto != bpf_htons(ETH_P_IP))
		return NULL;
	return ip;
}

// #region careless
SEC("tc")
int careless(struct __sk_buff *skb)
{
	struct iphdr *ip = ipv4(skb);

	if (ip)
		ip->tos = CLASS;
	return TC_ACT_OK;
}
// #endregion

// #region careful
SEC("tc")
int careful(struct __sk_buff *skb)
{
	__be16 old, new = bpf_htons(CLASS);
	struct iphdr *ip = ipv4(skb);

	if (!ip)
		return TC_ACT_OK;
	old = bpf_htons(ip->tos);
	ip->tos = CLASS;
	bpf_l3_csum_replace(skb, IP_CHECK, old, new, sizeof(new));
	return TC_ACT_OK;
}
// #endregion
