#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define REFUSE 0
#define GO_ON 1

char LICENSE[] SEC("license") = "GPL";

/* Others write these maps: leave them as they are. */

/* What a process asks for. */
struct service_key {
	__be32 address;
	__be16 port;
	__u16 protocol; /* IPPROTO_TCP or IPPROTO_UDP */
};

struct service {
	__u32 id;
	__u32 backends; /* how many there are; can be 0 */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct service_key);
	__type(value, struct service);
} services SEC(".maps");

struct backend_key {
	__u32 service; /* its id */
	__u32 slot;    /* 0 to backends - 1 */
};

struct backend {
	__be32 address;
	__be16 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct backend_key);
	__type(value, struct backend);
} backends SEC(".maps");

SEC("cgroup/connect4")
int to_backend(struct bpf_sock_addr *ctx)
{
	/*
	 * TODO: if this is a connection to a service, choose one of its backends and send the connection there.
	 * Refuse it if there is no backend. Everything else goes on as it is.
	 */
	return GO_ON;
}
