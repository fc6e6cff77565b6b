#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define EPERM 1
#define AF_PACKET 17

// #region program
SEC("lsm/socket_create")
int BPF_PROG(no_raw, int family, int type, int protocol, int kern)
{
	if (family == AF_PACKET)
		return -EPERM;
	return 0;
}
// #endregion
