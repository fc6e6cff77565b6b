#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* For a kernel that has no field for the state which we know. */
#define STATE_UNKNOWN (~0ULL)

/* Others read this map: leave it and struct row as they are. */
struct row {
	__u64 parent; /* the process id of the parent */
	__u64 state;  /* what the kernel says of the parent's state */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32); /* the id of the thread that ends */
	__type(value, struct row);
} parents SEC(".maps");

SEC("raw_tp/sched_process_exit")
int see_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	__u32 pid = BPF_CORE_READ(task, pid);
	struct row row = { 0 };

	bpf_map_update_elem(&parents, &pid, &row, BPF_ANY);
	return 0;
}
