#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/syscalls/sys_enter_execve")
int hello(void *ctx)
{
	char comm[16];

	bpf_get_current_comm(comm, sizeof(comm));
	if (comm[0] == 'b' && comm[1] == 'a' && comm[2] == 's' && comm[3] == 'h')
		bpf_printk("Hello, BPF World!");
	return 0;
}
