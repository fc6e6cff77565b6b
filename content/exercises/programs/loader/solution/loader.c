#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>

/* What the programs in the object put into their ring buffer. */
struct event {
	unsigned long long number;
	char text[16];
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static int print_event(void *context, void *data, size_t size)
{
	const struct event *event = data;

	(void)context;
	if (size >= sizeof(*event))
		printf("%llu %.16s\n", event->number, event->text);
	return 0;
}

static int fail(const char *what)
{
	fprintf(stderr, "loader: %s: error %d\n", what, errno);
	return 1;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct bpf_program *program;
	struct ring_buffer *ring;
	int error;

	if (argc != 2) {
		fprintf(stderr, "usage: loader OBJECT\n");
		return 2;
	}
	signal(SIGINT, on_interrupt);

	object = bpf_object__open_file(argv[1], NULL);
	if (!object)
		return fail("cannot open the object");
	if (bpf_object__load(object))
		return fail("cannot load the object");
	/* A link lasts as long as this process: nothing is pinned. */
	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			return fail("cannot attach a program");
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), print_event, NULL, NULL);
	if (!ring)
		return fail("cannot read the ring buffer");

	puts("ready");
	while (!interrupted) {
		fflush(stdout); /* to a pipe, a line waits until then */
		error = ring_buffer__poll(ring, 100); /* not forever: SIGINT may come just before */
		if (error < 0 && error != -EINTR)
			return fail("cannot poll the ring buffer");
	}

	ring_buffer__free(ring);
	bpf_object__close(object);
	return 0;
}
