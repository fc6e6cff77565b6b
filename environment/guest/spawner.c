/* The spawner: makes processes and threads in every way that the kernel has, and marks in a trace when each is made.
 *
 *   spawner FOLDER START END     FOLDER: of a trace instance (tracefs); START and END: marks in the kernel's main trace
 *
 * A plan on standard input, one step a line: CPU KIND; one line of JSON for each: {"pid":N,"errno":N,"made":[N…]}, pid
 * being the thread that acted, and made what is new. The instance gets three marks a step: 'N begin', 'N made' while all
 * that is new still lives, and 'N end'. The kinds:
 *
 *   fork, clone, clone3, namespace, user   a process: by glibc, by either system call, in a PID namespace of its own, of
 *                                          another user
 *   vfork, exec        a process that borrows its parent's memory, and ends or becomes /bin/true: 'made' comes before that
 *   thread             by glibc
 *   fork-by-thread, thread-by-thread, fork-by-child, thread-by-child    two: the second is made by the first
 *   bad-clone, bad-clone3, bad-fork        fail, and nothing is new
 *   open, getpid, wait, signal, name, sleep, exec-fails     make nothing
 *
 * What is new waits until it is let go, so that what comes at its end comes after 'made'. The plan is read to its end
 * before the first step, nothing is told before the last. The other end is grader/kit/processes/spawned.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEPS_MAX 1000

struct step { int cpu; char kind[24]; pid_t pid; int error; int made; pid_t new[2]; };

static struct step *steps; /* shared with children */
static int marker, go[2], ready[2];

static void die(const char *what)
{
	fprintf(stderr, "spawner: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static pid_t thread_id(void)
{
	return (pid_t)syscall(SYS_gettid);
}

static void mark(const struct step *step, const char *what)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%d %s", (int)(step - steps), what);
	if (write(marker, text, len) != len)
		die("a mark");
}

static void wait_for_go(void)
{
	char byte;
	while (read(go[0], &byte, 1) < 0 && errno == EINTR)
		;
}

static void say_ready(void)
{
	if (write(ready[1], "", 1) != 1)
		die("write");
}

static int kind_is(const struct step *step, const char *kind)
{
	return !strcmp(step->kind, kind);
}

static long clone3(struct clone_args *how, size_t size)
{
	return syscall(SYS_clone3, how, size);
}

static void *be_thread(void *argument)
{
	struct step *step = argument;
	step->new[step->made++] = thread_id();
	say_ready();
	wait_for_go();
	return NULL;
}

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* What both the parent and the child do next; the parent is to wait for its end. */
static void make_process(struct step *step, pid_t pid)
{
	if (!pid) {
		say_ready();
		wait_for_go();
		_exit(0);
	}
	if (pid < 0)
		step->error = errno;
	else
		step->new[step->made++] = pid;
}

static void *fork_by_thread(void *argument)
{
	struct step *step = argument;
	step->new[step->made++] = thread_id();
	pid_t pid = fork();
	make_process(step, pid);
	say_ready();
	wait_for_go();
	if (pid > 0)
		reap(pid);
	return NULL;
}

static void *thread_by_thread(void *argument)
{
	struct step *step = argument;
	pthread_t thread;
	step->new[step->made++] = thread_id();
	step->error = pthread_create(&thread, NULL, be_thread, step);
	say_ready();
	wait_for_go();
	if (!step->error)
		pthread_join(thread, NULL);
	return NULL;
}

static pid_t make_one(struct step *step)
{
	struct clone_args how = { .exit_signal = SIGCHLD };
	pid_t pid = -1;
	if (kind_is(step, "clone"))
		pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	else if (kind_is(step, "clone3"))
		pid = (pid_t)clone3(&how, sizeof(how));
	else if (kind_is(step, "namespace"))
		pid = (pid_t)syscall(SYS_clone, SIGCHLD | CLONE_NEWPID, 0, 0, 0, 0);
	else
		pid = fork();
	make_process(step, pid);
	return pid;
}

/* The child's child is what another user makes. */
static pid_t make_by_child(struct step *step)
{
	pid_t pid = fork();
	if (pid < 0)
		step->error = errno;
	if (pid)
		return pid;
	step->new[step->made++] = getpid();
	if (kind_is(step, "user") && (syscall(SYS_setresgid, 70001, 70001, 70001) || syscall(SYS_setresuid, 70001, 70001, 70001)))
		die("another user");
	if (kind_is(step, "thread-by-child")) {
		pthread_t thread;
		step->error = pthread_create(&thread, NULL, be_thread, step);
		say_ready();
		wait_for_go();
		if (!step->error)
			pthread_join(thread, NULL);
	} else {
		pid_t inner = fork();
		make_process(step, inner);
		say_ready();
		wait_for_go();
		if (inner > 0)
			reap(inner);
	}
	_exit(0);
}

/* Its parent stands still until it ends. */
static void borrow_memory(struct step *step)
{
	char *words[] = { "true", NULL };
	pid_t volatile pid = vfork();
	if (!pid) {
		mark(step, "made");
		if (kind_is(step, "exec"))
			execv("/bin/true", words);
		_exit(0);
	}
	if (pid < 0)
		step->error = errno;
	else
		step->new[step->made++] = pid;
	reap(pid);
}

static void fail(struct step *step)
{
	struct clone_args how = { .flags = CLONE_THREAD, .exit_signal = 0 };
	struct rlimit before, none = { 0, 0 };
	long result = 0;
	if (kind_is(step, "bad-clone")) {
		result = syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0);
	} else if (kind_is(step, "bad-clone3")) {
		result = clone3(&how, sizeof(how));
	} else { /* no process is left for this user */
		getrlimit(RLIMIT_NPROC, &before);
		none.rlim_max = before.rlim_max;
		syscall(SYS_setresuid, 70002, 70002, 0);
		setrlimit(RLIMIT_NPROC, &none);
		result = fork();
		if (!result)
			_exit(0);
		step->error = errno;
		setrlimit(RLIMIT_NPROC, &before);
		syscall(SYS_setresuid, 0, 0, 0);
		errno = step->error;
	}
	step->error = result < 0 ? errno : 0;
}

