#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define EPERM 1

/* Which file is denied to which cgroup. Whoever loads the program fills in the one entry, under key 0. */
struct policy {
	__u64 inode;  /* number of the file in its file system */
	__u64 device; /* the file system, as the kernel numbers it (s_dev) */
	__u64 cgroup; /* as bpf_get_current_cgroup_id() says it */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct policy);
} policy SEC(".maps");

SEC("lsm/file_open")
int BPF_PROG(deny, struct file *file)
{
	__u32 key = 0;
	struct policy *denied = bpf_map_lookup_elem(&policy, &key);

	if (!denied || bpf_get_current_cgroup_id() != denied->cgroup)
		return 0;
	if (file->f_inode->i_sb->s_dev == denied->device)
		return -EPERM;
	return 0;
}
