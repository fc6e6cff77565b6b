#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region map
struct ports {
	__u32 local;
	__u32 remote;
};

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 1024);
	__type(key, struct ports);
	__type(value, __u64);
} ends SEC(".maps");
// #endregion

// #region collect
SEC("sockops")
int collect(struct bpf_sock_ops *ctx)
{
	struct ports key = { ctx->local_port, bpf_ntohl(ctx->remote_port) };

	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
	    ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		bpf_sock_hash_update(ctx, &ends, &key, BPF_NOEXIST);
	return 1;
}
// #endregion

// #region send
SEC("sk_msg")
int send(struct sk_msg_md *msg)
{
	struct ports other_end = { bpf_ntohl(msg->remote_port), msg->local_port };

	/* If that end is not in the map, the data go the ordinary way. */
	bpf_msg_redirect_hash(msg, &ends, &other_end, BPF_F_INGRESS);
	return SK_PASS;
}
// #endregion
