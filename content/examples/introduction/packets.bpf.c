#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

// #region program
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 row = 0;
	__u64 *seen = bpf_map_lookup_elem(&packets, &row);

	if (seen)
		__sync_fetch_and_add(seen, 1);
	return XDP_PASS;
}
// #endregion

char LICENSE[] SEC("license") = "GPL";
