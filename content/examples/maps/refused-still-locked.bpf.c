#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct totals {
	struct bpf_spin_lock lock;
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct totals);
} traffic SEC(".maps");

// #region program
SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u64 size = ctx->data_end - ctx->data;
	__u32 row = 0;
	struct totals *totals = bpf_map_lookup_elem(&traffic, &row);

	if (!totals)
		return XDP_PASS;
	bpf_spin_lock(&totals->lock);
	totals->packets += 1;
	if (totals->packets == 0)
		return XDP_PASS;
	totals->bytes += size;
	bpf_spin_unlock(&totals->lock);
	return XDP_PASS;
}
// #endregion
