#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

int first(struct xdp_md *ctx);
int second(struct xdp_md *ctx);
int third(struct xdp_md *ctx);

/* Slot -> program. libbpf fills it when it loads this file; others change it while the programs run. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__array(values, int (struct xdp_md *));
} stages SEC(".maps") = {
	.values = {
		[1] = (void *)&first,
		[2] = (void *)&second,
		[3] = (void *)&third,
	},
};

/* Row 0 says which stages ran: each adds its digit at the end. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} trail SEC(".maps");

static __always_inline void leave(int digit)
{
	__u32 row = 0;
	__u64 *number = bpf_map_lookup_elem(&trail, &row);

	if (number)
		*number = *number * 10 + digit;
}

SEC("xdp")
int entry(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 1);
	bpf_tail_call(ctx, &stages, 2);
	bpf_tail_call(ctx, &stages, 3);
	return XDP_ABORTED;
}

SEC("xdp")
int first(struct xdp_md *ctx)
{
	leave(1);
	bpf_tail_call(ctx, &stages, 2);
	bpf_tail_call(ctx, &stages, 3);
	return XDP_PASS;
}

SEC("xdp")
int second(struct xdp_md *ctx)
{
	leave(2);
	bpf_tail_call(ctx, &stages, 3);
	return XDP_PASS;
}

SEC("xdp")
int third(struct xdp_md *ctx)
{
	leave(3);
	return XDP_PASS;
}
