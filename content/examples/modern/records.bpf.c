#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

#define HEAD 8

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

// #region program
SEC("tp_btf/sched_process_exec")
int BPF_PROG(tell_file, struct task_struct *task, pid_t old_pid, struct linux_binprm *binprm)
{
	char name[256];
	struct bpf_dynptr record;
	__s64 length = bpf_probe_read_kernel_str(name, sizeof(name), binprm->filename);

	if (length <= 0)
		return 0;
	if (bpf_ringbuf_reserve_dynptr(&events, length, 0, &record) == 0)
		bpf_dynptr_write(&record, 0, name, length, 0);
	bpf_ringbuf_submit_dynptr(&record, 0); /* even if there was no room */
	return 0;
}
// #endregion
