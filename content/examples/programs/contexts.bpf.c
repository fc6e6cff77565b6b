#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

// #region watch
SEC("tracepoint/syscalls/sys_enter_kill")
int on_kill(struct trace_event_raw_sys_enter *ctx)
{
	bpf_printk("signal %ld for process %ld", ctx->args[1], ctx->args[0]);
	return 0;
}
// #endregion

// #region packet
SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data > 1000 ? XDP_DROP : XDP_PASS;
}
// #endregion

// #region connect
SEC("cgroup/connect4")
int on_connect(struct bpf_sock_addr *ctx)
{
	return ctx->user_port == bpf_htons(25) ? 0 : 1;
}
// #endregion
