#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct name {
	char text[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct name);
	__type(value, char);
} greeted SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_execve")
int hello(void *ctx)
{
	struct name name = {};
	char yes = 1;

	bpf_get_current_comm(name.text, sizeof(name.text));
	if (bpf_map_lookup_elem(&greeted, &name))
		return 0;
	bpf_map_update_elem(&greeted, &name, &yes, BPF_ANY);
	bpf_printk("Hello, BPF World!");
	return 0;
}
