/* Runs a program on what the grader makes up, and tells what the kernel knows of its runs. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"

#define CONTEXT_MAX 4096

/* The bytes of a word that is hexadecimal or '-'; -1 if it is neither, or too long. */
static ssize_t bytes_of(char *word, size_t most)
{
	ssize_t len = !word ? -1 : !strcmp(word, "-") ? 0 : unhex(word);
	return len > (ssize_t)most ? -1 : len;
}

static void run_once(int program, int repeat, char *context, char *data)
{
	static char out[DATA_MAX], context_out[CONTEXT_MAX];
	ssize_t context_len = bytes_of(context, CONTEXT_MAX), len = bytes_of(data, DATA_MAX);
	/* Some kinds of program refuse any number of repeats but 0, which is once. */
	LIBBPF_OPTS(bpf_test_run_opts, options, .repeat = repeat > 1 ? repeat : 0,
		.data_in = len > 0 ? data : NULL, .data_size_in = len > 0 ? (__u32)len : 0,
		.data_out = len > 0 ? out : NULL, .data_size_out = len > 0 ? DATA_MAX : 0,
		.ctx_in = context_len > 0 ? context : NULL, .ctx_size_in = context_len > 0 ? (__u32)context_len : 0,
		.ctx_out = context_len > 0 ? context_out : NULL, .ctx_size_out = context_len > 0 ? CONTEXT_MAX : 0);
	int error = len < 0 || context_len < 0 ? EINVAL : bpf_prog_test_run_opts(program, &options) ? errno : 0;
	/* Tracing programs take a context and give none back: the kernel refuses room for one. */
	if (error == EINVAL && context_len > 0) {
		options.ctx_out = NULL;
		options.ctx_size_out = 0;
		error = bpf_prog_test_run_opts(program, &options) ? errno : 0;
	}
	printf("{\"errno\":%d,\"retval\":%u,\"nanoseconds\":%u,\"data\":", error, error ? 0 : options.retval,
	       error ? 0 : options.duration);
	json_hex(out, !error && options.data_size_out < DATA_MAX ? options.data_size_out : 0);
	printf(",\"context\":");
	json_hex(context_out, !error && options.ctx_size_out < CONTEXT_MAX ? options.ctx_size_out : 0);
	printf("}");
}

void run_program(char *rest)
{
	struct bpf_program *program = find_program(next_word(&rest));
	const char *comma = "";
	int repeat = (int)next_number(&rest);
	if (!program)
		return;
	printf("{\"ok\":true,\"runs\":[");
	for (char *context; (context = next_word(&rest)); comma = ",") {
		printf("%s", comma);
		run_once(bpf_program__fd(program), repeat, context, next_word(&rest));
	}
	printf("]}");
}

/* A child for each CPU, which waits until all are there: what the end of the pipe says, which the parent closes. */
static void run_on_cpu(int program, int repeat, int cpu, const int *start, void *data, size_t len)
{
	LIBBPF_OPTS(bpf_test_run_opts, options, .repeat = repeat, .data_in = data, .data_size_in = (__u32)len);
	cpu_set_t there;
	char none;
	close(start[1]);
	CPU_ZERO(&there);
	CPU_SET(cpu, &there);
	if (sched_setaffinity(0, sizeof(there), &there) || read(start[0], &none, 1))
		_exit(1);
	_exit(bpf_prog_test_run_opts(program, &options) ? 1 : 0);
}

void run_together(char *rest)
{
	struct bpf_program *program = find_program(next_word(&rest));
	int repeat = (int)next_number(&rest), start[2], cpus = 0, failed = 0, status;
	char *data = next_word(&rest);
	ssize_t len = bytes_of(data, DATA_MAX);
	cpu_set_t usable;
	if (!program)
		return;
	if (len <= 0 || repeat < 1 || sched_getaffinity(0, sizeof(usable), &usable) || pipe(start))
		return fail_with(len <= 0 || repeat < 1 ? EINVAL : errno, NULL);
	fflush(stdout);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		pid_t child = CPU_ISSET(cpu, &usable) ? fork() : 0;
		if (CPU_ISSET(cpu, &usable) && !child)
			run_on_cpu(bpf_program__fd(program), repeat, cpu, start, data, (size_t)len);
		failed += child < 0;
		cpus += child > 0;
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < cpus; i++)
		failed += wait(&status) < 0 || status;
	if (failed)
		return fail_with(EIO, "not every CPU could run it");
	printf("{\"ok\":true,\"cpus\":%d}", cpus);
}

/* A program of our own that counts its runs, atomically, and lets each packet pass: to be put where others should lead. */
static int counter = -1, counter_map = -1;

