#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region types
struct task_struct___mine {
	int tgid;
	struct task_struct___mine *real_parent;
} __attribute__((preserve_access_index));
// #endregion

// #region program
SEC("tracepoint/sched/sched_process_exec")
int show_parent(void *ctx)
{
	struct task_struct___mine *task = (void *)bpf_get_current_task();
	int parent = BPF_CORE_READ(task, real_parent, tgid);

	bpf_printk("parent %d", parent);
	return 0;
}
// #endregion
