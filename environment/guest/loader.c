/* The grader's own loader of BPF objects: a learner's loader is never trusted to say what it loaded.
 *
 * One command a line on standard input, one line of JSON for each on standard output. Words are separated by
 * single spaces, bytes are hexadecimal. Everything that was loaded is gone when this process ends.
 *
 *   open FILE                     read a BPF object         detach                     end all attachments
 *   load                          hand it to the kernel     entries MAP                all keys and values
 *   attach                        attach every program      lookup MAP KEY
 *   run PROGRAM DATA...           a test run for each       update MAP KEY VALUE       delete MAP KEY
 *   id PROGRAM                    the kernel's number       records MAP                takes all from a ring buffer
 *   quit
 *
 * Compiles with libbpf 1.1 and later. The other end is grader/checks/loader.ts.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"

#define OBJECT_MAX (16u << 20)
#define PROGRAMS_MAX 64
#define LOG_MAX (64u << 20)   /* up to 6.3 a log that does not fit loses its end, where the reason stands */
#define LOG_HEAD (1u << 20)   /* of a longer log the first and the last part are told */
#define LOG_TAIL (3u << 20)
#define ENTRIES_MAX (4u << 20) /* bytes of keys and values told by one `entries` */
#define DATA_MAX (256u << 10)

static struct bpf_object *object;
static void *object_data; /* libbpf reads the ELF from here while the object is open */
static int loaded;
static struct bpf_link *links[PROGRAMS_MAX];
static char *logs[PROGRAMS_MAX];
static char messages[64 << 10]; /* what libbpf said since the command began */
static size_t messages_len;

/* ---- answers ---------------------------------------------------------------------------------------------- */

static int keep_message(enum libbpf_print_level level, const char *format, va_list args)
{
	size_t room = sizeof(messages) - messages_len;
	if (level == LIBBPF_DEBUG || room <= 1)
		return 0;
	int n = vsnprintf(messages + messages_len, room, format, args);
	messages_len += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
	return n;
}

static void fail_with(int error, const char *what)
{
	printf("{\"ok\":false,\"errno\":%d", error);
	json_field("message", what ? what : strerror(error));
	json_field("libbpf", messages);
	printf("}");
}

