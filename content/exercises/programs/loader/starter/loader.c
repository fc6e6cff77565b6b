#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>

/* What the programs in the object put into their ring buffer. */
struct event {
	unsigned long long number;
	char text[16];
};

/* TODO: a function that is called for each event, and prints its number and its text on one line. */

int main(int argc, char **argv)
{
	struct bpf_object *object;

	if (argc != 2) {
		fprintf(stderr, "usage: loader OBJECT\n");
		return 2;
	}
	object = bpf_object__open_file(argv[1], NULL);
	if (!object) {
		fprintf(stderr, "loader: cannot open %s: error %d\n", argv[1], errno);
		return 1;
	}
	/* TODO: load the object, attach every program in it, and find the ring buffer named events. */

	puts("ready");
	fflush(stdout);
	/* TODO: poll the ring buffer until SIGINT comes. */

	bpf_object__close(object);
	return 0;
}
