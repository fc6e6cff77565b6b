#!/usr/bin/env python3
from time import sleep

from bcc import BPF

source = r"""
BPF_HASH(calls);

def sys_enter_getpid(args):
	calls.atomic_increment(pid)
"""

b = BPF(text=source)
try:
    while True:
        sleep(1)
except KeyboardInterrupt:
    pass
for pid, count in b["calls"].items():
    print(pid.value, count.value)
