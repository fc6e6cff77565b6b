#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/syscalls/sys_exit_execve")
int hello(void *ctx)
{
	bpf_printk("Hello, BPF World!");
	return 0;
}
