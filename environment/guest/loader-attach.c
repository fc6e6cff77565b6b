/* Attaches every program by its section, as most loaders do, and tells where the kernel says they are. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"

static struct bpf_link *links[PROGRAMS_MAX]; /* by the program's place in the object */
static struct bpf_link *structs[PROGRAMS_MAX]; /* of struct_ops maps */

static const char *const event_kinds[] = {
	[BPF_FD_TYPE_RAW_TRACEPOINT] = "raw_tracepoint", [BPF_FD_TYPE_TRACEPOINT] = "tracepoint",
	[BPF_FD_TYPE_KPROBE] = "kprobe",                 [BPF_FD_TYPE_KRETPROBE] = "kretprobe",
	[BPF_FD_TYPE_UPROBE] = "uprobe",                 [BPF_FD_TYPE_URETPROBE] = "uretprobe",
};

/* Where the kernel says the program is attached. The descriptor of a perf event is hidden inside libbpf's link,
 * and before 6.6 the link itself does not tell its event: so every descriptor of this process is asked. */
static void tell_events(const struct bpf_program *program)
{
	__u32 id = id_of(bpf_program__fd(program));
	const char *comma = "";
	for (int fd = 3; id && fd < 512; fd++) {
		char target[256] = "";
		__u32 len = sizeof(target), owner = 0, type = 0;
		__u64 offset = 0, address = 0;
		if (bpf_task_fd_query(getpid(), fd, 0, target, &len, &owner, &type, &offset, &address) || owner != id)
			continue;
		target[sizeof(target) - 1] = 0;
		printf("%s{\"kind\":\"%s\"", comma, type < sizeof(event_kinds) / sizeof(*event_kinds) ? event_kinds[type] : "");
		json_field("target", target);
		printf("}");
		comma = ",";
	}
	if (*comma)
		return;
	for (int i = 0; i < PROGRAMS_MAX; i++) {
		struct bpf_link_info info = { 0 };
		__u32 len = sizeof(info);
		if (!links[i] || bpf_obj_get_info_by_fd(bpf_link__fd(links[i]), &info, &len) || info.prog_id != id)
			continue;
		printf("%s{\"target\":\"\"", comma);
		json_field("kind", libbpf_bpf_link_type_str(info.type));
		printf("}");
		comma = ",";
	}
}

static void tell_attached(const char *comma, const char *name, const char *section, int error, size_t said)
{
	printf("%s{\"errno\":%d", comma, error);
	json_field("program", name);
	json_field("section", section);
	json_field("libbpf", messages + said);
	printf(",\"links\":[");
}

/* The programs of a struct_ops map are attached by registering the map. */
static void attach_structs(const char *comma)
{
	struct bpf_map *map;
	int i = 0;
	bpf_object__for_each_map(map, object) {
		size_t said = messages_len;
		if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS || i == PROGRAMS_MAX || structs[i++])
			continue;
		structs[i - 1] = bpf_map__attach_struct_ops(map);
		int error = structs[i - 1] ? 0 : errno;
		tell_attached(comma, bpf_map__name(map), ".struct_ops", error, said);
		printf("%s]}", error ? "" : "{\"kind\":\"struct_ops\",\"target\":\"\"}");
		comma = ",";
	}
}

void attach_programs(char *rest)
{
	struct bpf_program *program;
	const char *comma = "";
	int i = -1;
	(void)rest;
	if (!loaded)
		return fail_with(EINVAL, "no object is loaded");
	printf("{\"ok\":true,\"programs\":[");
	bpf_object__for_each_program(program, object) {
		size_t said = messages_len;
		i++;
		if (!bpf_program__autoload(program) || links[i] || bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS)
			continue;
		links[i] = bpf_program__attach(program);
		int error = links[i] ? 0 : errno;
		tell_attached(comma, bpf_program__name(program), bpf_program__section_name(program), error, said);
		if (!error)
			tell_events(program);
		printf("]}");
		comma = ",";
	}
	attach_structs(comma);
	printf("]}");
}

static int end_all(struct bpf_link **all)
{
	int error = 0;
	for (int i = 0; i < PROGRAMS_MAX; i++) {
		if (all[i] && bpf_link__destroy(all[i]))
			error = errno;
		all[i] = NULL;
	}
	return error;
}

void end_attachments(void)
{
	end_all(links);
	end_all(structs);
}

void detach_all(char *rest)
{
	(void)rest;
	int error = end_all(links), other = end_all(structs);
	end_links();
	if (error || other)
		return fail_with(error ? error : other, NULL);
	succeed();
}
