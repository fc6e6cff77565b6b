import sys

from bcc import BPF

source = r"""
struct data_t {
	u32 pid;
	char comm[16];
};
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(sched, sched_process_exec)
{
	struct data_t data = {};

	data.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	events.perf_submit(args, &data, sizeof(data));
	return 0;
}
"""

seen = set()
b = BPF(text=source)


def report(cpu, data, size):
    event = b["events"].event(data)
    name = event.comm.decode()
    if name == sys.argv[1] and name not in seen:
        seen.add(name)
        print(event.pid, name)


b["events"].open_perf_buffer(report)
while True:
    try:
        b.perf_buffer_poll()
    except KeyboardInterrupt:
        sys.exit()
