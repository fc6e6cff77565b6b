#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* vmlinux.h has types, but no constants that are macros. */
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
	u8 protocol = 0;

	bpf_skb_load_bytes(skb, ETH_HLEN + __builtin_offsetof(struct iphdr, protocol), &protocol, 1);

	/* TODO: add one to the entry of this protocol, for IPv4 only. */
	return 0;
}
