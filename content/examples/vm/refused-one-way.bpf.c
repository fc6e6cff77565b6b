#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} total SEC(".maps");

// #region program
SEC("xdp")
int add_up(struct xdp_md *ctx)
{
	__u32 size = ctx->data_end - ctx->data;
	__u32 row = 0;
	__u64 *bytes = bpf_map_lookup_elem(&total, &row);

	if (size > 100 && !bytes)
		return XDP_PASS;
	*bytes += size;
	return XDP_PASS;
}
// #endregion
