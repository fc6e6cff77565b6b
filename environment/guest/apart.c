/* Runs a learner's program apart from the machine: what it may see is built from nothing, and it keeps only the
 * capabilities that are named.
 *
 *   apart CAPABILITIES FOLDER [own-pids] [count-runs] [show=PATH]... [write=FILE]... [out=FILE]... -- PROGRAM [ARGUMENT]...
 *
 *   CAPABILITIES  such as bpf,perfmon; may be empty
 *   FOLDER        becomes /submission, read-only, and the working directory
 *   own-pids      a PID namespace of its own: it can signal nothing but itself
 *   count-runs    while it runs, the kernel counts the runs of every BPF program
 *   show=PATH     a file or folder to be seen read-only at the same path
 *   write=FILE    a file of what it sees, writable nevertheless
 *   out=FILE      a file of the machine, which can be written as /out/<its name>: no folder, which could be filled, or
 *                 hold links to other places when the machine reads it
 *
 * Mount, network, IPC, UTS and cgroup namespaces are always its own. The first line on standard output is
 * {"pid":N}, the process as the machine numbers it; all that follows is the learner's. SIGINT and SIGTERM are passed on.
 *
 * It stays user 0, for bpftrace asks for that, so what user 0 may write without any capability must be out of reach:
 * /proc/sys (read-only), cgroups, devices, the agent's port (not there).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOT "/tmp" /* the new root is made here: there on every Linux, and nothing of ours is below it */
#define PATH_BYTES 512

static const struct { const char *name; int number; } capabilities[] = {
	{ "bpf", CAP_BPF },       /* maps, and programs */
	{ "perfmon", CAP_PERFMON }, /* programs that trace, and perf events to hang them on */
	{ "syslog", CAP_SYSLOG },  /* addresses in /proc/kallsyms, from which BCC learns the names of system calls */
};

enum { READ_ONLY = MS_RDONLY | MS_NOSUID | MS_NODEV };

/* What is not there on this machine is left out, unless it is required. */
static const struct { const char *path; int required; unsigned long flags; } views[] = {
	{ "/usr", 1, READ_ONLY }, { "/bin", 1, READ_ONLY }, { "/sbin", 0, READ_ONLY },
	{ "/lib", 1, READ_ONLY }, { "/lib64", 0, READ_ONLY },
	{ "/etc/ld.so.cache", 0, READ_ONLY }, { "/etc/alternatives", 0, READ_ONLY },
	{ "/sys", 1, READ_ONLY },               /* BTF */
	{ "/sys/kernel/tracing", 1, READ_ONLY }, /* which events there are; the trace that BPF prints to */
	{ "/dev/null", 1, MS_NOSUID }, { "/dev/zero", 1, MS_NOSUID }, { "/dev/full", 0, MS_NOSUID },
	{ "/dev/random", 1, MS_NOSUID }, { "/dev/urandom", 1, MS_NOSUID },
};

