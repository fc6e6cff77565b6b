#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

__u64 total;

SEC("uprobe")
int BPF_KPROBE(sum, int grams, int pieces)
{
	__sync_fetch_and_add(&total, (__u32)pieces);
	return 0;
}
