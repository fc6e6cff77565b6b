#!/usr/bin/env python3
from bcc import BPF

# #region text
source = r"""
TRACEPOINT_PROBE(syscalls, sys_enter_unlinkat)
{
	bpf_trace_printk("somebody removes a file\n");
	return 0;
}
"""
# #endregion

# #region load
b = BPF(text=source)
try:
    b.trace_print()
except KeyboardInterrupt:
    pass
# #endregion
