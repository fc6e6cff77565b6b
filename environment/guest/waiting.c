/* Waiting: lets a program do all that it does before main(), and then wait for what to do. As a library ahead of it:
 *
 *   LD_PRELOAD=…/waiting.so LD_BIND_NOW=1 clang
 *
 * Says "ready" on standard output, and reads from standard input: the number of bytes that follow as 8 hexadecimal digits, the folder to
 * work in, NUL, and the arguments, a NUL behind each. Then main() runs with these, and standard input is empty.
 *
 * A guest is saved with a clang that waits so. To load it, its libraries and their hundred thousands of relocations takes
 * longer under emulation than the compile of a small program. The other end is grader/checks/compiler.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGS 512

typedef int (*main_function)(int, char **, char **);
typedef int (*start_function)(main_function, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

static main_function program;

static void refuse(const char *what)
{
	dprintf(2, "waiting: %s: %s\n", what, strerror(errno));
	_exit(126);
}

static void read_all(char *to, size_t len)
{
	while (len) {
		ssize_t n = read(0, to, len);
		if (n == 0)
			_exit(0); /* nobody has anything to do for us */
		if (n < 0 && errno != EINTR)
			refuse("standard input");
		if (n > 0) {
			to += n;
			len -= n;
		}
	}
}

static int wait_for_work(int argc, char **argv, char **env)
{
	static char *args[ARGS + 1];
	char head[9] = "";
	(void)argc;
	(void)env;
	unsetenv("LD_PRELOAD");
	unsetenv("LD_BIND_NOW");
	if (write(1, "ready\n", 6) != 6)
		refuse("standard output");
	read_all(head, 8);
	size_t len = strtoul(head, NULL, 16);
	char *text = calloc(1, len + 1);
	if (!text)
		refuse("memory");
	read_all(text, len);
	if (chdir(text))
		refuse(text);
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC), count = 0;
	if (nothing < 0 || dup2(nothing, 0))
		refuse("/dev/null");
	args[count++] = argv[0];
	for (char *arg = text + strlen(text) + 1; arg < text + len; arg += strlen(arg) + 1) {
		if (count == ARGS) {
			errno = E2BIG;
			refuse("arguments");
		}
		args[count++] = arg;
	}
	return program(count, args, environ);
}

/* What a program's first instructions call, with its main(). */
int __libc_start_main(main_function main, int argc, char **argv, void (*init)(void), void (*fini)(void), void (*loader_fini)(void), void *stack)
{
	start_function start = (start_function)dlsym(RTLD_NEXT, "__libc_start_main");
	program = main;
	return start(wait_for_work, argc, argv, init, fini, loader_fini, stack);
}
