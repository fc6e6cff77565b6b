#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("cgroup/sock_create")
int no_raw_sockets(struct bpf_sock *socket)
{
	return socket->type != SOCK_RAW;
}
// #endregion
