#!/usr/bin/env python3
import signal

from bcc import BPF, PerfSWConfig, PerfType

# #region bpf
source = r"""
struct name {
	char bytes[16];
};
BPF_HASH(seen, struct name);

int sample(void *ctx)
{
	struct name name = {};

	bpf_get_current_comm(name.bytes, sizeof(name.bytes));
	seen.increment(name);
	return 0;
}
"""
# #endregion

# #region sample
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
# #endregion

# #region print
most = sorted(b["seen"].items(), key=lambda row: row[1].value)[-3:]
for name, count in reversed(most):
    print(count.value, name.bytes.decode())
# #endregion
