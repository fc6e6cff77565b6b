#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("raw_tracepoint/sys_enter")
int hello(void *ctx)
{
	bpf_printk("Hello, BPF World!");
	return 0;
}
