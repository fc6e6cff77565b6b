from bcc import BPF

source = r"""
int kprobe__sys_execve(void *ctx)
{
	bpf_trace_printk("Hello, World!\n");
	return 0;
}
"""

BPF(text=source).trace_print()
