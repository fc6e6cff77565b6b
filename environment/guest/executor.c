/* The executor: commands that are started in every way, and what commands do that start nothing.
 *
 *   executor < PLAN            each line: CPU ACT ARGUMENT…; one line of JSON for each: {"pid":N,"code":N}
 *   x ACT ARGUMENT…            what it is when it is started by itself: acts, one after the other, and ends with code 0
 *
 * The plan's acts, each in a child whose end is waited for, code being its exit code or minus the signal:
 *
 *   run PATH ACTS…     fork and execve       spawn PATH ACTS…   vfork and execve
 *   stay PATH          fork and execve of PATH, which waits until the end of standard input
 *   do ACTS…           a child that stays what it is, and acts
 *
 * A plan ends with a line '.'; then the outcomes are told. A command's argv[0] is its caller's choice: here it is
 * always 'x', by which it knows that it is to act.
 * Acts of a child or command:
 *
 *   exec PATH ACTS…     execve       execveat PATH ACTS…   by a folder and a name in it
 *   by-thread PATH ACTS…             a thread asks for it that is not the process's first
 *   fails PATH          an execve that must fail, after which it goes on
 *   named NAME          gives itself this name
 *   fork, thread        makes one that does nothing
 *   stay                waits until standard input ends
 *
 * The other end is grader/kit/processes/commands.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLAN_MAX 1000
#define WORDS_MAX 512
#define LINE_MAX_BYTES 16384

extern char **environ;

static void die(const char *what)
{
	fprintf(stderr, "executor: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static int wait_for(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* acts[0] becomes its argv[0]; there is a word before the first act, or there would be no act. */
static void become(const char *path, char **acts)
{
	acts[-1] = "x";
	execve(path, acts - 1, environ);
}

static void become_by_folder(char *path, char **acts)
{
	char *slash = strrchr(path, '/');
	*slash = 0;
	int folder = open(path, O_PATH | O_CLOEXEC);
	acts[-1] = "x";
	syscall(SYS_execveat, folder, slash + 1, acts - 1, environ, 0);
}

static void *become_by_thread(void *words)
{
	char **acts = words;
	become(acts[0], acts + 1);
	die(acts[0]);
	return NULL;
}

static void *nothing(void *unused)
{
	return unused;
}

/* Always ends the process, or makes it another. */
static void act(char **acts)
{
	pthread_t thread;
	char byte;
	for (; *acts; acts++) {
		if (!strcmp(*acts, "exec") && acts[1]) {
			become(acts[1], acts + 2);
			die(acts[1]);
		} else if (!strcmp(*acts, "execveat") && acts[1]) {
			become_by_folder(acts[1], acts + 2);
			die(acts[1]);
		} else if (!strcmp(*acts, "by-thread") && acts[1]) {
			if (pthread_create(&thread, NULL, become_by_thread, acts + 1))
				die("a thread");
			pthread_join(thread, NULL);
			die(acts[1]);
		} else if (!strcmp(*acts, "fails") && acts[1]) {
			char *words[] = { "x", NULL };
			acts++;
			execve(*acts, words, environ);
		} else if (!strcmp(*acts, "named") && acts[1]) {
			prctl(PR_SET_NAME, *++acts);
		} else if (!strcmp(*acts, "fork")) {
			pid_t pid = fork();
			if (!pid)
				_exit(0);
			wait_for(pid);
		} else if (!strcmp(*acts, "thread")) {
			if (!pthread_create(&thread, NULL, nothing, NULL))
				pthread_join(thread, NULL);
		} else if (!strcmp(*acts, "stay")) {
			while (read(0, &byte, 1) > 0 || errno == EINTR)
				errno = 0;
		} else {
			_exit(2);
		}
	}
	_exit(0);
}

static void keep_to(int cpu)
{
	cpu_set_t there;
	CPU_ZERO(&there);
	CPU_SET(cpu, &there);
	if (sched_setaffinity(0, sizeof(there), &there))
		die("a CPU");
}

static pid_t start(char **words)
{
	char *stay[] = { "x", "stay", NULL };
	char *kind = words[0];
	pid_t pid;
	if (!strcmp(kind, "spawn")) {
		pid = vfork();
		if (!pid) {
			become(words[1], words + 2);
			_exit(127);
		}
		return pid;
	}
	pid = fork();
	if (pid)
		return pid;
	if (!strcmp(kind, "run"))
		become(words[1], words + 2);
	else if (!strcmp(kind, "stay"))
		execve(words[1], stay, environ);
	else if (!strcmp(kind, "do"))
		act(words + 1);
	_exit(127);
}

int main(int argc, char **argv)
{
	static char line[LINE_MAX_BYTES];
	static char *words[PLAN_MAX][WORDS_MAX];
	static pid_t pids[PLAN_MAX];
	static int codes[PLAN_MAX];
	int count = 0, ended = 0;
	if (argc > 0 && !strcmp(argv[0], "x"))
		act(argv + 1);
	/* unbuffered, for who stays reads on where the plan ends */
	setvbuf(stdin, NULL, _IONBF, 0);
	while (!ended && count < PLAN_MAX && fgets(line, sizeof(line), stdin)) {
		ended = !strcmp(line, ".\n");
		if (ended)
			break;
		char *copy = strdup(line);
		int many = 0;
		for (char *word = strtok(copy, " \n"); word && many < WORDS_MAX - 1; word = strtok(NULL, " \n"))
			words[count][many++] = word;
		if (many < 3)
			return 2;
		count++;
	}
	if (!ended)
		return 2;
	for (int i = 0; i < count; i++) {
		keep_to(atoi(words[i][0]));
		pids[i] = start(words[i] + 1);
		if (pids[i] < 0)
			die("fork");
		if (strcmp(words[i][1], "stay"))
			codes[i] = wait_for(pids[i]);
	}
	for (int i = 0; i < count; i++)
		printf("{\"pid\":%d,\"code\":%d}\n", pids[i], codes[i]);
	fflush(stdout);
	for (int i = 0; i < count; i++)
		if (!strcmp(words[i][1], "stay"))
			codes[i] = wait_for(pids[i]);
	for (int i = 0; i < count; i++)
		if (codes[i])
			return 3;
	return 0;
}
