from bcc import BPF

source = r"""
int hello(void *ctx)
{
	bpf_trace_printk("Hello, World!\n");
	return 0;
}
"""

b = BPF(text=source)
print("Tracing")
