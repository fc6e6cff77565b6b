/** A C program on the machine: it gives libbpf the BTF of another kernel, so that the object's fields are looked up in that. */
export const runner = String.raw`
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TASKS_MAX 16

static char refusal[400];

/* The line that names a field, or else the first; as a string of JSON, so without what would end it. */
static int hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	static char all[1 << 16];
	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(all, sizeof(all), format, arguments);
	char *text = strstr(all, "failed to resolve CO-RE relocation");
	if (refusal[0] && !text)
		return 0;
	snprintf(refusal, sizeof(refusal), "%s", text ? text : all);
	refusal[strcspn(refusal, "\n")] = 0;
	for (char *at = refusal; *at; at++)
		if (*at == '"' || *at == '\\' || !isprint((unsigned char)*at))
			*at = '\'';
	return 0;
}

static void give_up(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* Where the kernel keeps the only value of an array: a program of two instructions writes its address into it. */
static __u64 address_of_value(int map)
{
	struct bpf_insn program[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = map },
		{ 0 },
		{ .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_test_run_opts, options);
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, "GPL", program, sizeof(program) / sizeof(*program), NULL);
	if (fd < 0 || bpf_prog_test_run_opts(fd, &options))
		give_up("the address of the memory");
	close(fd);
	__u32 zero = 0, size = 0;
	struct bpf_map_info info = { 0 };
	size = sizeof(info);
	if (bpf_map_get_info_by_fd(map, &info, &size))
		give_up("the memory");
	char *value = malloc(info.value_size);
	__u64 address;
	if (!value || bpf_map_lookup_elem(map, &zero, value))
		give_up("the memory");
	memcpy(&address, value, sizeof(address));
	free(value);
	return address;
}

static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	if (!file || fseek(file, 0, SEEK_END))
		give_up(path);
	*size = ftell(file);
	rewind(file);
	char *data = malloc(*size);
	if (!data || fread(data, 1, *size, file) != *size)
		give_up(path);
	fclose(file);
	return data;
}

static void run_all(struct bpf_object *object, const __u64 *tasks, const __u32 *ids, int count)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, "see_exit");
	struct { __u64 parent, state; } row = { 1, 2 };
	int map = bpf_object__find_map_fd_by_name(object, "parents"), rows = 0;
	__u32 key, *before = NULL;
	/* Ids are used again: a thread that has ended before has left a row. */
	for (int i = 0; i < count; i += 2)
		if (bpf_map_update_elem(map, &ids[i], &row, BPF_ANY))
			give_up("an older row");
	for (int i = 0; i < count; i++) {
		__u64 arguments[12] = { tasks[i] };
		LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = arguments, .ctx_size_in = sizeof(arguments));
		if (!program || bpf_prog_test_run_opts(bpf_program__fd(program), &options))
			give_up("a run");
	}
	for (; rows < 64 && !bpf_map_get_next_key(map, before, &key); before = &key, rows++) {
		if (bpf_map_lookup_elem(map, &key, &row))
			give_up("a row");
		printf("%s[%u,\"%llu\",\"%llu\"]", rows ? "," : "", key, row.parent, row.state);
	}
}

int main(int count, char **arguments)
{
	static char line[1 << 16];
	if (count != 2)
		return 2;
	libbpf_set_print(hear);
	while (fgets(line, sizeof(line), stdin)) {
		char *btf = strtok(line, " \n"), *path = strtok(NULL, " \n"), *word, *to;
		__u64 tasks[TASKS_MAX], address;
		__u32 ids[TASKS_MAX], zero = 0;
		size_t size;
		int ending = 0, map;
		if (!btf || !path)
			return 2;
		char *memory = read_file(path, &size);
		map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "memory", sizeof(zero), size, 1, NULL);
		if (map < 0)
			give_up("the memory");
		address = address_of_value(map);
		while ((word = strtok(NULL, " \n")) && (to = strchr(word, ':'))) {
			__u64 pointer = address + atol(to + 1);
			memcpy(memory + atol(word), &pointer, sizeof(pointer));
		}
		for (; word && (to = strchr(word, '=')) && ending < TASKS_MAX; word = strtok(NULL, " \n")) {
			ids[ending] = atol(to + 1);
			tasks[ending++] = address + atol(word);
		}
		if (bpf_map_update_elem(map, &zero, memory, BPF_ANY))
			give_up("the memory");
		free(memory);

		LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = btf);
		refusal[0] = 0;
		struct bpf_object *object = bpf_object__open_file(arguments[1], &options);
		if (!object)
			give_up("the object");
		int refused = bpf_object__load(object) != 0;
		printf("{\"refusal\":\"%s\",\"rows\":[", !refused ? "" : refusal[0] ? refusal : "not loaded");
		if (!refused)
			run_all(object, tasks, ids, ending);
		printf("]}\n");
		bpf_object__close(object);
		close(map);
	}
	return fflush(stdout) ? 1 : 0;
}
`;
