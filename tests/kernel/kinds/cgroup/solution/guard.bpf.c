#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u16 closed_port;

SEC("cgroup/connect4")
int guard(struct bpf_sock_addr *ctx)
{
	return ctx->user_port != bpf_htons(closed_port);
}
