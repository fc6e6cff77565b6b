#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int police(struct __sk_buff *skb)
{
	__u16 type, port;
	if (bpf_skb_load_bytes(skb, 12, &type, 2) || type != bpf_htons(0x0800))
		return 0;
	if (bpf_skb_load_bytes(skb, 36, &port, 2))
		return 0;
	return port ? 2 : 0;
}
