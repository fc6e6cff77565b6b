#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define CLASS 0x28
#define TC_ACT_OK 0
#define IP_CHECK (sizeof(struct ethhdr) + offsetof(struct iphdr, check))

// #region program
SEC("tc")
int stale(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;
	struct iphdr *ip = (void *)(eth + 1);
	__be16 old, new = bpf_htons(CLASS);

	if ((void *)(ip + 1) > (void *)(long)skb->data_end)
		return TC_ACT_OK;
	old = bpf_htons(ip->tos);
	bpf_l3_csum_replace(skb, IP_CHECK, old, new, sizeof(new));
	ip->tos = CLASS;
	return TC_ACT_OK;
}
// #endregion
