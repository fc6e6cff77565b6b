#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/syscalls/sys_enter_execve")
int hello(void *ctx)
{
	struct task_struct *me = (void *)bpf_get_current_task_btf();
	bpf_printk("%s (process %d) starts a program", me->comm, me->pid);
	return 0;
}
