#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("netkit/peer")
int from_pod(struct __sk_buff *skb)
{
	return skb->len > 500 ? NETKIT_DROP : NETKIT_PASS;
}
// #endregion
