#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct rule {
	__u32 limit;
	__u32 verdict;
};

// #region program
__noinline int judge(struct rule *rule, __u32 length)
{
	return length > rule->limit ? rule->verdict : XDP_PASS;
}

SEC("xdp")
int check(struct xdp_md *ctx)
{
	struct rule rule = { .limit = 1000, .verdict = XDP_DROP };

	return judge(&rule, ctx->data_end - ctx->data) == XDP_DROP ? XDP_DROP : XDP_PASS;
}
// #endregion
