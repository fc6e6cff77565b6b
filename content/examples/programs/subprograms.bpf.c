#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region static
static __noinline int is_short(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data < 64;
}
// #endregion

// #region global
struct rule {
	__u32 limit;
	__u32 verdict;
};

__noinline int judge(struct rule *rule, __u32 length)
{
	if (!rule)
		return XDP_PASS;
	return length > rule->limit ? rule->verdict : XDP_PASS;
}
// #endregion

// #region call
SEC("xdp")
int check(struct xdp_md *ctx)
{
	struct rule rule = { .limit = 1000, .verdict = XDP_DROP };

	if (is_short(ctx))
		return XDP_PASS;
	return judge(&rule, ctx->data_end - ctx->data) == XDP_DROP ? XDP_DROP : XDP_PASS;
}
// #endregion