static void die(const char *what)
{
	fprintf(stderr, "apart: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void make_parents(const char *path)
{
	char copy[PATH_BYTES];
	snprintf(copy, sizeof(copy), "%s", path);
	for (char *slash = strchr(copy + sizeof(ROOT), '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(copy, 0755);
		*slash = '/';
	}
}

/* A symbolic link, such as /bin of today's distributions, stays one. */
static void show(const char *path, const char *as, int required, unsigned long flags)
{
	char target[PATH_BYTES], link[PATH_BYTES] = "";
	struct stat about;
	snprintf(target, sizeof(target), ROOT "%s", as);
	if (lstat(path, &about)) {
		if (required)
			die(path);
		return;
	}
	make_parents(target);
	if (S_ISLNK(about.st_mode)) {
		if (readlink(path, link, sizeof(link) - 1) < 0 || symlink(link, target))
			die(path);
		return;
	}
	if (S_ISDIR(about.st_mode))
		mkdir(target, 0755);
	else
		mknod(target, S_IFREG | 0644, 0);
	if (mount(path, target, NULL, MS_BIND, NULL) || mount(NULL, target, NULL, MS_BIND | MS_REMOUNT | flags, NULL))
		die(path);
}

/* The machine's /proc, with nothing in it but what it may trace: tools look up the symbols of a process by the id that
 * BPF reports, which is the machine's. Value 4 hides the others (since 5.8). */
static void show_proc(void)
{
	mkdir(ROOT "/proc", 0555);
	if (mount("proc", ROOT "/proc", "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=4"))
		die("/proc");
}

static void build_root(const char *submission, char **options, int count)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || mount("root", ROOT, "tmpfs", MS_NOSUID, "size=64m,mode=755"))
		die("the new root");
	for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++)
		show(views[i].path, views[i].path, views[i].required, views[i].flags);
	mkdir(ROOT "/tmp", 0777);
	mkdir(ROOT "/var", 0755);
	if (symlink("../tmp", ROOT "/var/tmp"))
		die("/var/tmp");
	show(submission, "/submission", 1, READ_ONLY);
	for (int i = 0; i < count; i++) {
		if (!strncmp(options[i], "show=", 5))
			show(options[i] + 5, options[i] + 5, 1, READ_ONLY);
		if (!strncmp(options[i], "write=", 6))
			show(options[i] + 6, options[i] + 6, 1, MS_NOSUID | MS_NODEV | MS_NOEXEC);
		if (!strncmp(options[i], "out=/", 5)) {
			char as[PATH_BYTES];
			snprintf(as, sizeof(as), "/out%s", strrchr(options[i], '/'));
			show(options[i] + 4, as, 1, MS_NOSUID | MS_NODEV | MS_NOEXEC);
		}
	}
	show_proc();
	if (chdir(ROOT) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/submission"))
		die("entering the new root");
}

static void keep_capabilities(char *names)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct sets[2] = { { 0 } };
	unsigned long long kept = 0;
	for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
		size_t i = 0;
		while (i < sizeof(capabilities) / sizeof(*capabilities) && strcmp(capabilities[i].name, name))
			i++;
		errno = EINVAL;
		if (i == sizeof(capabilities) / sizeof(*capabilities))
			die(name);
		kept |= 1ULL << capabilities[i].number;
	}
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (!(kept >> cap & 1) && prctl(PR_CAPBSET_DROP, cap))
			die("dropping capabilities");
	for (int i = 0; i < 2; i++)
		sets[i].effective = sets[i].permitted = (__u32)(kept >> (32 * i));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_capset, &head, sets))
		die("dropping capabilities");
}

/* Until 5.11 maps count as locked memory; then nobody needs CAP_SYS_RESOURCE to raise the limit. */
static void allow_locked_memory(void)
{
	struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	setrlimit(RLIMIT_MEMLOCK, &none);
}

/* As long as somebody holds the descriptor. A kernel before 5.8 cannot, and then nobody is told of runs. */
static void count_runs(void)
{
	union bpf_attr attr = { .enable_stats = { .type = BPF_STATS_RUN_TIME } };
	int fd = (int)syscall(SYS_bpf, BPF_ENABLE_STATS, &attr, sizeof(attr));
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
}

static void tell_pid(pid_t pid)
{
	printf("{\"pid\":%d}\n", pid);
	fflush(stdout);
}

/* Passes signals on to the child and reaps what is left behind; ends as the child ends. */
static void tend(pid_t child, const sigset_t *signals)
{
	for (;;) {
		int sig = sigwaitinfo(signals, NULL), status;
		if (sig == SIGINT || sig == SIGTERM)
			kill(child, sig);
		for (pid_t pid; sig == SIGCHLD && (pid = waitpid(-1, &status, WNOHANG)) > 0;)
			if (pid == child)
				exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	}
}

/* Two processes: one that waits outside, and process 1 of the namespace, to which the kernel gives the orphans. */
static void enter_pid_namespace(void)
{
	sigset_t signals, before;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, &before);
	if (unshare(CLONE_NEWPID))
		die("a PID namespace");
	for (int level = 0; level < 2; level++) {
		pid_t child = fork();
		if (child < 0)
			die("fork");
		if (child && level == 0)
			tell_pid(child);
		if (child)
			tend(child, &signals);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(int argc, char **argv)
{
	int end = 3, own_pids = 0, counted = 0;
	for (; end < argc && strcmp(argv[end], "--"); end++) {
		own_pids |= !strcmp(argv[end], "own-pids");
		counted |= !strcmp(argv[end], "count-runs");
	}
	if (end + 1 >= argc) {
		fprintf(stderr, "usage: apart CAPABILITIES FOLDER [own-pids] [count-runs] [show=PATH]... [write=FILE]... [out=FILE]... -- PROGRAM [ARGUMENT]...\n");
		return 125;
	}
	allow_locked_memory();
	if (counted)
		count_runs();
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP))
		die("namespaces");
	build_root(argv[2], argv + 3, end - 3);
	if (own_pids)
		enter_pid_namespace();
	else
		tell_pid(getpid());
	keep_capabilities(argv[1]);
	execvp(argv[end + 1], argv + end + 1);
	die(argv[end + 1]);
}
