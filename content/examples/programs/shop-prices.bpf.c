#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("uprobe//root/lesson/shop:price")
int BPF_UPROBE(asked, int pieces)
{
	bpf_printk("price(%d)", pieces);
	return 0;
}

SEC("uretprobe//root/lesson/shop:price")
int BPF_URETPROBE(answered, int ret)
{
	bpf_printk("price returned %d", ret);
	return 0;
}
// #endregion
