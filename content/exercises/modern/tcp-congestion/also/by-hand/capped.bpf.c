#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

volatile __u32 cap = 20;

SEC("struct_ops/capped_ssthresh")
__u32 BPF_PROG(capped_ssthresh, struct sock *sk)
{
	__u32 half = ((struct tcp_sock *)sk)->snd_cwnd >> 1;

	return half < 2 ? 2 : half;
}

SEC("struct_ops/capped_undo_cwnd")
__u32 BPF_PROG(capped_undo_cwnd, struct sock *sk)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;

	return tp->snd_cwnd > tp->prior_cwnd ? tp->snd_cwnd : tp->prior_cwnd;
}

SEC("struct_ops/capped_cong_avoid")
void BPF_PROG(capped_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	__u32 window = tp->snd_cwnd, most = cap;

	if (tp->is_cwnd_limited || window < 2 * tp->max_packets_out) {
		if (window < tp->snd_ssthresh) {
			window += acked;
			if (window > tp->snd_ssthresh)
				window = tp->snd_ssthresh;
		} else {
			tp->snd_cwnd_cnt += acked;
			if (tp->snd_cwnd_cnt >= window) {
				tp->snd_cwnd_cnt = 0;
				window += 1;
			}
		}
	}
	tp->snd_cwnd = window < most ? window : most;
}

SEC(".struct_ops")
struct tcp_congestion_ops capped = {
	.ssthresh = (void *)capped_ssthresh,
	.undo_cwnd = (void *)capped_undo_cwnd,
	.cong_avoid = (void *)capped_cong_avoid,
	.name = "capped",
};
