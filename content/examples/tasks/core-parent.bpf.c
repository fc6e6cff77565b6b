#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region type
struct task_struct___newer {
	unsigned int __state;
} __attribute__((preserve_access_index));
// #endregion

SEC("raw_tp/sched_process_exit")
int see_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct___newer *newer = (void *)ctx->args[0];

	if (bpf_core_field_exists(newer->__state))
		bpf_printk("%u", BPF_CORE_READ(newer, __state));
	return 0;
}
