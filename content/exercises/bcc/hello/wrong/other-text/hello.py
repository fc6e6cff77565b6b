from bcc import BPF

source = r"""
TRACEPOINT_PROBE(sched, sched_process_fork)
{
	bpf_trace_printk("Hello, world!\n");
	return 0;
}
"""

BPF(text=source).trace_print()
