#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} calls SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getsid")
int count_call(void *ctx)
{
	__u32 row = 0;
	__u64 *count = bpf_map_lookup_elem(&calls, &row);

	if (count)
		*count += 1;
	return 0;
}
