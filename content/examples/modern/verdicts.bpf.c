#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_ARP 0x0806

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10000);
	__type(key, __u32);
	__type(value, __u64);
} senders SEC(".maps");

// #region cheap
SEC("xdp")
int cheap(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > end)
		return XDP_DROP;
	if (eth->h_proto != bpf_htons(ETH_P_IP) && eth->h_proto != bpf_htons(ETH_P_ARP))
		return XDP_DROP;
	return XDP_PASS;
}
// #endregion

// #region dear
SEC("xdp")
int dear(struct xdp_md *ctx)
{
	__u32 now = bpf_ktime_get_ns();
	__u64 one = 1;

	bpf_map_update_elem(&senders, &now, &one, BPF_ANY);
	return cheap(ctx);
}
// #endregion
