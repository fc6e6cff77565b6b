#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

__u64 sum;

// #region bounded
SEC("xdp")
int bounded(struct xdp_md *ctx)
{
	for (int i = 0; i < 1000; i++)
		sum += i & bpf_get_prandom_u32();
	return XDP_PASS;
}
// #endregion

// #region callback
static long add(__u64 i, void *unused)
{
	sum += i & bpf_get_prandom_u32();
	return 0; /* 1 would end the loop */
}

SEC("xdp")
int callback(struct xdp_md *ctx)
{
	bpf_loop(1000, add, NULL, 0);
	return XDP_PASS;
}
// #endregion

// #region iterator
SEC("xdp")
int iterator(struct xdp_md *ctx)
{
	struct bpf_iter_num numbers;
	int *i;

	bpf_iter_num_new(&numbers, 0, 1000);
	while ((i = bpf_iter_num_next(&numbers)))
		sum += *i & bpf_get_prandom_u32();
	bpf_iter_num_destroy(&numbers);
	return XDP_PASS;
}
// #endregion
