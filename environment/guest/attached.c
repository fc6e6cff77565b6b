/* Waits until a program and its children have attached BPF programs and settled down to wait, and tells where.
 *
 *   attached PID     PID: any process of the run; all of its cgroup belong to it
 *
 * One line of JSON: {"ready":true,"programs":[{"kind":…,"target":…}],"runs":[{"id":…,"type":…,"runs":…}]}, or "ready":false
 * when the run has ended. `runs` has every program that a descriptor of it holds, with how often it has run, which the
 * kernel counts while somebody asks it to (apart's count-runs), and its type by the kernel's number.
 * The kernel is asked, not the program: which descriptors hold attached programs, and in which system call its
 * processes sleep. While one attaches, it is in others than those in which one waits for events. The kernel tells of
 * neither by itself, so it is asked every few milliseconds at first, and must say the same twice; the caller sets the
 * limit. To ask is to open files, which may be the very events that keep the program busy: so there is ever more time
 * between to look what is attached and to look whether it waits, and the latter opens nothing.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "json.h"

static const char *const event_kinds[] = {
	[BPF_FD_TYPE_RAW_TRACEPOINT] = "raw_tracepoint", [BPF_FD_TYPE_TRACEPOINT] = "tracepoint",
	[BPF_FD_TYPE_KPROBE] = "kprobe",                 [BPF_FD_TYPE_KRETPROBE] = "kretprobe",
	[BPF_FD_TYPE_UPROBE] = "uprobe",                 [BPF_FD_TYPE_URETPROBE] = "uretprobe",
};

/* Processes with programs: their /proc/PID/stat and syscall, open. */
enum { MOST_PROCESSES = 64 };
static struct { int stat, syscall; } watched[MOST_PROCESSES];
static int programs, processes;

enum { MOST_IDS = 512 };
static __u32 ids[MOST_IDS];
static int id_count;

static void remember(__u32 id)
{
	for (int i = 0; i < id_count; i++)
		if (ids[i] == id)
			return;
	if (id && id_count < MOST_IDS)
		ids[id_count++] = id;
}

static void tell_runs(void)
{
	for (int i = 0, told = 0; i < id_count; i++) {
		struct bpf_prog_info info = { 0 };
		__u32 len = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(ids[i]);
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &len))
			printf("%s{\"id\":%u,\"type\":%u,\"runs\":%llu}", told++ ? "," : "", ids[i], info.type, (unsigned long long)info.run_cnt);
		if (fd >= 0)
			close(fd);
	}
}

static void tell(const char *kind, const char *target, __u64 offset, int print)
{
	if (print) {
		printf("%s{\"offset\":%llu", programs ? "," : "", (unsigned long long)offset);
		json_field("kind", kind);
		json_field("target", target);
		printf("}");
	}
	programs++;
}

/* A link tells its type in fdinfo, as does a perf event its program only when asked. */
static void look_at_descriptor(pid_t pid, int fd, int print)
{
	char target[512] = "", path[64], line[256], kind[64] = "";
	__u32 len = sizeof(target), id = 0, type = 0;
	__u64 offset = 0, address = 0;
	if (!bpf_task_fd_query(pid, fd, 0, target, &len, &id, &type, &offset, &address)) {
		target[sizeof(target) - 1] = 0;
		remember(id);
		return tell(type < sizeof(event_kinds) / sizeof(*event_kinds) ? event_kinds[type] : "", target, offset, print);
	}
	if (errno == EOPNOTSUPP) /* the kernel's answer for a perf event with a program that samples */
		return tell("perf_event", "", 0, print);
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
	FILE *info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info)) {
		if (sscanf(line, "link_type: %63s", kind) == 1)
			tell(kind, "", 0, print);
		if (sscanf(line, "prog_id: %u", &id) == 1)
			remember(id);
	}
	if (info)
		fclose(info);
}

static int open_of(pid_t pid, const char *name)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Empty if the process is gone. */
static char *read_again(int fd, char *text, size_t len)
{
	ssize_t got = fd < 0 ? 0 : pread(fd, text, len - 1, 0);
	text[got > 0 ? got : 0] = 0;
	return text;
}

