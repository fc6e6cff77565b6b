#!/usr/bin/env python3
from bcc import BPF

# #region bpf
source = r"""
struct removal {
	u32 pid;
	char command[16];
	char name[64];
};
BPF_RINGBUF_OUTPUT(removals, 8);

TRACEPOINT_PROBE(syscalls, sys_enter_unlinkat)
{
	struct removal removal = {};

	removal.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(removal.command, sizeof(removal.command));
	bpf_probe_read_user_str(removal.name, sizeof(removal.name), args->pathname);
	removals.ringbuf_output(&removal, sizeof(removal), 0);
	return 0;
}
"""
# #endregion

# #region read
b = BPF(text=source)


def report(context, data, size):
    removal = b["removals"].event(data)
    print(removal.command.decode(), "removes", removal.name.decode(), flush=True)


b["removals"].open_ring_buffer(report)
try:
    while True:
        b.ring_buffer_poll()
except KeyboardInterrupt:
    pass
# #endregion
