#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define CLOCK_MONOTONIC 1
#define SECOND 1000000000ull

// #region map
struct line {
	struct bpf_timer timer;
	__u64 packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct line);
} lines SEC(".maps");
// #endregion

// #region callback
static int is_quiet(void *map, __u32 *key, struct line *line)
{
	bpf_printk("quiet after %llu packets", line->packets);
	line->packets = 0;
	return 0;
}
// #endregion

// #region program
SEC("xdp")
int listen(struct xdp_md *ctx)
{
	__u32 row = 0;
	struct line *line = bpf_map_lookup_elem(&lines, &row);

	if (!line)
		return XDP_PASS;
	if (bpf_timer_init(&line->timer, &lines, CLOCK_MONOTONIC) == 0)
		bpf_timer_set_callback(&line->timer, is_quiet);
	line->packets += 1;
	bpf_timer_start(&line->timer, SECOND, 0);
	return XDP_PASS;
}
// #endregion
