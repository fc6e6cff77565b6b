#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region map
struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} server SEC(".maps");
// #endregion

// #region program
SEC("sk_lookup")
int many_ports(struct bpf_sk_lookup *ctx)
{
	__u32 row = 0;
	struct bpf_sock *socket;

	if (ctx->local_port < 7000 || ctx->local_port > 7999)
		return SK_PASS; /* look for a socket as ever */
	socket = bpf_map_lookup_elem(&server, &row);
	if (!socket)
		return SK_PASS;
	bpf_sk_assign(ctx, socket, 0);
	bpf_sk_release(socket);
	return SK_PASS;
}
// #endregion