static void do_something_else(struct step *step)
{
	char *words[] = { "nothing", NULL };
	if (kind_is(step, "open"))
		close(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
	else if (kind_is(step, "getpid"))
		syscall(SYS_getpid);
	else if (kind_is(step, "wait"))
		waitpid(-1, NULL, WNOHANG);
	else if (kind_is(step, "signal"))
		kill(getpid(), 0);
	else if (kind_is(step, "name"))
		prctl(PR_SET_NAME, "another");
	else if (kind_is(step, "sleep"))
		usleep(1000);
	else if (kind_is(step, "exec-fails"))
		execv("/nowhere/nothing", words);
	else
		step->error = ENOSYS;
}

static void keep_to(int cpu)
{
	cpu_set_t there;
	CPU_ZERO(&there);
	CPU_SET(cpu, &there);
	if (sched_setaffinity(0, sizeof(there), &there))
		die("a CPU");
}

static void let_go(struct step *step, int count)
{
	char bytes[2];
	for (int i = 0; i < count; i++)
		while (read(ready[0], bytes, 1) != 1)
			if (errno != EINTR)
				die("read");
	mark(step, "made");
	if (write(go[1], bytes, count) != count)
		die("write");
}

static void make_by_thread(struct step *step, void *(*begin)(void *), int count)
{
	pthread_t thread;
	step->error = pthread_create(&thread, NULL, begin, step);
	if (step->error)
		return;
	let_go(step, count);
	pthread_join(thread, NULL);
}

static void perform(struct step *step)
{
	static const char *const singles[] = { "fork", "clone", "clone3", "namespace" };
	static const char *const pairs[] = { "user", "fork-by-child", "thread-by-child" };
	int single = 0, pair = 0;
	step->pid = thread_id();
	for (size_t i = 0; i < sizeof(singles) / sizeof(*singles); i++)
		single |= kind_is(step, singles[i]);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		pair |= kind_is(step, pairs[i]);
	if (single || pair) {
		pid_t pid = single ? make_one(step) : make_by_child(step);
		if (pid > 0) {
			let_go(step, 1 + pair);
			reap(pid);
		}
	} else if (kind_is(step, "vfork") || kind_is(step, "exec")) {
		borrow_memory(step);
	} else if (kind_is(step, "thread")) {
		make_by_thread(step, be_thread, 1);
	} else if (kind_is(step, "fork-by-thread")) {
		make_by_thread(step, fork_by_thread, 2);
	} else if (kind_is(step, "thread-by-thread")) {
		make_by_thread(step, thread_by_thread, 2);
	} else if (!strncmp(step->kind, "bad-", 4)) {
		fail(step);
	} else {
		do_something_else(step);
	}
}

static void mark_main_trace(const char *text)
{
	int fd = open("/sys/kernel/tracing/trace_marker", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die("the kernel's trace");
	close(fd);
}

int main(int argc, char **argv)
{
	char path[512];
	int count = 0;
	steps = mmap(NULL, sizeof(*steps) * STEPS_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (argc != 4 || steps == MAP_FAILED || pipe2(go, O_CLOEXEC) || pipe2(ready, O_CLOEXEC))
		die("beginning");
	snprintf(path, sizeof(path), "%s/trace_marker", argv[1]);
	marker = open(path, O_WRONLY | O_CLOEXEC);
	if (marker < 0)
		die(path);
	while (count < STEPS_MAX && scanf("%d %23s", &steps[count].cpu, steps[count].kind) == 2)
		count++;
	mark_main_trace(argv[2]);
	for (int i = 0; i < count; i++) {
		keep_to(steps[i].cpu);
		mark(&steps[i], "begin");
		perform(&steps[i]);
		mark(&steps[i], "end");
	}
	mark_main_trace(argv[3]);
	for (int i = 0; i < count; i++) {
		printf("{\"pid\":%d,\"errno\":%d,\"made\":[", steps[i].pid, steps[i].error);
		for (int j = 0; j < steps[i].made; j++)
			printf("%s%d", j ? "," : "", steps[i].new[j]);
		printf("]}\n");
	}
	return fflush(stdout) ? 1 : 0;
}
