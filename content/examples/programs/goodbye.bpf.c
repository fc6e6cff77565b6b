// #region program
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tracepoint/sched/sched_process_exit")
int goodbye(void *ctx)
{
	bpf_printk("Goodbye, BPF World!");
	return 0;
}
// #endregion
