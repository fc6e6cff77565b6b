#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

// #region enter
SEC("tracepoint/syscalls/sys_enter_kill")
int on_kill(struct trace_event_raw_sys_enter *ctx)
{
	bpf_printk("signal %ld for process %ld", ctx->args[1], ctx->args[0]);
	return 0;
}
// #endregion

// #region exit
SEC("tracepoint/syscalls/sys_exit_kill")
int after_kill(struct trace_event_raw_sys_exit *ctx)
{
	bpf_printk("kill returned %ld", ctx->ret);
	return 0;
}
// #endregion

// #region btf
SEC("tp_btf/sched_process_exit")
int BPF_PROG(at_exit, struct task_struct *task)
{
	if (task->exit_code & 0x7f)
		bpf_printk("%s died of signal %d", task->comm, task->exit_code & 0x7f);
	return 0;
}
// #endregion
