#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("fentry/_do_fork")
int BPF_PROG(on_fork, struct kernel_clone_args *args)
{
	bpf_printk("a new process, with flags %llx", args->flags);
	return 0;
}
// #endregion
