#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/net/netif_receive_skb")
int drop_tcp(void *ctx)
{
	return XDP_DROP;
}
