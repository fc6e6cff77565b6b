#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region maps
struct rule_table {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} first_policy SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct rule_table);
} active SEC(".maps") = {
	.values = { (void *)&first_policy },
};
// #endregion

// #region lookup
SEC("xdp")
int decide(struct xdp_md *ctx)
{
	__u32 row = 0, interface = ctx->ingress_ifindex, *verdict;
	void *policy = bpf_map_lookup_elem(&active, &row);

	if (!policy)
		return XDP_PASS;
	verdict = bpf_map_lookup_elem(policy, &interface);
	return verdict && *verdict == XDP_DROP ? XDP_DROP : XDP_PASS;
}
// #endregion
