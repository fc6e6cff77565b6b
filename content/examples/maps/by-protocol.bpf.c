#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD

int ipv4(struct xdp_md *ctx);
int ipv6(struct xdp_md *ctx);

// #region array
enum parser_slot { SLOT_IPV4, SLOT_IPV6, SLOTS };

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SLOTS);
	__uint(key_size, sizeof(__u32));
	__array(values, int (struct xdp_md *));
} parsers SEC(".maps") = {
	.values = {
		[SLOT_IPV4] = (void *)&ipv4,
		[SLOT_IPV6] = (void *)&ipv6,
	},
};
// #endregion

// #region entry
SEC("xdp")
int entry(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 slot = SLOTS; /* there is no such slot */

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		slot = SLOT_IPV4;
	else if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		slot = SLOT_IPV6;
	bpf_tail_call(ctx, &parsers, slot);
	/* Another protocol, or the slot is empty. */
	return XDP_PASS;
}
// #endregion

// #region parser
SEC("xdp")
int ipv4(struct xdp_md *ctx)
{
	return XDP_DROP;
}
// #endregion

SEC("xdp")
int ipv6(struct xdp_md *ctx)
{
	return XDP_PASS;
}
