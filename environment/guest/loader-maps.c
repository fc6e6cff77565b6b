/* Maps, in bytes: of the object, of another one, or pinned. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

int open_map(const char *word)
{
	if (*word == '#')
		return bpf_map_get_fd_by_id((__u32)strtoul(word + 1, NULL, 10));
	char *path = strdup(word + 1), *rest = path;
	char *text = *word == '@' ? next_text(&rest) : NULL;
	int fd = text ? bpf_obj_get(text) : (errno = EINVAL, -1), why = errno;
	free(path);
	errno = why;
	return fd;
}

static void describe(struct map *m, enum bpf_map_type type, __u32 key_size, __u32 value_size)
{
	m->type = type;
	m->key_size = key_size;
	m->value_size = value_size;
	m->cpus = 0;
	m->stride = m->room = m->value_size;
	if (type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	    type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE) {
		m->cpus = libbpf_num_possible_cpus();
		m->stride = ((size_t)m->value_size + 7) / 8 * 8;
		m->room = m->stride * (size_t)(m->cpus > 0 ? m->cpus : 1);
	}
}

int find_map(const char *word, struct map *m)
{
	struct bpf_map_info info = { 0 };
	__u32 len = sizeof(info);
	m->borrowed = word && (*word == '#' || *word == '@');
	if (m->borrowed) {
		m->fd = open_map(word);
		if (m->fd < 0 || bpf_obj_get_info_by_fd(m->fd, &info, &len)) {
			fail_with(errno, NULL);
			release_map(m);
			return -1;
		}
		describe(m, info.type, info.key_size, info.value_size);
	} else {
		struct bpf_map *map = object && word ? bpf_object__find_map_by_name(object, word) : NULL;
		if (!map || !loaded) {
			fail_with(ENOENT, loaded ? "no map of this name" : "no object is loaded");
			return -1;
		}
		m->fd = bpf_map__fd(map);
		describe(m, bpf_map__type(map), bpf_map__key_size(map), bpf_map__value_size(map));
	}
	if (m->cpus < 0 || m->room > OBJECT_MAX || m->key_size > OBJECT_MAX) {
		fail_with(E2BIG, "its keys or values are too large to be told");
		release_map(m);
		return -1;
	}
	return 0;
}

void release_map(struct map *m)
{
	if (m->borrowed && m->fd >= 0)
		close(m->fd);
	m->fd = -1;
}

/* What the kernel says of any map, such as one that somebody pinned. */
void tell_map(char *rest)
{
	struct map m;
	struct bpf_map_info info = { 0 };
	__u32 len = sizeof(info);
	if (find_map(next_word(&rest), &m))
		return;
	if (bpf_obj_get_info_by_fd(m.fd, &info, &len)) {
		fail_with(errno, NULL);
	} else {
		printf("{\"ok\":true,\"id\":%u,\"keySize\":%u,\"valueSize\":%u,\"maxEntries\":%u", info.id, info.key_size,
		       info.value_size, info.max_entries);
		json_field("name", info.name);
		json_field("type", libbpf_bpf_map_type_str(info.type));
		printf("}");
	}
	release_map(&m);
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

void tell_entries(char *rest)
{
	struct map m;
	size_t told = 0;
	const char *comma = "";
	if (find_map(next_word(&rest), &m))
		return;
	char *key = calloc(2, (size_t)m.key_size + 1), *value = calloc(1, m.room + 1);
	char *next = key ? key + m.key_size : NULL;
	int end = !key || !value ? ENOMEM : bpf_map_get_next_key(m.fd, NULL, next) ? errno : 0;
	if (end && end != ENOENT) {
		fail_with(end, NULL);
	} else {
		printf("{\"ok\":true,\"entries\":[");
		/* A map that changes meanwhile may start over again and again: the bound on bytes ends this, too. */
		for (; !end && told < TOLD_MAX; told += m.key_size + m.room + 8) {
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
	release_map(&m);
}

/* The kernel tells the id of what is in a slot, and wants a descriptor to fill one. Here it is the id both ways. */
static int fill_slot(const struct map *m, const void *key, const char *value)
{
	__u32 id;
	memcpy(&id, value, sizeof(id));
	int inner = m->type == BPF_MAP_TYPE_PROG_ARRAY ? bpf_prog_get_fd_by_id(id) : bpf_map_get_fd_by_id(id);
	if (inner < 0)
		return -1;
	int error = bpf_map_update_elem(m->fd, key, &inner, BPF_ANY), why = errno;
	close(inner); /* the slot keeps it */
	errno = why;
	return error;
}

/* A socket of another process, which a sockmap takes by descriptor. */
static int put_socket(const struct map *m, const void *key, char *rest)
{
	int process = (int)syscall(SYS_pidfd_open, next_number(&rest), 0);
	int one = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, (int)next_number(&rest), 0);
	__u64 value = (__u64)one;
	int error = one < 0 ? -1 : bpf_map_update_elem(m->fd, key, &value, BPF_ANY), why = errno;
	if (process >= 0)
		close(process);
	if (one >= 0)
		close(one);
	errno = why;
	return error;
}

static int holds_objects(enum bpf_map_type type)
{
	return type == BPF_MAP_TYPE_PROG_ARRAY || type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static int act(const char *command, const struct map *m, const char *key, const char *value, char *room, char *rest)
{
	if (!strcmp(command, "put-socket"))
		return put_socket(m, key, rest);
	if (!strcmp(command, "delete"))
		return bpf_map_delete_elem(m->fd, key);
	if (!strcmp(command, "lookup"))
		return bpf_map_lookup_elem(m->fd, key, room);
	for (int cpu = 0; cpu < (m->cpus ? m->cpus : 1); cpu++)
		memcpy(room + (size_t)cpu * m->stride, value, m->value_size);
	return holds_objects(m->type) ? fill_slot(m, key, room) : bpf_map_update_elem(m->fd, key, room, BPF_ANY);
}

void use_map(const char *command, char *rest)
{
	struct map m;
	if (find_map(next_word(&rest), &m))
		return;
	char *key = next_word(&rest), *value = strcmp(command, "update") ? NULL : next_word(&rest);
	ssize_t key_len = unhex(key), value_len = unhex(value);
	char *room = calloc(1, m.room + 8);
	/* a queue has no keys */
	if (!room || key_len != (ssize_t)m.key_size || (!strcmp(command, "update") && value_len != (ssize_t)m.value_size)) {
		fail_with(room ? EINVAL : ENOMEM, room ? "the key or the value has not the map's size" : NULL);
	} else if (act(command, &m, key, value, room, rest)) {
		fail_with(errno, NULL);
	} else if (strcmp(command, "lookup")) {
		succeed();
	} else {
		printf("{\"ok\":true,\"value\":");
		tell_value(&m, room);
		printf("}");
	}
	free(room);
	release_map(&m);
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
	told->truncated = told->bytes >= TOLD_MAX;
	return told->truncated ? -E2BIG : 0;
}

void take_records(char *rest)
{
	struct map m;
	struct told told = { 0 };
	if (find_map(next_word(&rest), &m))
		return;
	struct ring_buffer *ring = ring_buffer__new(m.fd, tell_record, &told, NULL);
	if (!ring) {
		fail_with(errno, NULL);
		return release_map(&m);
	}
	printf("{\"ok\":true,\"records\":[");
	ring_buffer__consume(ring);
	printf("],\"truncated\":%s}", told.truncated ? "true" : "false");
	ring_buffer__free(ring);
	release_map(&m);
}

/* A reader that waits, for one ring buffer at a time. The kernel wakes it when a record comes, unless the program forbids that: what
 * is in the buffer by then does not count, as epoll looks at it only when the reader begins to wait. */
static struct ring_buffer *waiting;

static int keep_record(void *context, void *data, size_t size)
{
	(void)context, (void)data, (void)size;
	return 0;
}

void watch_records(char *rest)
{
	struct map m;
	struct epoll_event none;
	if (find_map(next_word(&rest), &m))
		return;
	ring_buffer__free(waiting);
	waiting = ring_buffer__new(m.fd, keep_record, NULL, NULL);
	if (!waiting) {
		fail_with(errno, NULL);
	} else {
		epoll_wait(ring_buffer__epoll_fd(waiting), &none, 1, 0);
		succeed();
	}
	release_map(&m);
}

void tell_woken(char *rest)
{
	struct epoll_event one;
	int ready = waiting ? epoll_wait(ring_buffer__epoll_fd(waiting), &one, 1, (int)next_number(&rest)) : -1;
	if (ready < 0)
		return fail_with(waiting ? errno : EINVAL, NULL);
	printf("{\"ok\":true,\"woken\":%s}", ready ? "true" : "false");
}

/* ---- a wider window for races --------------------------------------------------------------------------- */

/* A hardware breakpoint on a value: each access costs the CPU a trap, behind the instruction. So between a load and the store that
 * belongs to it lie microseconds, and what other CPUs add meanwhile gets lost nearly every time instead of once in a thousand. Nothing
 * else changes, and what is one instruction stays one. */
static int traps[64], traps_len;

static void end_traps(void)
{
	while (traps_len)
		close(traps[--traps_len]);
}

/* Where the kernel has a value: a program that root loads may look it up and tell. 0 and errno if it cannot. */
static __u64 address_of(const struct map *m, const char *key)
{
	__u64 zero = 0, found = 0;
	int out = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 8, 1, NULL);
	char frame[64] = { 0 };
	struct bpf_insn code[64];
	int len = 0;
#define INSN(c, d, s, o, i) (code[len++] = (struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
	for (__u32 at = 0; at < m->key_size; at += 4) {
		__u32 part = 0;
		memcpy(&part, key + at, m->key_size - at < 4 ? m->key_size - at : 4);
		INSN(BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, (short)(at - 64), (int)part);
	}
	INSN(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, m->fd);
	INSN(0, 0, 0, 0, 0);
	INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0);
	INSN(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, -64);
	INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem);
	INSN(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 9, 0);
	INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_6, BPF_REG_0, 0, 0);
	INSN(BPF_ST | BPF_MEM | BPF_W, BPF_REG_10, 0, -64, 0);
	INSN(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, BPF_PSEUDO_MAP_FD, 0, out);
	INSN(0, 0, 0, 0, 0);
	INSN(BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_2, BPF_REG_10, 0, 0);
	INSN(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_2, 0, 0, -64);
	INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem);
	INSN(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0, 1, 0);
	INSN(BPF_STX | BPF_MEM | BPF_DW, BPF_REG_0, BPF_REG_6, 0, 0);
	INSN(BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0);
	INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
