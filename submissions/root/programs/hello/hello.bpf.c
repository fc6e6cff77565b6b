#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* bpf_printk is for programs under the GPL only, and this line says that yours is one. */
char LICENSE[] SEC("license") = "GPL";

/* TODO: this program runs whenever a process closes a file. Let it run whenever a process calls execve. */
SEC("tracepoint/syscalls/sys_enter_close")
int hello(void *ctx)
{
	/* TODO: print the message. */
	return 0;
}
