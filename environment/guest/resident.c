/* Resident: lets a program do once all that it does before main(), and then run main() for each request in a process of its own.
 * As a library ahead of it:
 *
 *   LD_PRELOAD=…/resident.so LD_BIND_NOW=1 clang
 *
 * Says "ready" on standard output, and reads requests from standard input: the number of bytes that follow as 8 hexadecimal digits,
 * the folder to work in, NUL, and the arguments, a NUL behind each. A request is answered by one line of JSON:
 *
 *   {"code":N,"signal":N,"cpuMs":N,"wallMs":N,"outOfMemory":N,"truncated":N,"said":"…"}    said: standard output and error
 *
 * A guest is saved with a clang that waits so. To load it, its libraries and their hundred thousands of relocations takes longer under
 * emulation than the compile of a small program. Its children are copies: they share its addresses, so that what the emulator has
 * translated for one serves the next. The other end is grader/kit/guest/resident.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "json.h"

#define ARGS 512
#define SAID_MAX (256 * 1024)

typedef int (*main_function)(int, char **, char **);
typedef int (*start_function)(main_function, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

static main_function program;
static volatile pid_t running;

/* SIGINT to us ends the request that is under way, and nothing else. */
static void end_running(int number)
{
	(void)number;
	if (running > 0)
		kill(running, SIGKILL);
}

static void refuse(const char *what)
{
	dprintf(2, "resident: %s: %s\n", what, strerror(errno));
	_exit(126);
}

/* Ends with its input: nobody has anything more to do for us then. */
static void read_all(char *to, size_t len)
{
	while (len) {
		ssize_t n = read(0, to, len);
		if (n == 0)
			_exit(0);
		if (n < 0 && errno != EINTR)
			refuse("standard input");
		if (n > 0) {
			to += n;
			len -= n;
		}
	}
}

static char *read_request(size_t *len)
{
	char head[9] = "";
	read_all(head, 8);
	*len = strtoul(head, NULL, 16);
	char *text = calloc(1, *len + 1);
	if (!text)
		refuse("memory");
	read_all(text, *len);
	return text;
}

/* In the child, which has nothing of its parent's streams. */
static void run_program(char *name, char *text, size_t len, int said)
{
	static char *args[ARGS + 1];
	int nothing = open("/dev/null", O_RDONLY), count = 0;
	signal(SIGINT, SIG_DFL);
	if (nothing < 0 || dup2(nothing, 0) || dup2(said, 1) != 1 || dup2(said, 2) != 2)
		_exit(126);
	close(nothing);
	close(said);
	if (chdir(text))
		refuse(text);
	args[count++] = name;
	for (char *arg = text + strlen(text) + 1; arg < text + len; arg += strlen(arg) + 1) {
		if (count == ARGS) {
			errno = E2BIG;
			refuse("arguments");
		}
		args[count++] = arg;
	}
	int code = program(count, args, environ);
	fflush(NULL);
	_exit(code); /* what a library has to say at its end takes a while, and nobody wants to hear it */
}

/* How many processes the kernel has ended in our cgroup for want of memory. */
static long killed_for_memory(void)
{
	char line[512], path[600];
	long count = 0;
	FILE *file = fopen("/proc/self/cgroup", "re");
	if (!file || !fgets(line, sizeof(line), file) || strncmp(line, "0::", 3)) {
		if (file)
			fclose(file);
		return 0;
	}
	fclose(file);
	line[strcspn(line, "\n")] = 0;
	snprintf(path, sizeof(path), "/sys/fs/cgroup%s/memory.events", line + 3);
	if (!(file = fopen(path, "re")))
		return 0;
	while (fgets(line, sizeof(line), file))
		sscanf(line, "oom_kill %ld", &count);
	fclose(file);
	return count;
}

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void answer(int said, int status, const struct rusage *usage, long wall_ms, int out_of_memory)
{
	static char text[SAID_MAX + 1];
	ssize_t len = pread(said, text, SAID_MAX, 0);
	text[len < 0 ? 0 : len] = 0;
	struct timeval u = usage->ru_utime, s = usage->ru_stime;
	printf("{\"code\":%d,\"signal\":%d,\"cpuMs\":%ld,\"wallMs\":%ld,\"outOfMemory\":%d,\"truncated\":%d",
		WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		(u.tv_sec + s.tv_sec) * 1000 + (u.tv_usec + s.tv_usec) / 1000, wall_ms, out_of_memory,
		lseek(said, 0, SEEK_END) > SAID_MAX);
	json_field("said", text);
	puts("}");
	fflush(stdout);
}

static int serve(int argc, char **argv, char **env)
{
	(void)argc;
	(void)env;
	unsetenv("LD_PRELOAD");
	unsetenv("LD_BIND_NOW");
	prctl(PR_SET_DUMPABLE, 0); /* a child is of the same user, and none of its business is here */
	puts("ready");
	fflush(stdout);
	signal(SIGINT, end_running);
	for (;;) { /* until the end of its input */
		size_t len;
		char *text = read_request(&len);
		long killed = killed_for_memory(), started = now_ms();
		struct rusage usage;
		int status, said = memfd_create("said", MFD_CLOEXEC);
		if (said < 0)
			refuse("memfd_create");
		pid_t child = running = fork();
		if (child < 0)
			refuse("fork");
		if (!child)
			run_program(argv[0], text, len, said);
		while (wait4(child, &status, 0, &usage) != child)
			if (errno != EINTR)
				refuse("wait4");
		running = 0;
		answer(said, status, &usage, now_ms() - started, killed_for_memory() > killed);
		close(said);
		free(text);
	}
	return 0;
}

/* What a program's first instructions call, with its main(). */
int __libc_start_main(main_function main, int argc, char **argv, void (*init)(void), void (*fini)(void), void (*loader_fini)(void), void *stack)
{
	start_function start = (start_function)dlsym(RTLD_NEXT, "__libc_start_main");
	program = main;
	return start(serve, argc, argv, init, fini, loader_fini, stack);
}
