#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

struct event {
	unsigned long long number;
	char text[16];
};

static volatile bool exiting;

static void on_signal(int signal)
{
	(void)signal;
	exiting = true;
}

static int print_message(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_DEBUG ? 0 : vfprintf(stderr, format, args);
}

static int handle_event(void *context, void *data, size_t size)
{
	const struct event *event = data;

	(void)context;
	(void)size;
	printf("%llu %s\n", event->number, event->text);
	return 0;
}

int main(int argc, char **argv)
{
	struct bpf_link *links[64] = { 0 };
	struct ring_buffer *ring = NULL;
	struct bpf_program *program;
	struct bpf_object *object;
	int error, count = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	libbpf_set_print(print_message);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);

	object = bpf_object__open_file(argc > 1 ? argv[1] : "", NULL);
	if (libbpf_get_error(object)) {
		fprintf(stderr, "Failed to open the object\n");
		return 1;
	}
	error = bpf_object__load(object);
	if (error) {
		fprintf(stderr, "Failed to load the object\n");
		goto cleanup;
	}
	bpf_object__for_each_program(program, object) {
		struct bpf_link *link = bpf_program__attach(program);

		error = libbpf_get_error(link);
		if (error) {
			fprintf(stderr, "Failed to attach %s\n", bpf_program__name(program));
			goto cleanup;
		}
		links[count++] = link;
	}
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), handle_event, NULL, NULL);
	if (!ring) {
		error = -errno;
		fprintf(stderr, "Failed to make a ring buffer\n");
		goto cleanup;
	}

	printf("ready\n");
	while (!exiting) {
		error = ring_buffer__poll(ring, 100);
		if (error == -EINTR) {
			error = 0;
			break;
		}
		if (error < 0) {
			fprintf(stderr, "Failed to poll: %d\n", error);
			break;
		}
	}

cleanup:
	ring_buffer__free(ring);
	while (count)
		bpf_link__destroy(links[--count]);
	bpf_object__close(object);
	return error < 0 ? 1 : 0;
}
