#!/usr/bin/env python3
import signal

from bcc import BPF

# #region bpf
source = r"""
#include <linux/sched.h>

BPF_HASH(removals, u32);

TRACEPOINT_PROBE(syscalls, sys_enter_unlinkat)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	u32 parent = task->real_parent->tgid;

	removals.increment(parent);
	return 0;
}
"""
# #endregion

# #region read
b = BPF(text=source)
try:
    signal.pause()
except KeyboardInterrupt:
    pass
for parent, count in b["removals"].items():
    print(parent.value, "had", count.value, "files removed")
# #endregion
