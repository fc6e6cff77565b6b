#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* What the reader gets for each call. Others read this: leave it as it is. */
struct order {
	char customer[16]; /* the text, then zeros */
	__s64 cents;
	__s64 change;
	__u64 pieces;
	__u64 shelf;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} orders SEC(".maps");

SEC("uprobe")
int BPF_UPROBE(see_order, const char *customer, unsigned char shelf, short change, unsigned int pieces, long cents)
{
	struct order *order = bpf_ringbuf_reserve(&orders, sizeof(*order), 0);

	if (!order)
		return 0;
	__builtin_memset(order, 0, sizeof(*order));
	bpf_probe_read_user_str(order->customer, sizeof(order->customer), customer);
	order->shelf = shelf;
	order->change = change;
	order->pieces = pieces;
	order->cents = cents;
	bpf_ringbuf_submit(order, 0);
	return 0;
}
