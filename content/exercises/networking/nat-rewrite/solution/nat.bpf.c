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

static int translate(struct __sk_buff *skb, bool inbound)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	__u32 row = 0, checksum_at;
	__u64 flags = 0;
	struct service *known = bpf_map_lookup_elem(&service, &row);

	if (!known || (void *)(ip + 1) > data_end || eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (ip->frag_off & bpf_htons(FRAGMENT))
		return TC_ACT_OK;

	/* Both begin with the ports. */
	struct tcphdr *tcp = (void *)ip + ip->ihl * 4;
	struct udphdr *udp = (void *)tcp;

	if (ip->protocol == IPPROTO_TCP) {
		if ((void *)(tcp + 1) > data_end)
			return TC_ACT_OK;
		checksum_at = offsetof(struct tcphdr, check);
	} else if (ip->protocol == IPPROTO_UDP) {
		if ((void *)(udp + 1) > data_end)
			return TC_ACT_OK;
		checksum_at = offsetof(struct udphdr, check);
		flags = BPF_F_MARK_MANGLED_0;
	} else {
		return TC_ACT_OK;
	}
	__be32 *address = inbound ? &ip->daddr : &ip->saddr;
	__be16 *port = inbound ? &udp->dest : &udp->source;
	__be32 from = inbound ? known->outside : known->inside;
	__be32 to = inbound ? known->inside : known->outside;
	__be16 from_port = inbound ? known->outside_port : known->inside_port;
	__be16 to_port = inbound ? known->inside_port : known->outside_port;

	if (*address != from || *port != from_port)
		return TC_ACT_OK;

	/* The first helper that changes the packet makes all pointers into it invalid: keep offsets. */
	__u32 address_at = (void *)address - data;
	__u32 port_at = (void *)port - data;

	checksum_at += (void *)udp - data;
	bpf_l3_csum_replace(skb, sizeof(*eth) + offsetof(struct iphdr, check), from, to, sizeof(to));
	bpf_l4_csum_replace(skb, checksum_at, from, to, flags | BPF_F_PSEUDO_HDR | sizeof(to));
	bpf_l4_csum_replace(skb, checksum_at, from_port, to_port, flags | sizeof(to_port));
	bpf_skb_store_bytes(skb, address_at, &to, sizeof(to), 0);
	bpf_skb_store_bytes(skb, port_at, &to_port, sizeof(to_port), 0);
	return TC_ACT_OK;
}

SEC("tc")
int from_clients(struct __sk_buff *skb)
{
	return translate(skb, true);
}

SEC("tc")
int to_clients(struct __sk_buff *skb)
{
	return translate(skb, false);
}
