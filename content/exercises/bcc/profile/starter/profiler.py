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
	/* TODO: if it is the process PID that is running, count its user stack. */
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
# TODO: for each stack in b["counts"], add its number to samples[names].

with open(folded_file, "w") as folded:
    for names, count in samples.items():
        print(";".join(names), count, file=folded)
flamegraph.draw(samples, svg_file)
