#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("socket")
int first_byte(struct __sk_buff *skb)
{
	const u32 offset = 0, length = 1;
	u8 to = 0;

	// #region copy
	bpf_skb_load_bytes(skb, offset, &to, length);
	// #endregion
	return to;
}
