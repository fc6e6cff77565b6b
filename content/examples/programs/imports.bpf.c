#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

char LICENSE[] SEC("license") = "GPL";

// #region program
SEC("usdt//usr/bin/python3.13:python:import__find__load__start")
int BPF_USDT(on_import, const char *module)
{
	char name[32];

	bpf_probe_read_user_str(name, sizeof(name), module);
	bpf_printk("import %s", name);
	return 0;
}
// #endregion
