#include <bpf/libbpf.h>
#include <stdio.h>
#include "removals.h"

// #region report
static int report(void *context, void *data, size_t size)
{
	const struct removal *removal = data;

	(void)context;
	if (size < sizeof(*removal))
		return 0;
	printf("%s removes %s\n", removal->command, removal->name);
	fflush(stdout);
	return 0;
}
// #endregion

// #region main
int main(void)
{
	struct bpf_object *object = bpf_object__open_file("removals.bpf.o", NULL);
	struct bpf_program *program;
	struct ring_buffer *ring;

	if (!object || bpf_object__load(object))
		return 1;
	program = bpf_object__find_program_by_name(object, "unlinkat");
	if (!program || !bpf_program__attach(program))
		return 1;
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "removals"), report, NULL, NULL);
	if (!ring)
		return 1;
	while (ring_buffer__poll(ring, -1) >= 0)
		;
	return 0;
}
// #endregion