#undef INSN
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame));
	int program = out < 0 ? -1 : bpf_prog_load(BPF_PROG_TYPE_XDP, NULL, "GPL", code, (size_t)len, NULL);
	int bad = program < 0 || bpf_prog_test_run_opts(program, &options) || bpf_map_lookup_elem(out, &zero, &found);
	int why = bad ? errno : ENOENT;
	if (program >= 0)
		close(program);
	if (out >= 0)
		close(out);
	errno = why;
	return bad ? 0 : found;
}

void trap_value(char *rest)
{
	struct map m;
	end_traps();
	if (find_map(next_word(&rest), &m))
		return;
	char *key = next_word(&rest);
	__u64 address = unhex(key) == (ssize_t)m.key_size && m.key_size <= 60 ? address_of(&m, key) : (errno = EINVAL, 0);
	struct perf_event_attr attr = { .type = PERF_TYPE_BREAKPOINT, .size = sizeof(attr), .pinned = 1, .bp_type = HW_BREAKPOINT_RW,
		.bp_addr = address, .bp_len = HW_BREAKPOINT_LEN_8 };
	int cpus = libbpf_num_possible_cpus(), error = address ? 0 : errno;
	for (int cpu = 0; !error && cpu < cpus && traps_len < (int)(sizeof(traps) / sizeof(*traps)); cpu++) {
		int fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
		if (fd >= 0)
			traps[traps_len++] = fd;
		else if (errno != ENODEV) /* that CPU is off */
			error = errno;
	}
	if (error) {
		end_traps();
		fail_with(error, NULL);
	} else {
		succeed();
	}
	release_map(&m);
}

void untrap(char *rest)
{
	__u64 hits = 0, one;
	(void)rest;
	for (int i = 0; i < traps_len; i++)
		hits += read(traps[i], &one, sizeof(one)) == sizeof(one) ? one : 0;
	end_traps();
	printf("{\"ok\":true,\"traps\":%llu}", (unsigned long long)hits);
}
