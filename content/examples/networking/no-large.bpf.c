#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
#define TC_ACT_OK 0
#define TC_ACT_SHOT 2

SEC("tc")
int no_large(struct __sk_buff *skb)
{
	if (skb->len > 500)
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}
// #endregion
