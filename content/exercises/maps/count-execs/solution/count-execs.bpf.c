#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_execve")
int count_exec(void *ctx)
{
	__u32 uid = (__u32)bpf_get_current_uid_gid();
	__u64 zero = 0, *count;

	/* Does nothing if the row is there. Another CPU may be making it at this very moment: that is fine, too. */
	bpf_map_update_elem(&counts, &uid, &zero, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&counts, &uid);
	if (count)
		__sync_fetch_and_add(count, 1);
	return 0;
}
