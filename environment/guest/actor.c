/* The actor: does to the kernel what a workload asks for, and reports which process did it.
 *
 * A plan on standard input, one action a line; one line of JSON on standard output for each. The plan is read to
 * its end before the first action and nothing is told before the last: what the actor does in between is the
 * workload and nothing else, as far as a process can. Children are reaped before the next action begins.
 *
 *   exec NAME PATH     a child becomes PATH with NAME as its argv[0]; waits for its end
 *   exec-missing PATH  a child asks for a PATH that does not exist, and ends
 *   fork               a child that ends at once, without exec
 *   as UID GID ACTION  one of the three, its child being this user and group
 *   thread             a thread that ends at once
 *   open PATH          open and close for reading
 *   getpid             the system call, many programs' idea of a harmless one
 *   kill TARGET SIGNAL  the system call; the plan sees to it that there is no such process
 *   together CPU:CALLS...  a thread for each, on that CPU, all at once: so many calls of getsid, of getpid as many
 *   link TARGET PATH   a symbolic link, with the folder it is in
 *   remove PATH        a file, or a folder if empty
 *   mark TEXT          a line in the kernel's trace; keeps to one CPU from here on
 *
 * `pid` is the thread that acted, as the kernel's tracing numbers it. The other end is grader/checks/processes.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.h"

#define ACTIONS_MAX 10000
#define LINE_MAX_BYTES 4096
#define THREADS_MAX 64

struct outcome {
	const char *action;
	pid_t pid;
	int code;   /* exit code of a child, -1 if a signal ended it */
	int error;  /* errno of what the actor itself did */
};

static char *plan[ACTIONS_MAX];
static struct outcome outcomes[ACTIONS_MAX];

static pid_t thread_id(void)
{
	return (pid_t)syscall(SYS_gettid);
}

static char *next_word(char **rest)
{
	char *word = *rest, *space = word ? strchr(word, ' ') : NULL;
	if (space)
		*space++ = 0;
	*rest = space;
	return word ? word : "";
}

struct user {
	uid_t uid;
	gid_t gid;
};

/* The bare system calls: glibc's would change all threads. */
static int become(const struct user *user)
{
	return user && (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, user->gid, user->gid, user->gid) ||
			syscall(SYS_setresuid, user->uid, user->uid, user->uid));
}

