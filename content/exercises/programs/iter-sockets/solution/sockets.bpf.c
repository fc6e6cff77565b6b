#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

__u64 session;
__u32 found;

SEC("iter/tcp")
int listening(struct bpf_iter__tcp *ctx)
{
	struct seq_file *out = ctx->meta->seq;
	struct sock_common *common = ctx->sk_common;

	if (ctx->meta->session_id != session) {
		session = ctx->meta->session_id;
		found = 0;
	}
	if (!common) {
		BPF_SEQ_PRINTF(out, "%u listening\n", found);
		return 0;
	}
	if (common->skc_state != TCP_LISTEN)
		return 0;

	struct tcp_sock *tcp = bpf_skc_to_tcp_sock(common);

	if (!tcp)
		return 0;

	struct sock *sk = &tcp->inet_conn.icsk_inet.sk;

	found++;
	BPF_SEQ_PRINTF(out, "%u %u %u %u\n", common->skc_num, ctx->uid, sk->sk_ack_backlog, sk->sk_max_ack_backlog);
	return 0;
}