/* S, the sleep that a signal ends: who waits for a disk while it reads its own libraries is in D. */
static int sleeps(const char *stat)
{
	const char *end = strrchr(stat, ')'); /* the name before it may hold anything */
	return end && end[1] == ' ' && end[2] == 'S';
}

/* Also reading counts: of the kernel's trace, which is where bpf_trace_printk writes. */
static int waits_for_events(const char *syscall)
{
	static const long calls[] = {
		SYS_epoll_wait, SYS_epoll_pwait, SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6, SYS_read,
		SYS_nanosleep, SYS_clock_nanosleep, SYS_pause, SYS_rt_sigtimedwait, SYS_futex,
	};
	char *end;
	long call = strtol(syscall, &end, 10);
	for (size_t i = 0; end != syscall && i < sizeof(calls) / sizeof(*calls); i++) /* or it is "running" */
		if (call == calls[i])
			return 1;
	return 0;
}

/* Whether one of the processes with programs waits. */
static int one_waits(void)
{
	char text[512];
	for (int i = 0; i < processes; i++)
		if (sleeps(read_again(watched[i].stat, text, sizeof(text))) && waits_for_events(read_again(watched[i].syscall, text, sizeof(text))))
			return 1;
	return 0;
}

static void look_at_process(pid_t pid, int print)
{
	char path[64];
	int before = programs;
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	DIR *folder = opendir(path);
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		if (entry->d_name[0] != '.')
			look_at_descriptor(pid, atoi(entry->d_name), print);
	if (folder)
		closedir(folder);
	if (programs > before && processes < MOST_PROCESSES) {
		watched[processes].stat = open_of(pid, "stat");
		watched[processes++].syscall = open_of(pid, "syscall");
	}
}

static void forget_processes(void)
{
	while (processes > 0) {
		processes--;
		close(watched[processes].stat);
		close(watched[processes].syscall);
	}
}

/* The run's cgroup.procs; -1 if the process is gone. */
static int find_cgroup(const char *pid, char *file, size_t len)
{
	char path[64], line[512], root[256] = "";
	FILE *f = fopen("/proc/mounts", "re");
	while (f && fgets(line, sizeof(line), f))
		if (!*root && strstr(line, " cgroup2 "))
			sscanf(line, "%*s %255s", root);
	if (f)
		fclose(f);
	*file = 0;
	snprintf(path, sizeof(path), "/proc/%s/cgroup", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "0::", 3)) {
			line[strcspn(line, "\n")] = 0;
			snprintf(file, len, "%s%s/cgroup.procs", root, line + 3);
		}
	if (f)
		fclose(f);
	return *file ? 0 : -1;
}

/* How many processes there are. */
static int look(const char *cgroup, int print)
{
	int pid, count = 0;
	FILE *f = fopen(cgroup, "re");
	programs = id_count = 0;
	forget_processes();
	for (; f && fscanf(f, "%d", &pid) == 1; count++)
		look_at_process(pid, print);
	if (f)
		fclose(f);
	return count;
}

int main(int argc, char **argv)
{
	char cgroup[1024];
	struct timespec moment = { 0, 5000000 };
	if (argc != 2) {
		fprintf(stderr, "usage: attached PID\n");
		return 2;
	}
	if (find_cgroup(argv[1], cgroup, sizeof(cgroup))) {
		printf("{\"ready\":false,\"programs\":[],\"runs\":[]}\n");
		return 0;
	}
	for (int before = 0, now = 0; look(cgroup, 0); before = now) {
		nanosleep(&moment, NULL);
		now = one_waits() ? programs : 0;
		if (now && now == before)
			break;
		if (programs && moment.tv_nsec < 500000000)
			moment.tv_nsec += moment.tv_nsec / 4;
	}
	printf("{\"ready\":%s,\"programs\":[", programs ? "true" : "false");
	look(cgroup, 1);
	printf("],\"runs\":[");
	tell_runs();
	printf("]}\n");
	return 0;
}
