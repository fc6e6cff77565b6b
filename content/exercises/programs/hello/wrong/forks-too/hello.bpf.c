#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/syscalls/sys_enter_execve")
int hello(void *ctx)
{
	bpf_printk("Hello, BPF World!");
	return 0;
}

SEC("tracepoint/sched/sched_process_fork")
int hello_fork(void *ctx)
{
	bpf_printk("Hello, BPF World!");
	return 0;
}
