#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800

// #region map
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10000);
	__type(key, __be32); /* a source address */
	__type(value, __u64); /* packets dropped */
} denied SEC(".maps");
// #endregion

// #region program
SEC("xdp")
int deny(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	__u64 *dropped;

	if ((void *)(ip + 1) > data_end)
		return XDP_PASS; /* too short to be what we look for */
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;

	dropped = bpf_map_lookup_elem(&denied, &ip->saddr);
	if (!dropped)
		return XDP_PASS;
	__sync_fetch_and_add(dropped, 1);
	return XDP_DROP;
}
// #endregion
