/* Tells of every program that starts in one PID namespace. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* The namespace of the loader, as stat sees /proc/self/ns/pid. */
const volatile __u64 device, inode;

struct event {
	__u32 pid; /* in that namespace */
	char name[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

SEC("tp_btf/sched_process_exec")
int BPF_PROG(exec, struct task_struct *task)
{
	struct bpf_pidns_info here;
	struct event *event;

	if (bpf_get_ns_current_pid_tgid(device, inode, &here, sizeof(here)))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = here.tgid;
	bpf_probe_read_kernel_str(event->name, sizeof(event->name), task->comm);
	bpf_ringbuf_submit(event, 0);
	return 0;
}
