/* Reads the ring buffer that is pinned at the path given, until nothing more comes. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include "execs.h"

// #region print
static int print(void *context, void *data, size_t size)
{
	const struct exec *event = data;

	(void)context;
	if (size < sizeof(*event))
		return -1;
	printf("%u %s (user %u)\n", event->pid, event->command, event->uid);
	return 0;
}
// #endregion

int main(int argc, char **argv)
{
	int map = argc == 2 ? bpf_obj_get(argv[1]) : -1;
// #region read
	struct ring_buffer *ring = ring_buffer__new(map, print, NULL, NULL);

	if (!ring)
		return 1;
	/* Sleeps until records come, hands each to print(), and says how many there were. */
	while (ring_buffer__poll(ring, 200 /* milliseconds */) > 0)
		;
	ring_buffer__free(ring);
// #endregion
	return 0;
}
