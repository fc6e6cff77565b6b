#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define ROUNDS 5000

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ROUNDS);
	__type(key, __u32);
	__type(value, __u64);
} numbers SEC(".maps");

// #region body
static __u64 number(__u32 row)
{
	__u64 *n = bpf_map_lookup_elem(&numbers, &row);

	return n ? *n : 0;
}
// #endregion

__u64 total;

// #region plain
SEC("xdp")
int plain(struct xdp_md *ctx)
{
	__u64 sum = 0;

	for (int i = 0; i < ROUNDS; i++)
		sum += number(i);
	total = sum;
	return XDP_PASS;
}
// #endregion

// #region callback
static long add(__u64 i, void *sum)
{
	*(__u64 *)sum += number(i);
	return 0; /* 1 would end the loop */
}

SEC("xdp")
int callback(struct xdp_md *ctx)
{
	__u64 sum = 0;

	bpf_loop(ROUNDS, add, &sum, 0);
	total = sum;
	return XDP_PASS;
}
// #endregion

// #region iterator
SEC("xdp")
int iterator(struct xdp_md *ctx)
{
	struct bpf_iter_num rounds;
	__u64 sum = 0;
	int *i;

	bpf_iter_num_new(&rounds, 0, ROUNDS);
	while ((i = bpf_iter_num_next(&rounds)))
		sum += number(*i);
	bpf_iter_num_destroy(&rounds);
	total = sum;
	return XDP_PASS;
}
// #endregion

// #region macro
SEC("xdp")
int iterator_by_macro(struct xdp_md *ctx)
{
	__u64 sum = 0;
	int i;

	bpf_for(i, 0, ROUNDS)
		sum += number(i);
	total = sum;
	return XDP_PASS;
}
// #endregion

// #region rows
static long add_row(struct bpf_map *map, __u32 *key, __u64 *value, __u64 *sum)
{
	*sum += *value;
	return 0;
}

SEC("xdp")
int rows(struct xdp_md *ctx)
{
	__u64 sum = 0;

	bpf_for_each_map_elem(&numbers, add_row, &sum, 0);
	total = sum;
	return XDP_PASS;
}
// #endregion
