#include <linux/bpf.h>

#define SEC(name) __attribute__((section(name), used))

static long (*trace_printk)(const char *format, unsigned size, ...) = (void *)BPF_FUNC_trace_printk;

SEC("tracepoint/syscalls/sys_enter_execve")
int say_hello(void *ctx)
{
	char text[] = "Hello, BPF World!";

	trace_printk(text, sizeof(text));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
