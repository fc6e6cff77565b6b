from bcc import BPF

source = r"""
TRACEPOINT_PROBE(sched, sched_process_fork)
{
	bpf_trace_printk("Hello, World!\n");
	return 0;
}
int kprobe__kernel_clone(void *ctx)
{
	bpf_trace_printk("Hello, World!\n");
	return 0;
}
"""

BPF(text=source).trace_print()
