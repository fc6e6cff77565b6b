#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* The kernel's own functions for Reno. */
extern __u32 tcp_reno_ssthresh(struct sock *sk) __ksym;
extern __u32 tcp_reno_undo_cwnd(struct sock *sk) __ksym;
extern void tcp_reno_cong_avoid(struct sock *sk, __u32 ack, __u32 acked) __ksym;

/* The largest window, in packets; it can be changed at any time. */
volatile __u32 cap = 20;

SEC("struct_ops/capped_ssthresh")
__u32 BPF_PROG(capped_ssthresh, struct sock *sk)
{
	return tcp_reno_ssthresh(sk);
}

SEC("struct_ops/capped_cong_avoid")
void BPF_PROG(capped_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;

	/* TODO: let the window grow as Reno does, but never above cap. */
}

/* TODO: a congestion control needs one more function. */
SEC(".struct_ops")
struct tcp_congestion_ops capped = {
	.ssthresh = (void *)capped_ssthresh,
	.cong_avoid = (void *)capped_cong_avoid,
	.name = "capped",
};
