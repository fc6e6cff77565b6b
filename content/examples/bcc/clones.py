from bcc import BPF

source = """
int kprobe__sys_clone(void *ctx)
{
    bpf_trace_printk("Hello, World!\\n");
    return 0;
}
"""

try:
    BPF(text=source).trace_print()
except KeyboardInterrupt:
    pass
