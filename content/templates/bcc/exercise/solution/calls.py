#!/usr/bin/env python3
from time import sleep

from bcc import BPF

source = r"""
BPF_HASH(calls);

TRACEPOINT_PROBE(syscalls, sys_enter_getpid)
{
	u64 pid = bpf_get_current_pid_tgid() >> 32;

	calls.atomic_increment(pid);
	return 0;
}
"""

b = BPF(text=source)
try:
    while True:
        sleep(1)
except KeyboardInterrupt:
    pass
for pid, count in b["calls"].items():
    print(pid.value, count.value)
