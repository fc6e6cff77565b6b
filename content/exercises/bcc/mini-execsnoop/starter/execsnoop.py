#!/usr/bin/env python3
import sys

from bcc import BPF

source = r"""
struct data_t {
	u32 pid;
	char comm[16];
};
BPF_PERF_OUTPUT(events);

/* TODO: here a process still has the name of the program that starts the new one. */
int kprobe__sys_execve(struct pt_regs *ctx)
{
	struct data_t data = {};

	data.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	events.perf_submit(ctx, &data, sizeof(data));
	return 0;
}
"""

b = BPF(text=source)


def report(cpu, data, size):
    event = b["events"].event(data)
    if event.comm.decode() == sys.argv[1]:
        print(event.pid, event.comm.decode())


b["events"].open_perf_buffer(report)
while True:
    try:
        b.perf_buffer_poll()
    except KeyboardInterrupt:
        sys.exit()
