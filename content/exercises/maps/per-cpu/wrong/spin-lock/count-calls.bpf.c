#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct number {
	__u64 count;
	struct bpf_spin_lock lock;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct number);
} calls SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getsid")
int count_call(void *ctx)
{
	__u32 row = 0;
	struct number *number = bpf_map_lookup_elem(&calls, &row);

	if (number) {
		bpf_spin_lock(&number->lock);
		number->count += 1;
		bpf_spin_unlock(&number->lock);
	}
	return 0;
}
