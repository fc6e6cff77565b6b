#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define TC_ACT_OK 0
#define FRAGMENT 0x3fff /* of frag_off: more fragments follow, or this one is not the first */

char LICENSE[] SEC("license") = "GPL";

/* What clients see, and where the service really is. Others write this: leave it as it is. */
struct service {
	__be32 outside;
	__be32 inside;
	__be16 outside_port;
	__be16 inside_port;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct service);
} service SEC(".maps");

SEC("tc")
int from_clients(struct __sk_buff *skb)
{
	/* TODO: if this is for the outside address and port, put the inside ones in their place, and update the checksums. */
	return TC_ACT_OK;
}

SEC("tc")
int to_clients(struct __sk_buff *skb)
{
	/* TODO: if this is from the inside address and port, put the outside ones in their place, and update the checksums. */
	return TC_ACT_OK;
}
