#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define TC_ACT_OK 0
#define TC_ACT_SHOT 2

// #region program
SEC("tc")
int subtracts(struct __sk_buff *skb)
{
	__u8 *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;

	if ((void *)(data + 1) > data_end)
		return TC_ACT_OK;
	if (data[0] -= 0x45) /* meant: == */
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}
// #endregion
