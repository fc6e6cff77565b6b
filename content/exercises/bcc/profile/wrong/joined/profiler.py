#!/usr/bin/env python3
import signal
import sys
from collections import Counter

from bcc import BPF, PerfSWConfig, PerfType

import flamegraph

pid, folded_file, svg_file = int(sys.argv[1]), sys.argv[2], sys.argv[3]

source = r"""
BPF_STACK_TRACE(stacks, 16384);
BPF_HASH(counts, int);

int sample(void *ctx)
{
	int id;

	if (bpf_get_current_pid_tgid() >> 32 != PID)
		return 0;
	id = stacks.get_stackid(ctx, BPF_F_USER_STACK);
	if (id >= 0)
		counts.increment(id);
	return 0;
}
"""

b = BPF(text=source, cflags=[f"-DPID={pid}"])
b.attach_perf_event(ev_type=PerfType.SOFTWARE, ev_config=PerfSWConfig.CPU_CLOCK, fn_name="sample", sample_freq=99)
try:
    signal.pause()
except KeyboardInterrupt:
    pass

samples = Counter()
for id, count in b["counts"].items():
    addresses = list(b["stacks"].walk(id.value))
    names = tuple(b.sym(address, pid).decode() for address in reversed(addresses))
    samples[names] += count.value

with open(folded_file, "w") as folded:
    for names, count in samples.items():
        print(";".join(names), count, file=folded)
flamegraph.draw({(";".join(names),): count for names, count in samples.items()}, svg_file)