static void succeed(void)
{
	printf("{\"ok\":true}");
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static char *next_word(char **rest)
{
	char *word = *rest;
	char *space = word ? strchr(word, ' ') : NULL;
	if (space)
		*space++ = 0;
	*rest = space;
	return word && *word ? word : NULL;
}

static int nibble(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* Decodes in place; the number of bytes, or -1. */
static ssize_t unhex(char *word)
{
	size_t len = word ? strlen(word) : 0;
	if (len % 2)
		return -1;
	for (size_t i = 0; i < len / 2; i++) {
		int high = nibble(word[2 * i]), low = nibble(word[2 * i + 1]);
		if (high < 0 || low < 0)
			return -1;
		word[i] = (char)(high << 4 | low);
	}
	return (ssize_t)(len / 2);
}

/* ---- open ------------------------------------------------------------------------------------------------- */

static void close_object(void)
{
	for (int i = 0; i < PROGRAMS_MAX; i++) {
		if (links[i])
			bpf_link__destroy(links[i]);
		if (logs[i])
			munmap(logs[i], LOG_MAX);
		links[i] = NULL;
		logs[i] = NULL;
	}
	if (object)
		bpf_object__close(object);
	object = NULL;
	loaded = 0;
	free(object_data);
	object_data = NULL;
}

/* The whole of a regular file of at most OBJECT_MAX bytes; NULL and errno otherwise. */
static void *read_file(const char *path, size_t *size)
{
	struct stat st;
	char *data = NULL;
	ssize_t n = 0;
	*size = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > OBJECT_MAX)
		errno = EFBIG;
	else
		data = malloc((size_t)st.st_size + 1);
	while (data && *size < (size_t)st.st_size && (n = read(fd, data + *size, (size_t)st.st_size - *size)) > 0)
		*size += (size_t)n;
	close(fd);
	return data;
}

/* libbpf reads the license and does not tell it. */
static void tell_license(char *data, size_t size)
{
	char license[128] = "";
	size_t names;
	Elf_Scn *section = NULL;
	elf_version(EV_CURRENT);
	Elf *elf = elf_memory(data, size);
	if (elf && !elf_getshdrstrndx(elf, &names))
		while ((section = elf_nextscn(elf, section))) {
			GElf_Shdr header;
			const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
			Elf_Data *content = name && !strcmp(name, "license") ? elf_getdata(section, NULL) : NULL;
			if (content && content->d_buf)
				snprintf(license, sizeof(license), "%.*s",
					 content->d_size < 127 ? (int)content->d_size : 127, (char *)content->d_buf);
		}
	elf_end(elf);
	json_field("license", license);
}

static void tell_object(size_t size)
{
	struct bpf_program *program;
	struct bpf_map *map;
	const char *comma = "";
	printf("{\"ok\":true");
	tell_license(object_data, size);
	printf(",\"programs\":[");
	bpf_object__for_each_program(program, object) {
		printf("%s{\"autoload\":%s", comma, bpf_program__autoload(program) ? "true" : "false");
		json_field("name", bpf_program__name(program));
		json_field("section", bpf_program__section_name(program));
		json_field("type", libbpf_bpf_prog_type_str(bpf_program__type(program)));
		printf("}");
		comma = ",";
	}
	printf("],\"maps\":[");
	comma = "";
	bpf_object__for_each_map(map, object) {
		printf("%s{\"keySize\":%u,\"valueSize\":%u,\"maxEntries\":%u", comma, bpf_map__key_size(map),
		       bpf_map__value_size(map), bpf_map__max_entries(map));
		json_field("name", bpf_map__name(map));
		json_field("type", libbpf_bpf_map_type_str(bpf_map__type(map)));
		printf("}");
		comma = ",";
	}
	printf("]}");
}

static void open_object(char *path)
{
	struct bpf_program *program;
	char name[64];
	size_t size;
	int count = 0;
	close_object();
	object_data = path ? read_file(path, &size) : NULL;
	if (!object_data)
		return fail_with(errno, "cannot read the object file");
	/* libbpf calls the maps of global variables after the file */
	snprintf(name, sizeof(name), "%.48s", strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
	name[strcspn(name, ".")] = 0;
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name);
	object = bpf_object__open_mem(object_data, size, &options);
	if (!object)
		return fail_with(errno, NULL);
	bpf_object__for_each_program(program, object)
		count++;
	if (count > PROGRAMS_MAX) {
		close_object();
		return fail_with(E2BIG, "more than 64 programs in one object");
	}
	tell_object(size);
}

/* ---- load ------------------------------------------------------------------------------------------------- */

/* A log of its own for each program, or nobody knows whose it is. Pages that no log fills cost nothing. */
static int give_logs(void)
{
	struct bpf_program *program;
	int i = 0;
	bpf_object__for_each_program(program, object) {
		logs[i] = mmap(NULL, LOG_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (logs[i] == MAP_FAILED) {
			logs[i] = NULL;
			return -errno;
		}
		int error = bpf_program__set_log_buf(program, logs[i++], LOG_MAX);
		if (error)
			return error;
	}
	return 0;
}

/* The program with a log, else the one that libbpf complained about: without privileges there is no log. */
static struct bpf_program *failed_program(const char **log)
{
	struct bpf_program *program, *named = NULL;
	char quoted[160];
	int i = 0;
	*log = "";
	bpf_object__for_each_program(program, object) {
		if (logs[i] && *logs[i]) {
			*log = logs[i];
			return program;
		}
		snprintf(quoted, sizeof(quoted), "prog '%.128s':", bpf_program__name(program));
		if (strstr(messages, quoted))
			named = program;
		i++;
	}
	return named;
}

static void tell_log(const char *log)
{
	static char part[LOG_TAIL + 1], middle[64];
	size_t len = strnlen(log, LOG_MAX - 1);
	if (len <= LOG_TAIL) {
		memcpy(part, log, len);
		part[len] = 0;
		return json_field("log", part);
	}
	size_t head = len - LOG_TAIL < LOG_HEAD ? len - LOG_TAIL : LOG_HEAD, left_out = len - LOG_TAIL - head;
	char *whole = malloc(head + sizeof(middle) + LOG_TAIL + 1);
	if (!whole)
		return json_field("log", log + len - LOG_TAIL);
	memcpy(whole, log, head);
	int n = left_out ? sprintf(middle, "\n... %zu bytes left out ...\n", left_out) : 0;
	memcpy(whole + head, middle, (size_t)n);
	memcpy(whole + head + n, log + len - LOG_TAIL, LOG_TAIL);
	whole[head + (size_t)n + LOG_TAIL] = 0;
	json_field("log", whole);
	free(whole);
}

static void load_object(void)
{
	const char *log;
	if (!object || loaded)
		return fail_with(EINVAL, loaded ? "already loaded" : "no object is open");
	int error = give_logs();
	if (error)
		return fail_with(-error, "no room for the verifier's log");
	error = bpf_object__load(object);
	if (!error) {
		loaded = 1;
		return succeed();
	}
	struct bpf_program *program = failed_program(&log);
	printf("{\"ok\":false,\"errno\":%d", -error);
	json_field("message", strerror(-error));
	json_field("program", program ? bpf_program__name(program) : "");
	tell_log(log);
	json_field("libbpf", messages);
	printf("}");
}

/* ---- attach ----------------------------------------------------------------------------------------------- */

static const char *const event_kinds[] = {
	[BPF_FD_TYPE_RAW_TRACEPOINT] = "raw_tracepoint", [BPF_FD_TYPE_TRACEPOINT] = "tracepoint",
	[BPF_FD_TYPE_KPROBE] = "kprobe",                 [BPF_FD_TYPE_KRETPROBE] = "kretprobe",
	[BPF_FD_TYPE_UPROBE] = "uprobe",                 [BPF_FD_TYPE_URETPROBE] = "uretprobe",
};

static __u32 program_id(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);
	return bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &len) ? 0 : info.id;
}

