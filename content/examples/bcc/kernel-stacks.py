#!/usr/bin/env python3
import signal

from bcc import BPF, PerfSWConfig, PerfType

# #region bpf
source = r"""
BPF_STACK_TRACE(stacks, 1024);
BPF_HASH(counts, int);

int sample(void *ctx)
{
	int id;

	if (bpf_get_current_pid_tgid() == 0)
		return 0; /* an idle CPU */
	id = stacks.get_stackid(ctx, 0);
	if (id >= 0)
		counts.increment(id);
	return 0;
}
"""
# #endregion

b = BPF(text=source)
b.attach_perf_event(
    ev_type=PerfType.SOFTWARE,
    ev_config=PerfSWConfig.CPU_CLOCK,
    fn_name="sample",
    sample_freq=99,
)
try:
    signal.pause()
except KeyboardInterrupt:
    pass

# #region print
most = sorted(b["counts"].items(), key=lambda row: row[1].value)[-1:]
for id, count in most:
    print(count.value, "samples here:")
    for address in b["stacks"].walk(id.value):
        print("   ", b.ksym(address).decode())
# #endregion
