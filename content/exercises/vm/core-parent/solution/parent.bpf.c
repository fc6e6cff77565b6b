#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* For a kernel that has no field for the state which we know. */
#define STATE_UNKNOWN (~0ULL)

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

/* Since Linux 5.14. The loader ignores what follows the three underscores. */
struct task_struct___since_5_14 {
	unsigned int __state;
} __attribute__((preserve_access_index));

/* Before. */
struct task_struct___before_5_14 {
	long state;
} __attribute__((preserve_access_index));

static __always_inline __u64 state_of(void *task)
{
	struct task_struct___since_5_14 *newer = task;
	struct task_struct___before_5_14 *older = task;

	/* The loader answers both questions, and the verifier removes the branches that this kernel cannot take. */
	if (bpf_core_field_exists(newer->__state))
		return BPF_CORE_READ(newer, __state);
	if (bpf_core_field_exists(older->state))
		return BPF_CORE_READ(older, state);
	return STATE_UNKNOWN;
}

SEC("raw_tp/sched_process_exit")
int see_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)ctx->args[0];
	struct task_struct *parent = BPF_CORE_READ(task, real_parent);
	__u32 pid = BPF_CORE_READ(task, pid);
	struct row row = {
		.parent = BPF_CORE_READ(parent, tgid),
		.state = state_of(parent),
	};

	bpf_map_update_elem(&parents, &pid, &row, BPF_ANY);
	return 0;
}
