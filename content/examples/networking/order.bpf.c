#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
__u64 seen;

SEC("tcx/ingress")
int count(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&seen, 1);
	return TCX_NEXT;
}

SEC("tcx/ingress")
int gate(struct __sk_buff *skb)
{
	return skb->len > 500 ? TCX_DROP : TCX_NEXT;
}
// #endregion
