/* Tells of each process that ends with an error. */
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include "exits.h"
#include "exits.skel.h"

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static int print(void *context, void *data, size_t size)
{
	const struct exit_event *event = data;

	(void)context;
	(void)size;
	printf("%s ended with %d\n", event->command, event->code);
	return 0;
}

int main(void)
{
// #region open
	struct exits *skel = exits__open();

	if (!skel)
		return 1;
	skel->rodata->only_failures = true;
// #endregion
// #region load
	if (exits__load(skel) || exits__attach(skel)) {
		exits__destroy(skel);
		return 1;
	}
// #endregion
// #region poll
	struct ring_buffer *ring = ring_buffer__new(bpf_map__fd(skel->maps.events), print, NULL, NULL);

	setlinebuf(stdout);
	signal(SIGINT, stop);
	while (ring && !stopped)
		ring_buffer__poll(ring, 100 /* milliseconds */);
// #endregion
// #region end
	printf("%llu processes ended\n", skel->bss->seen);
	ring_buffer__free(ring);
	exits__destroy(skel);
	return 0;
// #endregion
}
