#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_METER 0x88b5
#define METERS 20

char LICENSE[] SEC("license") = "GPL";

/* What a meter sends behind the Ethernet header, in the byte order of this machine. */
struct reading {
	int meter;
	__u32 joules;
};

/* Others read these sums, and may write to them: leave them as they are. */
struct {
	__u64 elsewhere;
	__u64 by_meter[METERS];
} sums;

SEC("xdp")
int add_reading(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct reading *reading = (void *)(eth + 1);

	if ((void *)(reading + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_METER))
		return XDP_PASS;

	__u32 meter = reading->meter;

	if (meter < METERS)
		__sync_fetch_and_add(&sums.by_meter[meter], reading->joules);
	else
		__sync_fetch_and_add(&sums.elsewhere, reading->joules);
	return XDP_PASS;
}
