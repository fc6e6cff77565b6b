#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("iter/task")
int tasks(struct bpf_iter__task *ctx)
{
	struct seq_file *out = ctx->meta->seq;
	struct task_struct *task = ctx->task;

	if (!task || !task->mm)
		return 0; /* the end of the list, or a thread of the kernel */
	BPF_SEQ_PRINTF(out, "%-16s process %d, parent %d\n", task->comm, task->tgid, task->real_parent->tgid);
	return 0;
}
// #endregion
