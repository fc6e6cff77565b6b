#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define ETH_HLEN 14

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("socket")
int count(struct __sk_buff *skb)
{
	u64 zero = 0, *seen;
	u8 protocol = 0;
	u32 key;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return skb->len;
	if (bpf_skb_load_bytes(skb, ETH_HLEN + __builtin_offsetof(struct iphdr, protocol), &protocol, 1))
		return skb->len;

	key = protocol;
	/* Two CPUs may see the first packet of a protocol at once: only one of them makes the row, and both add to it. */
	bpf_map_update_elem(&counts, &key, &zero, BPF_NOEXIST);
	seen = bpf_map_lookup_elem(&counts, &key);
	if (seen)
		__sync_fetch_and_add(seen, 1);
	return skb->len;
}
