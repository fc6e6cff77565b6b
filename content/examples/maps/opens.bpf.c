#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* From <fcntl.h>: vmlinux.h has the kernel's types, but not its macros. */
#define O_CREAT 0100

// #region hash
struct command {
	char name[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct command);
	__type(value, __u64);
} opens SEC(".maps");
// #endregion

// #region array
enum total { TOTAL_ALL, TOTAL_CREATING, TOTALS };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TOTALS);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");
// #endregion

// #region add
static void add_one(enum total row)
{
	__u32 key = row;
	__u64 *total = bpf_map_lookup_elem(&totals, &key);

	if (total)
		__sync_fetch_and_add(total, 1);
}
// #endregion

// #region count
SEC("tracepoint/syscalls/sys_enter_openat")
int count_open(struct trace_event_raw_sys_enter *ctx)
{
	struct command who = {};
	__u64 one = 1, *count;

	bpf_get_current_comm(who.name, sizeof(who.name));
	count = bpf_map_lookup_elem(&opens, &who);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&opens, &who, &one, BPF_NOEXIST);

	add_one(TOTAL_ALL);
	if (ctx->args[2] & O_CREAT)
		add_one(TOTAL_CREATING);
	return 0;
}
// #endregion
