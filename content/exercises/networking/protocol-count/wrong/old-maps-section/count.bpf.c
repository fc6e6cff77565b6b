#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define ETH_HLEN 14

char LICENSE[] SEC("license") = "GPL";

struct bpf_map_def {
	unsigned int type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def SEC("maps") counts = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(u32),
	.value_size = sizeof(u64),
	.max_entries = 256,
};

SEC("socket")
int count(struct __sk_buff *skb)
{
	u64 first = 1, *seen;
	u8 protocol = 0;
	u32 key;

	if (skb->protocol != bpf_htons(ETH_P_IP))
		return skb->len;
	if (bpf_skb_load_bytes(skb, ETH_HLEN + __builtin_offsetof(struct iphdr, protocol), &protocol, 1))
		return skb->len;

	key = protocol;
	seen = bpf_map_lookup_elem(&counts, &key);
	if (seen)
		__sync_fetch_and_add(seen, 1);
	else
		bpf_map_update_elem(&counts, &key, &first, BPF_ANY);
	return skb->len;
}
