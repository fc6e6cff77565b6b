#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define TC_ACT_OK 0

// #region write
struct note {
	__u32 queue;
};

SEC("xdp")
int write_note(struct xdp_md *ctx)
{
	struct note *note;

	/* Room in front of the packet. All pointers into it are void now. */
	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*note)))
		return XDP_PASS; /* this driver has no room */
	note = (void *)(long)ctx->data_meta;
	if ((void *)(note + 1) > (void *)(long)ctx->data)
		return XDP_ABORTED;
	note->queue = 7;
	return XDP_PASS;
}
// #endregion

// #region read
SEC("tc")
int read_note(struct __sk_buff *skb)
{
	struct note *note = (void *)(long)skb->data_meta;

	if ((void *)(note + 1) > (void *)(long)skb->data)
		return TC_ACT_OK; /* nobody has left one */
	skb->mark = note->queue;
	return TC_ACT_OK;
}
// #endregion