void make_counter(char *rest)
{
	int frags = !strcmp(next_word(&rest) ?: "", "frags");
	if (counter >= 0)
		close(counter);
	if (counter_map >= 0)
		close(counter_map);
	counter = -1;
	counter_map = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 8, 1, NULL);
	struct bpf_insn code[] = {
		{ .code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_10, .off = -4 },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_FD, .imm = counter_map },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_2, .imm = -4 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_lookup_elem },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 2 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = 1 },
		{ .code = BPF_STX | 0xc0 /* atomic add */ | BPF_DW, .dst_reg = BPF_REG_0, .src_reg = BPF_REG_1 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	/* As libbpf loads SEC("xdp"): a program array takes only what is alike. */
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_XDP,
		.prog_flags = frags ? 1u << 5 /* BPF_F_XDP_HAS_FRAGS */ : 0);
	if (counter_map >= 0)
		counter = bpf_prog_load(BPF_PROG_TYPE_XDP, "counter", "GPL", code, sizeof(code) / sizeof(*code), &options);
	if (counter < 0)
		return fail_with(errno, NULL);
	printf("{\"ok\":true,\"id\":%u}", id_of(counter));
}

void tell_counted(char *rest)
{
	__u32 row = 0;
	__u64 count = 0;
	(void)rest;
	if (bpf_map_lookup_elem(counter_map, &row, &count))
		return fail_with(errno, NULL);
	printf("{\"ok\":true,\"counted\":%llu}", (unsigned long long)count);
}

void tell_program(char *rest)
{
	char *word = next_word(&rest);
	struct bpf_prog_info info = { 0 };
	__u32 len = sizeof(info), maps[64] = { 0 };
	int program = open_program(word);
	info.map_ids = (__u64)(unsigned long)maps;
	info.nr_map_ids = sizeof(maps) / sizeof(*maps);
	if (program < 0 || bpf_obj_get_info_by_fd(program, &info, &len)) {
		fail_with(errno, NULL);
	} else {
		printf("{\"ok\":true,\"id\":%u,\"runs\":%llu,\"nanoseconds\":%llu,\"verified\":%u,\"translated\":%u,\"jited\":%u",
		       info.id, (unsigned long long)info.run_cnt, (unsigned long long)info.run_time_ns, info.verified_insns,
		       info.xlated_prog_len, info.jited_prog_len);
		json_field("type", libbpf_bpf_prog_type_str(info.type));
		json_field("name", info.name);
		printf(",\"maps\":[");
		for (__u32 i = 0; i < info.nr_map_ids && i < sizeof(maps) / sizeof(*maps); i++)
			printf("%s%u", i ? "," : "", maps[i]);
		printf("]}");
	}
	if (program >= 0)
		close(program);
}

/* The kernel counts while somebody holds the descriptor. */
void count_runs(char *rest)
{
	static int held = -1;
	if (held >= 0)
		close(held);
	held = -1;
	if (strcmp(next_word(&rest) ?: "", "yes"))
		return succeed();
	held = bpf_enable_stats(BPF_STATS_RUN_TIME);
	if (held < 0)
		return fail_with(errno, NULL);
	succeed();
}

/* Every program and map that the kernel has, whoever brought it, and whether a link holds the program. */
void tell_kernel(char *rest)
{
	static __u32 linked[4096];
	__u32 id = 0, links = 0;
	const char *comma = "";
	(void)rest;
	while (!bpf_link_get_next_id(id, &id) && links < sizeof(linked) / sizeof(*linked)) {
		struct bpf_link_info info = { 0 };
		__u32 len = sizeof(info);
		int fd = bpf_link_get_fd_by_id(id); /* it may be gone by now */
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len))
			linked[links++] = info.prog_id;
		if (fd >= 0)
			close(fd);
	}
	printf("{\"ok\":true,\"programs\":[");
	for (id = 0; !bpf_prog_get_next_id(id, &id);) {
		struct bpf_prog_info info = { 0 };
		__u32 len = sizeof(info), held = 0;
		int fd = bpf_prog_get_fd_by_id(id);
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len)) {
			for (__u32 i = 0; i < links; i++)
				held |= linked[i] == info.id;
			printf("%s{\"id\":%u,\"linked\":%s", comma, info.id, held ? "true" : "false");
			json_field("name", info.name);
			printf("}");
			comma = ",";
		}
		if (fd >= 0)
			close(fd);
	}
	printf("],\"maps\":[");
	comma = "";
	for (id = 0; !bpf_map_get_next_id(id, &id);) {
		struct bpf_map_info info = { 0 };
		__u32 len = sizeof(info);
		int fd = bpf_map_get_fd_by_id(id);
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len)) {
			printf("%s{\"id\":%u", comma, info.id);
			json_field("name", info.name);
			printf("}");
			comma = ",";
		}
		if (fd >= 0)
			close(fd);
	}
	printf("]}");
}
