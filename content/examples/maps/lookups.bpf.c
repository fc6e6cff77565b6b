#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800

// #region lru
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 10000);
	__type(key, __u32); /* an address */
	__type(value, __u64); /* packets from there */
} senders SEC(".maps");
// #endregion

// #region trie
struct network_prefix {
	__u32 bits; /* how many bits of the address count */
	__u8 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct network_prefix);
	__type(value, __u32);
} networks SEC(".maps");
// #endregion

// #region queue
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 64);
	__type(value, __u16); /* no key: there is only a first and a last */
} free_ports SEC(".maps");
// #endregion

// #region bloom
struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 10000);
	__uint(map_extra, 5); /* hash functions */
	__type(value, __u32);
} seen SEC(".maps");
// #endregion

// #region classify
static __u32 network_of(__u32 address)
{
	struct network_prefix whole = { .bits = 32 };
	__u32 *network;

	__builtin_memcpy(whole.address, &address, sizeof(whole.address));
	network = bpf_map_lookup_elem(&networks, &whole);
	return network ? *network : 0;
}
// #endregion

// #region use
static int is_new(__u32 address)
{
	if (bpf_map_peek_elem(&seen, &address) == 0)
		return 0; /* probably seen before */
	bpf_map_push_elem(&seen, &address, BPF_ANY);
	return 1; /* certainly not */
}

static __u16 take_port(void)
{
	__u16 port = 0;

	bpf_map_pop_elem(&free_ports, &port);
	return port;
}
// #endregion

SEC("xdp")
int look_up(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	__u64 one = 1, *packets;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	packets = bpf_map_lookup_elem(&senders, &ip->saddr);
	if (packets)
		__sync_fetch_and_add(packets, 1);
	else
		bpf_map_update_elem(&senders, &ip->saddr, &one, BPF_NOEXIST);
	if (network_of(ip->saddr) == 0 && is_new(ip->saddr) && take_port() == 0)
		return XDP_DROP;
	return XDP_PASS;
}
