/* An object from its file to the kernel. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"

#define LOG_MAX (64u << 20)   /* up to 6.3 a log that does not fit loses its end, where the reason stands */
#define LOG_HEAD (1u << 20)   /* of a longer log the first and the last part are told */
#define LOG_TAIL (3u << 20)

struct bpf_object *object;
int loaded;
static void *object_data; /* libbpf reads the ELF from here while the object is open */
static char *logs[PROGRAMS_MAX];

/* ---- open ------------------------------------------------------------------------------------------------- */

void close_object(void)
{
	end_links();
	end_attachments();
	for (int i = 0; i < PROGRAMS_MAX; i++) {
		if (logs[i])
			munmap(logs[i], LOG_MAX);
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

void open_object(char *path) /* may have spaces */
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

/* The kernel's functions, by their numbers, that the loaded programs call: what they can do to other processes. */
static void tell_helpers(void)
{
	static unsigned char called[1024];
	struct bpf_program *program;
	memset(called, 0, sizeof(called));
	bpf_object__for_each_program(program, object) {
		const struct bpf_insn *insns = bpf_program__insns(program);
		for (size_t i = 0; bpf_program__fd(program) >= 0 && i < bpf_program__insn_cnt(program); i++)
			if (insns[i].code == (BPF_JMP | BPF_CALL) && !insns[i].src_reg && insns[i].imm > 0 &&
			    insns[i].imm < (int)sizeof(called))
				called[insns[i].imm] = 1;
	}
	const char *before = "";
	printf(",\"helpers\":[");
	for (size_t i = 0; i < sizeof(called); i++)
		if (called[i]) {
			printf("%s%zu", before, i);
			before = ",";
		}
	printf("]");
}

void load_object(char *rest)
{
	(void)rest;
	const char *log;
	if (!object || loaded)
		return fail_with(EINVAL, loaded ? "already loaded" : "no object is open");
	int error = give_logs();
	if (error)
		return fail_with(-error, "no room for the verifier's log");
	error = bpf_object__load(object);
	if (!error) {
		loaded = 1;
		printf("{\"ok\":true");
		tell_helpers();
		printf("}");
		return;
	}
	struct bpf_program *program = failed_program(&log);
	printf("{\"ok\":false,\"errno\":%d", -error);
	json_field("message", strerror(-error));
	json_field("program", program ? bpf_program__name(program) : "");
	tell_log(log);
	json_field("libbpf", messages);
	printf("}");
}

/* ---- before the load ---------------------------------------------------------------------------------------- */

static int reuse(char *rest)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, next_word(&rest) ?: "");
	char *other = next_word(&rest);
	int fd = map && other ? open_map(other) : (errno = ENOENT, -1);
	int error = fd < 0 ? -errno : bpf_map__reuse_fd(map, fd);
	if (fd >= 0)
		close(fd); /* libbpf has one of its own */
	return error;
}

static int resize(char *rest)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, next_word(&rest) ?: "");
	return map ? bpf_map__set_max_entries(map, (__u32)next_number(&rest)) : -ENOENT;
}

static int set_target(struct bpf_program *program, char *rest)
{
	char *other = next_word(&rest), *function = next_text(&rest);
	int fd = other && *other == '#' ? open_program(other) : 0; /* 0: the kernel */
	int error = fd < 0 ? -errno : !function ? -EINVAL : bpf_program__set_attach_target(program, fd, function);
	/* a target that is a program must stay open until the load */
	return error;
}

void configure(const char *command, char *rest)
{
	if (!object || loaded)
		return fail_with(EINVAL, loaded ? "already loaded" : "no object is open");
	int error;
	if (!strcmp(command, "reuse")) {
		error = reuse(rest);
	} else if (!strcmp(command, "resize")) {
		error = resize(rest);
	} else {
		struct bpf_program *program = bpf_object__find_program_by_name(object, next_word(&rest) ?: "");
		if (!program)
			error = -ENOENT;
		else if (!strcmp(command, "autoload"))
			error = bpf_program__set_autoload(program, !strcmp(next_word(&rest) ?: "", "yes"));
		else
			error = set_target(program, rest);
	}
	if (error)
		return fail_with(-error, NULL);
	succeed();
}

/* ---- the loaded programs -------------------------------------------------------------------------------------- */

struct bpf_program *find_program(const char *name)
{
	struct bpf_program *program = loaded && name ? bpf_object__find_program_by_name(object, name) : NULL;
	if (!program)
		fail_with(ENOENT, loaded ? "no program of this name" : "no object is loaded");
	return program;
}

__u32 id_of(int program)
{
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info);
	return bpf_obj_get_info_by_fd(program, &info, &len) ? 0 : info.id;
}

int open_program(const char *word)
{
	if (word && *word == '#')
		return bpf_prog_get_fd_by_id((__u32)strtoul(word + 1, NULL, 10));
	struct bpf_program *program = loaded && word ? bpf_object__find_program_by_name(object, word) : NULL;
	errno = ENOENT;
	return program ? dup(bpf_program__fd(program)) : -1;
}
