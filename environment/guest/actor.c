/* The actor: does to the kernel what a workload asks for, and reports which process did it.
 *
 * A plan on standard input, one action a line; one line of JSON on standard output for each. The plan is read to
 * its end before the first action and nothing is told before the last: what the actor does in between is the
 * workload and nothing else, as far as a process can. Children are reaped before the next action begins.
 *
 *   exec NAME PATH     a child becomes PATH with NAME as its argv[0]; waits for its end
 *   exec-missing PATH  a child asks for a PATH that does not exist, and ends
 *   exec-at NAME PATH  as exec, by the system call execveat
 *   fork               a child that ends at once, without exec
 *   vfork              the same by vfork
 *   thread             a thread that ends at once
 *   open PATH          open and close for reading
 *   write PATH TEXT    open for writing, without making it, and write
 *   getpid             the system call, many programs' idea of a harmless one
 *   kill TARGET SIGNAL  the system call; the plan sees to it that there is no such process
 *   connect tcp|udp ADDRESS PORT      a socket that connects, and is closed
 *   bind tcp|udp ADDRESS PORT         a socket that binds, and is closed
 *   datagram ADDRESS PORT BYTES       a UDP socket that sends so many zeros
 *   together CPU:CALLS...  a thread for each, on that CPU, all at once: so many calls of getsid, of getpid as many
 *   call COUNT NAME ARGUMENT...       a system call by its name, so many times, with numbers as arguments; errno is the last one's
 *   storm CPU:CALLS,... NAME ARGUMENT...   the same from a thread for each, on that CPU, all at once
 *   sweep FIRST COUNT NAME ARGUMENT...     the same once as each of these users, one after the other
 *   link TARGET PATH   a symbolic link, with the folder it is in
 *   remove PATH        a file, or a folder if empty
 *   mark TEXT          a line in the kernel's trace; keeps to one CPU from here on
 *
 * In front of an action, in any number and order:
 *
 *   as UID GID         a child does it, as this user and group
 *   in CGROUP          a child does it, in the cgroup at this path
 *   on CPU             a child does it, and keeps to this CPU
 *   threaded           a thread other than its process' first does it
 *
 * `pid` is the thread that acted, as the kernel's tracing numbers it, `process` the process it is of. The other end is grader/kit/processes/processes.ts.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
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
	pid_t pid, process;
	int code;   /* exit code of a child, -1 if a signal ended it */
	int error;  /* errno of what the actor itself did */
};

static char *plan[ACTIONS_MAX];
static struct outcome outcomes[ACTIONS_MAX];

static pid_t thread_id(void)
{
	return (pid_t)syscall(SYS_gettid);
}

/* The id of this process: its first thread's. Never by getpid, which workloads count. */
static pid_t process_id;

static char *next_word(char **rest)
{
	char *word = *rest, *space = word ? strchr(word, ' ') : NULL;
	if (space)
		*space++ = 0;
	*rest = space;
	return word ? word : "";
}

/* What an action is to be done as. */
struct actor {
	int other, inside, threaded, placed, cpu;
	uid_t uid;
	gid_t gid;
	char *cgroup;
};

static int join_cgroup(const char *path)
{
	char file[LINE_MAX_BYTES + 16];
	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	int fd = open(file, O_WRONLY | O_CLOEXEC), error = fd < 0 || write(fd, "0", 1) != 1;
	if (fd >= 0)
		close(fd);
	return error;
}

/* The bare system calls: glibc's would change all threads. */
static int become(const struct actor *actor)
{
	cpu_set_t there;
	CPU_ZERO(&there);
	CPU_SET(actor->cpu, &there);
	if (actor->placed && sched_setaffinity(0, sizeof(there), &there))
		return -1;
	if (actor->inside && join_cgroup(actor->cgroup))
		return -1;
	return actor->other && (syscall(SYS_setgroups, 0, NULL) || syscall(SYS_setresgid, actor->gid, actor->gid, actor->gid) ||
				syscall(SYS_setresuid, actor->uid, actor->uid, actor->uid));
}

static void exec_at(const char *path, char **argv, char **environment)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	syscall(SYS_execveat, fd, "", argv, environment, AT_EMPTY_PATH);
}

