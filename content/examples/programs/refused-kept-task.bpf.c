#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

extern struct task_struct *bpf_task_from_pid(s32 pid) __ksym;

// #region program
SEC("tp_btf/sys_enter")
int BPF_PROG(first_process, struct pt_regs *regs, long number)
{
	struct task_struct *task = bpf_task_from_pid(1);

	if (!task)
		return 0;
	bpf_printk("process 1 is %s", task->comm);
	return 0;
}
// #endregion
