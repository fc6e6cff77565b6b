#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region map
struct endpoint {
	__u32 address; /* both in network byte order */
	__u32 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct endpoint);
	__type(value, struct endpoint);
} services SEC(".maps");
// #endregion

// #region program
SEC("cgroup/connect4")
int to_backend(struct bpf_sock_addr *ctx)
{
	struct endpoint service = { .address = ctx->user_ip4, .port = ctx->user_port };
	struct endpoint *backend = bpf_map_lookup_elem(&services, &service);

	if (backend) {
		ctx->user_ip4 = backend->address;
		ctx->user_port = backend->port;
	}
	return 1; /* go on; 0 would refuse the connection */
}
// #endregion
