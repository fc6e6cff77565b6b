/* The gate: starts a program behind a standard output that is full, so that its first word waits until the gate is opened. What the
 * kernel holds at this moment is what there was before the word, whatever the program does behind it.
 *
 *   gate PROGRAM ARGUMENT...      as process 1 of its namespaces
 *
 * Commands on standard input, one a line: `go` opens the gate, `INT` sends SIGINT. On standard output, one a line:
 *
 *   @writes    the program is in a system call that writes to its standard output, and waits there
 *   @quiet     it has slept for QUIET_LOOKS looks without a word or work; said once, until something happens
 *   >TEXT      a line of its standard output; -TEXT if the output ends in it
 *   @end CODE  it has ended, with this code, or 128 + the signal
 *
 * The gate needs its own share of the same CPUs for each look, so on a busy machine it is as slow as the program.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MS 40
#define QUIET_LOOKS 150
#define LINE_ROOM 8192

static pid_t program;
static int output; /* the reading end */
static size_t junk;
static int is_open, looks, said_quiet, said_writes;

static void say(const char *what)
{
	printf("%s\n", what);
	fflush(stdout);
}

static void something_happened(void)
{
	looks = said_quiet = 0;
}

/* Full, and then a pipe that blocks as any: the flag is the pipe's end's, which the program gets as well. */
static int fill(int end)
{
	char block[4096] = { 0 };
	fcntl(end, F_SETPIPE_SZ, sizeof(block));
	fcntl(end, F_SETFL, O_NONBLOCK);
	for (ssize_t n; (n = write(end, block, sizeof(block))) > 0;)
		junk += (size_t)n;
	for (ssize_t n; (n = write(end, block, 1)) > 0;)
		junk += (size_t)n;
	return fcntl(end, F_SETFL, 0);
}

static void start(char **argv)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) || fill(ends[1]))
		exit(125);
	program = fork();
	if (program < 0)
		exit(125);
	if (!program) {
		int nothing = open("/dev/null", O_RDONLY);
		signal(SIGINT, SIG_DFL);
		signal(SIGQUIT, SIG_DFL);
		dup2(nothing, 0);
		dup2(ends[1], 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(ends[1]);
	output = ends[0];
}

static char *read_of(const char *name, char *text, size_t len)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", program, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, len - 1);
	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = 0;
	return text;
}

/* Whether a descriptor of the program's is this pipe. */
static int is_output(long fd)
{
	char path[64], theirs[64], ours[64];
	snprintf(path, sizeof(path), "/proc/%d/fd/%ld", program, fd);
	ssize_t n = readlink(path, theirs, sizeof(theirs) - 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", output);
	ssize_t m = readlink(path, ours, sizeof(ours) - 1);
	return n > 0 && n == m && !memcmp(theirs, ours, (size_t)n);
}

static int waits_to_write(const char *syscall)
{
	long call, fd;
	return sscanf(syscall, "%ld 0x%lx", &call, (unsigned long *)&fd) == 2 && (call == SYS_write || call == SYS_writev) &&
	       is_output(fd);
}

/* Asleep in S, the sleep that a signal ends. `used`: CPU time so far, in hundredths of a second. */
static int sleeps(const char *stat, unsigned long *used)
{
	unsigned long user = 0, system = 0;
	char state = 0;
	const char *end = strrchr(stat, ')'); /* the name before it may hold anything */
	if (!end || sscanf(end + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &state, &user, &system) != 3)
		return 0;
	*used = user + system;
	return state == 'S';
}

/* Who polls every tenth of a second does nothing, either; who uses a quarter of a CPU does something. */
static void look(void)
{
	static unsigned long used_at_first;
	char stat[1024], syscall[512];
	unsigned long used = 0;
	int asleep = sleeps(read_of("stat", stat, sizeof(stat)), &used);
	if (asleep && !is_open && !said_writes && waits_to_write(read_of("syscall", syscall, sizeof(syscall)))) {
		said_writes = 1;
		say("@writes");
	}
	if (!looks || used - used_at_first > (unsigned long)looks * LOOK_MS / 40 + 2 || (said_writes && !is_open)) {
		looks = 0;
		used_at_first = used;
	}
	looks += asleep;
	if (looks >= QUIET_LOOKS && !said_quiet) {
		said_quiet = 1;
		say("@quiet");
	}
}

static void relay(const char *data, size_t len)
{
	static char line[LINE_ROOM];
	static size_t used;
	for (size_t i = 0; i < len; i++) {
		if (data[i] != '\n' && used < sizeof(line))
			line[used++] = data[i];
		if (data[i] == '\n' || used == sizeof(line)) {
			printf(">%.*s\n", (int)used, line);
			used = 0;
		}
	}
	if (!len && used)
		printf("-%.*s\n", (int)used, line);
	fflush(stdout);
	something_happened();
}

/* 0 at the end of the output. */
static int take_output(void)
{
	char data[4096];
	ssize_t n = read(output, data, sizeof(data));
	if (n <= 0)
		return n < 0 && (errno == EINTR || errno == EAGAIN);
	size_t skip = (size_t)n < junk ? (size_t)n : junk;
	junk -= skip;
	if ((size_t)n > skip)
		relay(data + skip, (size_t)n - skip);
	return 1;
}

static void obey(void)
{
	char words[64];
	ssize_t n = read(0, words, sizeof(words) - 1);
	if (n <= 0)
		exit(0); /* nobody is there any more */
	words[n] = 0;
	something_happened();
	if (strstr(words, "go"))
		is_open = 1;
	if (strstr(words, "INT"))
		kill(program, SIGINT);
}

static void finish(int status)
{
	/* What it leaves running may hold the pipe: what is there is taken, and no more is waited for. */
	fcntl(output, F_SETFL, O_NONBLOCK);
	for (int more = 512; more > 0;) {
		struct pollfd one = { .fd = output, .events = POLLIN };
		more = poll(&one, 1, 0) > 0 && (one.revents & POLLIN) && take_output() ? more - 1 : 0;
	}
	relay("", 0);
	printf("@end %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	exit(fflush(stdout) ? 1 : 0);
}

int main(int argc, char **argv)
{
	int status, open_end = 1;
	if (argc < 2)
		return 125;
	start(argv + 1);
	for (;;) {
		struct pollfd both[2] = { { .fd = 0, .events = POLLIN }, { .fd = is_open && open_end ? output : -1, .events = POLLIN } };
		int ready = poll(both, 2, LOOK_MS);
		pid_t ended;
		if (ready > 0 && both[0].revents)
			obey();
		if (ready > 0 && both[1].revents)
			open_end = take_output();
		if (!ready)
			look();
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == program)
				finish(status);
	}
}
