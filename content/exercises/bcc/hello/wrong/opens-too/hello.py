from bcc import BPF

source = r"""
TRACEPOINT_PROBE(sched, sched_process_fork)
{
	bpf_trace_printk("Hello, World!\n");
	return 0;
}
TRACEPOINT_PROBE(syscalls, sys_enter_openat)
{
	bpf_trace_printk("Hello, World!\n");
	return 0;
}
"""

BPF(text=source).trace_print()