/* A plain fork: posix_spawn or system would bring system calls of their own. */
static void act_in_child(struct outcome *o, const struct user *user, char *name, const char *path)
{
	extern char **environ;
	char *argv[] = { name, NULL };
	int status;
	pid_t pid = fork();
	if (pid < 0) {
		o->error = errno;
		return;
	}
	if (!pid) {
		if (become(user))
			_exit(126);
		if (path)
			execve(path, argv, environ);
		_exit(path ? 127 : 0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	o->pid = pid;
	o->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void *say_thread_id(void *pid)
{
	*(pid_t *)pid = thread_id();
	return NULL;
}

static void start_thread(struct outcome *o)
{
	pthread_t thread;
	o->error = pthread_create(&thread, NULL, say_thread_id, &o->pid);
	if (!o->error)
		pthread_join(thread, NULL);
}

struct caller {
	pthread_t thread;
	int cpu;
	long calls;
	int error;
	pthread_barrier_t *start;
};

static void *call_on_cpu(void *argument)
{
	struct caller *caller = argument;
	cpu_set_t there;
	CPU_ZERO(&there);
	if (caller->cpu < 0 || caller->cpu >= CPU_SETSIZE)
		caller->error = EINVAL;
	else
		CPU_SET(caller->cpu, &there);
	if (!caller->error && sched_setaffinity(0, sizeof(there), &there))
		caller->error = errno;
	pthread_barrier_wait(caller->start);
	for (long i = 0; !caller->error && i < caller->calls; i++) {
		syscall(SYS_getsid, 0);
		syscall(SYS_getpid);
	}
	return NULL;
}

static void call_together(struct outcome *o, char *rest)
{
	struct caller callers[THREADS_MAX];
	pthread_barrier_t start;
	unsigned count = 0;
	for (char *word; *(word = next_word(&rest)) && count < THREADS_MAX; count++) {
		char *calls = strchr(word, ':');
		callers[count] = (struct caller){ .cpu = atoi(word), .calls = calls ? atol(calls + 1) : 0, .start = &start };
	}
	if (!count || pthread_barrier_init(&start, NULL, count)) {
		o->error = EINVAL;
		return;
	}
	for (unsigned i = 0; i < count; i++)
		if (pthread_create(&callers[i].thread, NULL, call_on_cpu, &callers[i])) {
			/* those that wait for the others would wait for ever */
			fprintf(stderr, "actor: cannot start %u threads\n", count);
			exit(1);
		}
	for (unsigned i = 0; i < count; i++) {
		pthread_join(callers[i].thread, NULL);
		if (callers[i].error)
			o->error = callers[i].error;
	}
	pthread_barrier_destroy(&start);
}

static void open_file(struct outcome *o, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		o->error = errno;
	else
		close(fd);
}

static void make_link(struct outcome *o, const char *target, char *path)
{
	char *copy = strdup(path);
	if (copy)
		mkdir(dirname(copy), 0755);
	free(copy);
	if (symlink(target, path))
		o->error = errno;
}

/* Each CPU has a buffer of its own, and the oldest lines of a full one are overwritten. With the workload on one CPU,
 * a first mark that is still there says that no line after it was lost. */
static void stay_on_this_cpu(void)
{
	cpu_set_t here;
	int cpu = sched_getcpu();
	CPU_ZERO(&here);
	if (cpu >= 0 && cpu < CPU_SETSIZE)
		CPU_SET(cpu, &here);
	sched_setaffinity(0, sizeof(here), &here);
}

static void mark_trace(struct outcome *o, const char *text)
{
	static int fd = -1;
	if (fd < 0) {
		stay_on_this_cpu();
		fd = open("/sys/kernel/tracing/trace_marker", O_WRONLY | O_CLOEXEC);
	}
	if (fd < 0) /* the older place */
		fd = open("/sys/kernel/debug/tracing/trace_marker", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		o->error = errno;
}

static void act(struct outcome *o, char *line)
{
	char *rest = line, *action = next_word(&rest);
	struct user other, *user = NULL;
	if (!strcmp(action, "as")) {
		other.uid = (uid_t)strtoul(next_word(&rest), NULL, 10);
		other.gid = (gid_t)strtoul(next_word(&rest), NULL, 10);
		user = &other;
		action = next_word(&rest);
	}
	o->action = action;
	o->pid = thread_id();
	if (!strcmp(action, "exec")) {
		char *name = next_word(&rest);
		act_in_child(o, user, name, rest ? rest : "");
	} else if (!strcmp(action, "exec-missing")) {
		act_in_child(o, user, "missing", rest ? rest : "");
	} else if (!strcmp(action, "fork")) {
		act_in_child(o, user, NULL, NULL);
	} else if (user) {
		o->error = EINVAL; /* only a child can be somebody else */
	} else if (!strcmp(action, "thread")) {
		start_thread(o);
	} else if (!strcmp(action, "open")) {
		open_file(o, rest ? rest : "");
	} else if (!strcmp(action, "getpid")) {
		syscall(SYS_getpid);
	} else if (!strcmp(action, "kill")) {
		pid_t pid = atoi(next_word(&rest));
		if (syscall(SYS_kill, pid, atoi(next_word(&rest))))
			o->error = errno;
	} else if (!strcmp(action, "together")) {
		call_together(o, rest);
	} else if (!strcmp(action, "link")) {
		char *target = next_word(&rest);
		make_link(o, target, rest ? rest : "");
	} else if (!strcmp(action, "remove")) {
		if (remove(rest ? rest : ""))
			o->error = errno;
	} else if (!strcmp(action, "mark")) {
		mark_trace(o, rest ? rest : "");
	} else {
		o->error = ENOSYS;
	}
}

int main(void)
{
	static char line[LINE_MAX_BYTES];
	int count = 0;
	while (fgets(line, sizeof(line), stdin)) {
		size_t len = strlen(line);
		if (!len || line[len - 1] != '\n' || count == ACTIONS_MAX) {
			fprintf(stderr, "actor: a line is too long, or there are more than %d\n", ACTIONS_MAX);
			return 1;
		}
		line[len - 1] = 0;
		plan[count] = strdup(line);
		if (!plan[count++])
			return 1;
	}
	for (int i = 0; i < count; i++)
		act(&outcomes[i], plan[i]);
	for (int i = 0; i < count; i++) {
		printf("{\"pid\":%d,\"code\":%d,\"errno\":%d", outcomes[i].pid, outcomes[i].code, outcomes[i].error);
		json_field("action", outcomes[i].action);
		printf("}\n");
	}
	return fflush(stdout) ? 1 : 0;
}
