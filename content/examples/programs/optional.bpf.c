#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

// #region weak
extern struct task_struct *bpf_task_from_vpid(s32 pid) __ksym __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

static void tell_first(void)
{
	struct task_struct *task;

	if (!bpf_ksym_exists(bpf_task_from_vpid))
		return; /* this kernel is too old: do without */
	task = bpf_task_from_vpid(1);
	if (!task)
		return;
	bpf_printk("process 1 is %s", task->comm);
	bpf_task_release(task);
}
// #endregion

SEC("tp_btf/sched_process_exec")
int at_exec(void *ctx)
{
	tell_first();
	return 0;
}
