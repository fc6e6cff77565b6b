/** The program whose processes end: each while its parent is in a state that cannot change until then. */
export const family = String.raw`
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A parent sleeps by reading a pipe that its child has open, and nobody writes to: it closes as the child ends, which is after the
 * tracepoint. To wait for the child itself is another kind of sleep on newer kernels.
 */

static int ends[2];

/* What the processes of one line tell the first. */
static struct shared {
	volatile pid_t ended, parent;
} *shared;

static volatile sig_atomic_t child_ended;
static int cpu;
static pid_t first;

static pid_t thread_id(void)
{
	return syscall(SYS_gettid);
}

static void note_child(int signal)
{
	child_ended = signal;
}

static void keep_to(int number)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(number, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		_exit(9);
}

/* Until the thread is in this state, by the letter that /proc says. It does not leave it before the caller has ended. */
static void await_state(pid_t process, pid_t thread, char wanted)
{
	char path[64], text[512];
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", process, thread);
	for (;;) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
		if (got <= 0)
			_exit(8);
		close(fd);
		text[got] = 0;
		if (strrchr(text, ')')[2] == wanted)
			return;
		usleep(1000);
	}
}

static void end_when(pid_t process, pid_t thread, char state)
{
	keep_to(cpu);
	shared->parent = process;
	shared->ended = thread_id();
	await_state(process, thread, state);
	_exit(0);
}

static void sleep_until_closed(int fd)
{
	char byte;
	if (read(fd, &byte, 1))
		_exit(5);
}

/* A child that ends while the thread that calls this sleeps. */
static pid_t fork_and_sleep(void)
{
	int own[2];
	pid_t process = getpid(), thread = thread_id(), child;
	if (pipe(own))
		_exit(4);
	child = fork();
	if (!child)
		end_when(process, thread, 'S');
	close(own[1]);
	sleep_until_closed(own[0]);
	return child;
}

static void wait_for(pid_t pid)
{
	int status;
	if (waitpid(pid, &status, 0) != pid || status)
		_exit(7);
}

static volatile int done;

static void *fork_in_thread(void *unused)
{
	wait_for(fork_and_sleep());
	done = 1;
	return unused;
}

static void *end_thread(void *unused)
{
	keep_to(cpu);
	shared->parent = first;
	shared->ended = thread_id();
	await_state(first, first, 'S');
	return unused;
}

static void play(const char *kind)
{
	pid_t me = getpid(), child;
	pthread_t thread;
	if (!strcmp(kind, "thread-forks")) {
		/* Its first thread is runnable all the time. */
		if (pthread_create(&thread, NULL, fork_in_thread, NULL))
			_exit(6);
		while (!done)
			;
		pthread_join(thread, NULL);
	} else if (!strcmp(kind, "thread")) {
		if (pthread_create(&thread, NULL, end_thread, NULL) || pthread_join(thread, NULL))
			_exit(6);
	} else if (!strcmp(kind, "running")) {
		signal(SIGCHLD, note_child);
		child = fork();
		if (!child)
			end_when(me, me, 'R');
		while (!child_ended)
			;
		wait_for(child);
	} else if (!strcmp(kind, "stopped")) {
		child = fork();
		if (!child)
			end_when(me, me, 'T');
		close(ends[1]);
		raise(SIGSTOP);
		wait_for(child);
	} else if (!strcmp(kind, "orphan")) {
		if (!fork()) {
			while (getppid() != first)
				usleep(1000);
			end_when(first, first, 'S');
		}
	} else {
		wait_for(fork_and_sleep());
	}
}

int main(void)
{
	char kind[32];
	first = getpid();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1))
		return 1;
	while (scanf("%31s %d", kind, &cpu) == 2) {
		int status, failed = 0;
		if (pipe(ends))
			return 1;
		pid_t child = fork();
		if (!child) {
			close(ends[0]);
			play(kind);
			_exit(0);
		}
		close(ends[1]);
		/* The parent that stops has closed it before, so only its child has it open. */
		if (!strcmp(kind, "stopped") && (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status)))
			return 1;
		sleep_until_closed(ends[0]);
		if (!strcmp(kind, "stopped") && kill(child, SIGCONT))
			return 1;
		while (waitpid(-1, &status, 0) > 0)
			failed |= status;
		close(ends[0]);
		if (failed)
			return 1;
		printf("{\"ended\":%d,\"parent\":%d}\n", shared->ended, shared->parent);
		fflush(stdout);
	}
	return 0;
}
`;
