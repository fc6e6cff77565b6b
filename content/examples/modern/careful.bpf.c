#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

// #region declare
extern __u32 tcp_reno_ssthresh(struct sock *sk) __ksym;
extern __u32 tcp_reno_undo_cwnd(struct sock *sk) __ksym;
extern void tcp_reno_cong_avoid(struct sock *sk, __u32 ack, __u32 acked) __ksym;

__u64 acknowledged = 0;
// #endregion

// #region operations
SEC("struct_ops/careful_ssthresh")
__u32 BPF_PROG(careful_ssthresh, struct sock *sk)
{
	return tcp_reno_ssthresh(sk);
}

SEC("struct_ops/careful_undo_cwnd")
__u32 BPF_PROG(careful_undo_cwnd, struct sock *sk)
{
	return tcp_reno_undo_cwnd(sk);
}

SEC("struct_ops/careful_cong_avoid")
void BPF_PROG(careful_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
	__sync_fetch_and_add(&acknowledged, acked);
	tcp_reno_cong_avoid(sk, ack, acked);
}
// #endregion

// #region table
SEC(".struct_ops")
struct tcp_congestion_ops careful = {
	.ssthresh = (void *)careful_ssthresh,
	.undo_cwnd = (void *)careful_undo_cwnd,
	.cong_avoid = (void *)careful_cong_avoid,
	.name = "careful",
};
// #endregion
