#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

struct event {
	unsigned long long number;
	char text[16];
};

static int print_event(void *context, void *data, size_t size)
{
	struct event *event = data;

	(void)context;
	(void)size;
	printf("%llu %s\n", event->number, event->text);
	return 0;
}

static void die(const char *what)
{
	fprintf(stderr, "loader: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		die("epoll_ctl");
}

int main(int argc, char **argv)
{
	struct bpf_program *program = NULL;
	struct bpf_object *object;
	struct ring_buffer *ring;
	struct epoll_event event = { 0 };
	int signals, epoll;
	sigset_t interrupt;

	if (argc < 2)
		die("which object?");
	setvbuf(stdout, NULL, _IONBF, 0);
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, NULL);
	signals = signalfd(-1, &interrupt, SFD_CLOEXEC);

	object = bpf_object__open(argv[1]);
	if (!object || bpf_object__load(object))
		die(argv[1]);
	while ((program = bpf_object__next_program(object, program)))
		if (!bpf_program__attach(program))
			die(bpf_program__name(program));
	ring = ring_buffer__new(bpf_map__fd(bpf_object__find_map_by_name(object, "events")), print_event, NULL, NULL);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!ring || epoll < 0 || signals < 0)
		die("cannot wait for events");
	watch(epoll, signals);
	watch(epoll, ring_buffer__epoll_fd(ring));

	puts("ready");
	do {
		if (epoll_wait(epoll, &event, 1, -1) < 0 && errno != EINTR)
			die("epoll_wait");
		ring_buffer__consume(ring);
	} while (event.data.fd != signals);
	return 0;
}