/* Where the kernel says the program is attached. The descriptor of a perf event is hidden inside libbpf's link,
 * and before 6.6 the link itself does not tell its event: so every descriptor of this process is asked. */
static void tell_events(const struct bpf_program *program)
{
	__u32 id = program_id(program);
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

static void attach_programs(void)
{
	struct bpf_program *program;
	const char *comma = "";
	int i = -1;
	if (!loaded)
		return fail_with(EINVAL, "no object is loaded");
	printf("{\"ok\":true,\"programs\":[");
	bpf_object__for_each_program(program, object) {
		size_t said = messages_len;
		i++;
		if (!bpf_program__autoload(program) || links[i])
			continue;
		links[i] = bpf_program__attach(program);
		int error = links[i] ? 0 : errno;
		printf("%s{\"errno\":%d", comma, error);
		json_field("program", bpf_program__name(program));
		json_field("section", bpf_program__section_name(program));
		json_field("libbpf", messages + said);
		printf(",\"links\":[");
		if (!error)
			tell_events(program);
		printf("]}");
		comma = ",";
	}
	printf("]}");
}

static void detach_programs(void)
{
	int error = 0;
	for (int i = 0; i < PROGRAMS_MAX; i++) {
		if (links[i] && bpf_link__destroy(links[i]))
			error = errno;
		links[i] = NULL;
	}
	if (error)
		return fail_with(error, NULL);
	succeed();
}

/* ---- maps ------------------------------------------------------------------------------------------------- */

struct map {
	int fd;
	enum bpf_map_type type;
	__u32 key_size, value_size;
	int cpus;         /* 0 unless it has a value for each CPU */
	size_t stride;    /* of one CPU's value, which the kernel rounds up */
	size_t room;      /* bytes that one lookup writes */
};

/* Tells why and returns -1 if there is no such map. */
static int find_map(const char *name, struct map *m)
{
	struct bpf_map *map = object && name ? bpf_object__find_map_by_name(object, name) : NULL;
	if (!map || !loaded) {
		fail_with(ENOENT, loaded ? "no map of this name" : "no object is loaded");
		return -1;
	}
	enum bpf_map_type type = m->type = bpf_map__type(map);
	m->fd = bpf_map__fd(map);
	m->key_size = bpf_map__key_size(map);
	m->value_size = bpf_map__value_size(map);
	m->cpus = 0;
	m->stride = m->room = m->value_size;
	if (type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	    type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE) {
		m->cpus = libbpf_num_possible_cpus();
		m->stride = ((size_t)m->value_size + 7) / 8 * 8;
		m->room = m->stride * (size_t)(m->cpus > 0 ? m->cpus : 1);
	}
	if (m->cpus < 0 || m->room > OBJECT_MAX || m->key_size > OBJECT_MAX) {
		fail_with(E2BIG, "its keys or values are too large to be told");
		return -1;
	}
	return 0;
}

static void tell_value(const struct map *m, const char *value)
{
	if (!m->cpus)
		return json_hex(value, m->value_size);
	for (int cpu = 0; cpu < m->cpus; cpu++) {
		printf("%s", cpu ? "," : "[");
		json_hex(value + (size_t)cpu * m->stride, m->value_size);
	}
	printf("]");
}

static void tell_entries(const char *name)
{
	struct map m;
	size_t told = 0;
	const char *comma = "";
	if (find_map(name, &m))
		return;
	char *key = calloc(2, (size_t)m.key_size + 1), *value = calloc(1, m.room + 1);
	char *next = key ? key + m.key_size : NULL;
	int end = !key || !value ? ENOMEM : bpf_map_get_next_key(m.fd, NULL, next) ? errno : 0;
	if (end && end != ENOENT) {
		fail_with(end, NULL);
	} else {
		printf("{\"ok\":true,\"entries\":[");
		/* A map that changes meanwhile may start over again and again: the bound on bytes ends this, too. */
		for (; !end && told < ENTRIES_MAX; told += m.key_size + m.room + 8) {
			if (!bpf_map_lookup_elem(m.fd, next, value)) {
				printf("%s[", comma);
				json_hex(next, m.key_size);
				printf(",");
				tell_value(&m, value);
				printf("]");
				comma = ",";
			}
			memcpy(key, next, m.key_size);
			end = bpf_map_get_next_key(m.fd, key, next) ? errno : 0;
		}
		printf("],\"truncated\":%s}", end ? "false" : "true");
	}
	free(key);
	free(value);
}

/* The kernel tells the id of the program in a slot, and wants a descriptor to fill one. Here it is the id both ways. */
static int fill_slot(const struct map *m, const void *key, const char *value)
{
	__u32 id;
	memcpy(&id, value, sizeof(id));
	int program = bpf_prog_get_fd_by_id(id);
	if (program < 0)
		return -1;
	int error = bpf_map_update_elem(m->fd, key, &program, BPF_ANY), why = errno;
	close(program); /* the slot keeps the program */
	errno = why;
	return error;
}

static void use_map(const char *command, const char *name, char *key, char *value)
{
	struct map m;
	if (find_map(name, &m))
		return;
	ssize_t key_len = unhex(key), value_len = unhex(value);
	int writes = !strcmp(command, "update"), error;
	if (key_len != (ssize_t)m.key_size || (writes && value_len != (ssize_t)m.value_size))
		return fail_with(EINVAL, "the key or the value has not the map's size");
	char *room = calloc(1, m.room + 1);
	if (!room)
		return fail_with(ENOMEM, NULL);
	if (writes)
		for (int cpu = 0; cpu < (m.cpus ? m.cpus : 1); cpu++)
			memcpy(room + (size_t)cpu * m.stride, value, m.value_size);
	if (writes && m.type == BPF_MAP_TYPE_PROG_ARRAY)
		error = fill_slot(&m, key, room);
	else if (writes)
		error = bpf_map_update_elem(m.fd, key, room, BPF_ANY);
	else if (!strcmp(command, "delete"))
		error = bpf_map_delete_elem(m.fd, key);
	else
		error = bpf_map_lookup_elem(m.fd, key, room);
	if (error) {
		fail_with(errno, NULL);
	} else if (strcmp(command, "lookup")) {
		succeed();
	} else {
		printf("{\"ok\":true,\"value\":");
		tell_value(&m, room);
		printf("}");
	}
	free(room);
}

/* ---- ring buffers ----------------------------------------------------------------------------------------- */

struct told {
	size_t bytes;
	int truncated;
};

static int tell_record(void *context, void *data, size_t size)
{
	struct told *told = context;
	printf("%s", told->bytes ? "," : "");
	json_hex(data, size);
	told->bytes += size + 8;
	/* A program may add records for the very calls that tell them. */
	told->truncated = told->bytes >= ENTRIES_MAX;
	return told->truncated ? -E2BIG : 0;
}

static void take_records(const char *name)
{
	struct map m;
	struct told told = { 0 };
	if (find_map(name, &m))
		return;
	struct ring_buffer *ring = ring_buffer__new(m.fd, tell_record, &told, NULL);
	if (!ring)
		return fail_with(errno, NULL);
	printf("{\"ok\":true,\"records\":[");
	ring_buffer__consume(ring);
	printf("],\"truncated\":%s}", told.truncated ? "true" : "false");
	ring_buffer__free(ring);
}

/* ---- run -------------------------------------------------------------------------------------------------- */

static void run_once(int program, char *word)
{
	static char out[DATA_MAX];
	ssize_t len = unhex(word);
	LIBBPF_OPTS(bpf_test_run_opts, options, .repeat = 1,
		.data_in = len > 0 ? word : NULL, .data_size_in = len > 0 ? (__u32)len : 0,
		.data_out = len > 0 ? out : NULL, .data_size_out = len > 0 ? DATA_MAX : 0);
	int error = len < 0 || len > DATA_MAX ? EINVAL : bpf_prog_test_run_opts(program, &options) ? errno : 0;
	printf("{\"errno\":%d,\"retval\":%u,\"data\":", error, error ? 0 : options.retval);
	json_hex(out, !error && options.data_size_out < DATA_MAX ? options.data_size_out : 0);
	printf("}");
}

static void run_program(const char *name, char *rest)
{
	struct bpf_program *program = loaded && name ? bpf_object__find_program_by_name(object, name) : NULL;
	const char *comma = "";
	if (!program)
		return fail_with(ENOENT, loaded ? "no program of this name" : "no object is loaded");
	printf("{\"ok\":true,\"runs\":[");
	for (char *word; (word = next_word(&rest)); comma = ",") {
		printf("%s", comma);
		run_once(bpf_program__fd(program), word);
	}
	printf("]}");
}

static void tell_id(const char *name)
{
	struct bpf_program *program = loaded && name ? bpf_object__find_program_by_name(object, name) : NULL;
	__u32 id = program ? program_id(program) : 0;
	if (!id)
		return fail_with(ENOENT, loaded ? "no program of this name" : "no object is loaded");
	printf("{\"ok\":true,\"id\":%u}", id);
}

/* ---- the loop --------------------------------------------------------------------------------------------- */

/* Returns 0 when told to quit. */
static int obey(char *line)
{
	char *rest = line, *command = next_word(&rest);
	messages_len = 0;
	messages[0] = 0;
	errno = 0;
	if (command && !strcmp(command, "open")) {
		open_object(rest); /* a path may have spaces */
	} else if (command && !strcmp(command, "load")) {
		load_object();
	} else if (command && !strcmp(command, "attach")) {
		attach_programs();
	} else if (command && !strcmp(command, "detach")) {
		detach_programs();
	} else if (command && !strcmp(command, "entries")) {
		tell_entries(next_word(&rest));
	} else if (command && (!strcmp(command, "lookup") || !strcmp(command, "update") || !strcmp(command, "delete"))) {
		char *map = next_word(&rest), *key = next_word(&rest);
		use_map(command, map, key, next_word(&rest));
	} else if (command && !strcmp(command, "run")) {
		char *program = next_word(&rest);
		run_program(program, rest);
	} else if (command && !strcmp(command, "records")) {
		take_records(next_word(&rest));
	} else if (command && !strcmp(command, "id")) {
		tell_id(next_word(&rest));
	} else if (command && !strcmp(command, "quit")) {
		succeed();
		return 0;
	} else {
		fail_with(EINVAL, "unknown command");
	}
	return 1;
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int more = 1;
	libbpf_set_print(keep_message);
	while (more && (len = getline(&line, &room, stdin)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = 0;
		more = obey(line);
		putchar('\n');
		fflush(stdout);
	}
	free(line);
	close_object();
	return 0;
}