/* A plain fork: posix_spawn or system would bring system calls of their own. */
static void act_in_child(struct outcome *o, const struct actor *actor, char *name, const char *path, int by_descriptor)
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
		if (become(actor))
			_exit(126);
		if (path && by_descriptor)
			exec_at(path, argv, environ);
		else if (path)
			execve(path, argv, environ);
		_exit(path ? 127 : 0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	o->pid = o->process = pid;
	o->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void act_in_vfork(struct outcome *o)
{
	int status;
	pid_t pid = vfork();
	if (!pid)
		_exit(0);
	if (pid < 0) {
		o->error = errno;
		return;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	o->pid = o->process = pid;
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

/* Those that a workload may ask for: none harms with arguments that the kernel refuses. */
static const struct {
	const char *name;
	long number;
} calls[] = {
	{ "execve", SYS_execve }, { "execveat", SYS_execveat },
	{ "kill", SYS_kill }, { "tkill", SYS_tkill }, { "tgkill", SYS_tgkill },
	{ "rt_sigqueueinfo", SYS_rt_sigqueueinfo }, { "rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo },
	{ "getsid", SYS_getsid }, { "getpgid", SYS_getpgid }, { "getpid", SYS_getpid },
	{ "getppid", SYS_getppid }, { "gettid", SYS_gettid }, { "setsid", SYS_setsid },
};

struct call {
	long number, arguments[6];
};

static int parse_call(struct call *call, char *rest)
{
	char *name = next_word(&rest);
	*call = (struct call){ .number = -1 };
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (!strcmp(calls[i].name, name))
			call->number = calls[i].number;
	for (int i = 0; rest && i < 6; i++)
		call->arguments[i] = strtol(next_word(&rest), NULL, 10);
	return call->number < 0;
}

static int make_calls(const struct call *call, long count)
{
	const long *a = call->arguments;
	int error = 0;
	for (long i = 0; i < count; i++)
		error = syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]) < 0 ? errno : 0;
	return error;
}

/* The bare system calls, for this thread alone. The saved user stays root, so that it may change again. */
static int sweep_users(char *rest)
{
	struct call call;
	uid_t first = (uid_t)strtoul(next_word(&rest), NULL, 10), count = (uid_t)strtoul(next_word(&rest), NULL, 10);
	if (parse_call(&call, rest))
		return ENOSYS;
	for (uid_t i = 0; i < count; i++) {
		if (syscall(SYS_setresuid, first + i, first + i, 0))
			return errno;
		make_calls(&call, 1);
		if (syscall(SYS_setresuid, -1, 0, -1))
			return errno;
	}
	return syscall(SYS_setresuid, 0, 0, 0) ? errno : 0;
}

struct storm {
	struct caller caller;
	const struct call *call;
};

static void *storm_on_cpu(void *argument)
{
	struct storm *storm = argument;
	struct caller *caller = &storm->caller;
	cpu_set_t there;
	CPU_ZERO(&there);
	CPU_SET(caller->cpu, &there);
	if (sched_setaffinity(0, sizeof(there), &there))
		caller->error = errno;
	pthread_barrier_wait(caller->start);
	if (!caller->error)
		make_calls(storm->call, caller->calls);
	return NULL;
}

static void call_in_a_storm(struct outcome *o, char *rest)
{
	struct storm storms[THREADS_MAX];
	struct call call;
	pthread_barrier_t start;
	unsigned count = 0;
	char *where = next_word(&rest);
	for (char *word; (word = strtok_r(count ? NULL : where, ",", &where)) && count < THREADS_MAX; count++) {
		char *times = strchr(word, ':');
		storms[count].call = &call;
		storms[count].caller =
			(struct caller){ .cpu = atoi(word) % CPU_SETSIZE, .calls = times ? atol(times + 1) : 0, .start = &start };
	}
	if (parse_call(&call, rest) || !count || pthread_barrier_init(&start, NULL, count)) {
		o->error = EINVAL;
		return;
	}
	for (unsigned i = 0; i < count; i++)
		if (pthread_create(&storms[i].caller.thread, NULL, storm_on_cpu, &storms[i])) {
			fprintf(stderr, "actor: cannot start %u threads\n", count);
			exit(1);
		}
	for (unsigned i = 0; i < count; i++) {
		pthread_join(storms[i].caller.thread, NULL);
		if (storms[i].caller.error)
			o->error = storms[i].caller.error;
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

static void write_file(struct outcome *o, const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		o->error = errno;
	if (fd >= 0)
		close(fd);
}

static void use_socket(struct outcome *o, const char *action, int type, char *rest)
{
	char *host = next_word(&rest);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(next_word(&rest))) };
	size_t bytes = (size_t)atoi(next_word(&rest));
	char *data = calloc(1, bytes + 1);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), bad = -1;
	if (fd >= 0 && data && inet_pton(AF_INET, host, &at.sin_addr) != 1)
		errno = EINVAL;
	else if (fd >= 0 && data && !strcmp(action, "connect"))
		bad = connect(fd, (struct sockaddr *)&at, sizeof(at));
	else if (fd >= 0 && data && !strcmp(action, "bind"))
		bad = bind(fd, (struct sockaddr *)&at, sizeof(at));
	else if (fd >= 0 && data)
		bad = sendto(fd, data, bytes, 0, (struct sockaddr *)&at, sizeof(at)) != (ssize_t)bytes;
	if (bad)
		o->error = errno;
	if (fd >= 0)
		close(fd);
	free(data);
}

static int socket_type(char **rest)
{
	return strcmp(next_word(rest), "udp") ? SOCK_STREAM : SOCK_DGRAM;
}

/* What the thread that calls this does itself. */
static void act_here(struct outcome *o, const char *action, char *rest)
{
	o->pid = thread_id();
	o->process = process_id;
	if (!strcmp(action, "thread")) {
		start_thread(o);
	} else if (!strcmp(action, "open")) {
		open_file(o, rest ? rest : "");
	} else if (!strcmp(action, "write")) {
		char *path = next_word(&rest);
		write_file(o, path, rest ? rest : "");
	} else if (!strcmp(action, "getpid")) {
		syscall(SYS_getpid);
	} else if (!strcmp(action, "kill")) {
		pid_t pid = atoi(next_word(&rest));
		if (syscall(SYS_kill, pid, atoi(next_word(&rest))))
			o->error = errno;
	} else if (!strcmp(action, "connect") || !strcmp(action, "bind")) {
		int type = socket_type(&rest);
		use_socket(o, action, type, rest);
	} else if (!strcmp(action, "datagram")) {
		use_socket(o, action, SOCK_DGRAM, rest);
	} else if (!strcmp(action, "together")) {
		call_together(o, rest);
	} else if (!strcmp(action, "call")) {
		struct call call;
		long count = atol(next_word(&rest));
		o->error = parse_call(&call, rest) ? ENOSYS : make_calls(&call, count);
	} else if (!strcmp(action, "sweep")) {
		o->error = sweep_users(rest);
	} else if (!strcmp(action, "storm")) {
		call_in_a_storm(o, rest);
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

struct act {
	struct outcome *outcome;
	const char *action;
	char *rest;
};

static void *act_in_thread(void *argument)
{
	struct act *act = argument;
	act_here(act->outcome, act->action, act->rest);
	return NULL;
}

static void act_threaded(struct outcome *o, const char *action, char *rest)
{
	struct act act = { o, action, rest };
	pthread_t thread;
	int error = pthread_create(&thread, NULL, act_in_thread, &act);
	if (error)
		o->error = error;
	else
		pthread_join(thread, NULL);
}

/* Its outcome comes back through memory that both have. */
static void act_as(struct outcome *o, const struct actor *actor, const char *action, char *rest)
{
	static struct outcome *shared;
	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = shared == MAP_FAILED ? -1 : fork();
	int status = 0;
	if (pid < 0) {
		o->error = errno;
		return;
	}
	if (!pid) {
		*shared = (struct outcome){ 0 };
		shared->pid = shared->process = process_id = thread_id();
		if (become(actor))
			shared->error = errno ? errno : EPERM;
		else if (actor->threaded)
			act_threaded(shared, action, rest);
		else
			act_here(shared, action, rest);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	o->pid = shared->pid;
	o->process = shared->process;
	o->error = shared->error;
	o->code = WIFEXITED(status) ? 0 : -1;
}

static char *parse_actor(struct actor *actor, char **rest)
{
	for (char *word;;) {
		word = next_word(rest);
		if (!strcmp(word, "as")) {
			actor->other = 1;
			actor->uid = (uid_t)strtoul(next_word(rest), NULL, 10);
			actor->gid = (gid_t)strtoul(next_word(rest), NULL, 10);
		} else if (!strcmp(word, "in")) {
			actor->inside = 1;
			actor->cgroup = next_word(rest);
		} else if (!strcmp(word, "on")) {
			actor->placed = 1;
			actor->cpu = atoi(next_word(rest)) % CPU_SETSIZE;
		} else if (!strcmp(word, "threaded")) {
			actor->threaded = 1;
		} else {
			return word;
		}
	}
}

static void act(struct outcome *o, char *line)
{
	struct actor actor = { 0 };
	char *rest = line, *action = parse_actor(&actor, &rest);
	int execs_at = !strcmp(action, "exec-at"), execs = execs_at || !strcmp(action, "exec");
	int forks = execs || !strcmp(action, "exec-missing") || !strcmp(action, "fork");
	o->action = action;
	o->pid = thread_id();
	o->process = process_id;
	if (forks && actor.threaded) {
		o->error = EINVAL; /* the child of a thread is a process as any */
	} else if (execs) {
		char *name = next_word(&rest);
		act_in_child(o, &actor, name, rest ? rest : "", execs_at);
	} else if (forks) {
		act_in_child(o, &actor, "missing", !strcmp(action, "fork") ? NULL : rest ? rest : "", 0);
	} else if (!strcmp(action, "vfork")) {
		act_in_vfork(o);
	} else if (actor.other || actor.inside || actor.placed) {
		act_as(o, &actor, action, rest);
	} else if (actor.threaded) {
		act_threaded(o, action, rest);
	} else {
		act_here(o, action, rest);
	}
}

int main(void)
{
	static char line[LINE_MAX_BYTES];
	int count = 0;
	process_id = thread_id();
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
		printf("{\"pid\":%d,\"process\":%d,\"code\":%d,\"errno\":%d", outcomes[i].pid,
		       outcomes[i].process, outcomes[i].code, outcomes[i].error);
		json_field("action", outcomes[i].action);
		printf("}\n");
	}
	return fflush(stdout) ? 1 : 0;
}
