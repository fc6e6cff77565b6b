/* What the pod's image holds, in one static program that looks at the name it was called by:
 *
 *   execsnoop    prints "PID NAME" for each program that starts in its PID namespace, after a line "ready"
 *   shop         the application: reads names, one a line, from the named pipe /orders and starts /work/NAME
 *   pause        waits; what the pod itself consists of
 *   else         ends at once, a program as good as any
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct event {
	__u32 pid;
	char name[16];
};

struct place {
	__u64 device, inode;
};

static int print_event(void *context, void *data, size_t size)
{
	const struct event *event = data;
	(void)context;
	(void)size;
	printf("%u %.16s\n", event->pid, event->name);
	return 0;
}

static int fail(const char *what)
{
	printf("failed: %s: %s\n", what, strerror(errno));
	return 1;
}

static int snoop(void)
{
	struct stat here;
	size_t size;
	struct bpf_object *object = bpf_object__open_file("/execsnoop.bpf.o", NULL);
	if (!object || stat("/proc/self/ns/pid", &here))
		return fail("cannot open the object");
	struct bpf_program *program = bpf_object__find_program_by_name(object, "exec");
	struct bpf_map *constants = bpf_object__find_map_by_name(object, ".rodata");
	struct place *place = constants ? bpf_map__initial_value(constants, &size) : NULL;
	if (!program || !place || size < sizeof(*place))
		return fail("the object is another one");
	*place = (struct place){ .device = here.st_dev, .inode = here.st_ino };
	if (bpf_object__load(object))
		return fail("the kernel refuses to load the program");
	if (!bpf_program__attach(program))
		return fail("the kernel refuses to attach the program");
	struct ring_buffer *ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), print_event, NULL, NULL);
	if (!ring)
		return fail("cannot read the events");
	printf("ready\n");
	while (ring_buffer__poll(ring, -1) >= 0)
		;
	return fail("cannot go on reading");
}

static void start(const char *name)
{
	char path[64];
	snprintf(path, sizeof(path), "/work/%.32s", name);
	pid_t pid = fork();
	if (!pid) {
		execl(path, name, NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static int shop(void)
{
	char name[64];
	/* Also for writing, or it would end with the first who writes. */
	FILE *orders = fopen("/orders", "r+");
	while (orders && fgets(name, sizeof(name), orders)) {
		name[strcspn(name, "\n")] = 0;
		start(name);
	}
	return fail("/orders");
}

int main(int argc, char **argv)
{
	const char *name = argc ? strrchr(argv[0], '/') : NULL;
	name = name ? name + 1 : argv[0];
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(name, "execsnoop"))
		return snoop();
	if (!strcmp(name, "shop"))
		return shop();
	while (!strcmp(name, "pause"))
		pause();
	return 0;
}
