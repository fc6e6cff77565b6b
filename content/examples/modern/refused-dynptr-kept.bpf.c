#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

// #region program
SEC("tp_btf/sched_process_exec")
int BPF_PROG(tell_file, struct task_struct *task, pid_t old_pid, struct linux_binprm *binprm)
{
	struct bpf_dynptr record;

	if (bpf_ringbuf_reserve_dynptr(&events, 16, 0, &record))
		return 0;
	bpf_ringbuf_submit_dynptr(&record, 0);
	return 0;
}
// #endregion
