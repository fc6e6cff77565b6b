import sys

from bcc import BPF

source = r"""
struct data_t {
	u32 pid;
	char path[256];
};
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(syscalls, sys_enter_execve)
{
	struct data_t data = {};

	data.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_probe_read_user_str(&data.path, sizeof(data.path), args->filename);
	events.perf_submit(args, &data, sizeof(data));
	return 0;
}
"""

b = BPF(text=source)


def report(cpu, data, size):
    event = b["events"].event(data)
    name = event.path.decode().split("/")[-1]
    if name == sys.argv[1]:
        print(event.pid, name)


b["events"].open_perf_buffer(report)
while True:
    try:
        b.perf_buffer_poll()
    except KeyboardInterrupt:
        sys.exit()
