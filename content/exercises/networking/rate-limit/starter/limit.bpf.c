#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800

char LICENSE[] SEC("license") = "GPL";

/* The tokens of one sender. Others write and read this: leave it as it is. */
struct sender_bucket {
	__u64 tokens;   /* so many packets may pass now */
	__u64 burst;    /* the bucket holds no more than this */
	__u64 interval; /* a token is added each time so many nanoseconds have passed; never 0 */
	__u64 since;    /* by bpf_ktime_get_ns: tokens are added for the time up to here */
	struct bpf_spin_lock lock;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __be32);
	__type(value, struct sender_bucket);
} buckets SEC(".maps");

SEC("xdp")
int limit(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;

	__be32 source = ip->saddr;
	struct sender_bucket *bucket = bpf_map_lookup_elem(&buckets, &source);

	if (!bucket)
		return XDP_PASS;

	/* TODO: add the tokens of the time that has passed, but no more than the bucket holds. Then take one, or drop the frame. */
	return XDP_PASS;
}
