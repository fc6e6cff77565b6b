#!/usr/bin/env python3
import resource

from bcc import BPF

BPF(text="int empty(void *ctx) { return 0; }")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MiB of memory")
