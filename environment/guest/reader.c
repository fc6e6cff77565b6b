/* The reader: processes of given names that call read in given ways, and what each call returned.
 *
 * A plan on standard input, one process a line: NAME STEP STEP…; one line of JSON for each: {"pid":N,"results":[…]},
 * a result being the count of bytes or minus errno. A step is
 *
 *   N           read of a file of which exactly N bytes are left, 0 being its end
 *   thread:N    the same by a thread that is not the first       cpu:N        keeps to this CPU from here on; the result is 0
 *   pread:N, readv:N, preadv:N, recv:N   the same bytes by another call           write:N      so many are written
 *   directory   EISDIR: only files can be read        empty-pipe   EAGAIN: nothing there yet
 *   address     EFAULT: no such place in memory       write-only   EBADF: not open for reading
 *
 * The plan is read to its end before the first process starts, and nothing is told before the last has ended: a process
 * of that name reads nothing else. The other end is grader/kit/processes/reads.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES_MAX 64
#define STEPS_MAX 256
#define BYTES_MAX (2 << 20)

struct process { pid_t pid; int count; long results[STEPS_MAX]; };

static long result_of(int fd, void *buffer, size_t len)
{
	ssize_t n = read(fd, buffer, len);
	return n < 0 ? -errno : n;
}

static char buffer[BYTES_MAX];

static int file_of(int size)
{
	int fd = memfd_create("reader", 0);
	return fd >= 0 && !ftruncate(fd, size) ? fd : -1;
}

static void *read_by_thread(void *size)
{
	static long result; /* no malloc: it may read a file in a thread */
	int fd = file_of(atoi(size));
	result = result_of(fd, buffer, BYTES_MAX);
	close(fd);
	return &result;
}

/* Other ways to the same bytes. */
static long perform_call(const char *call, const char *size)
{
	struct iovec into = { buffer, BYTES_MAX };
	int bytes = atoi(size), pair[2] = { -1, -1 }, fd = file_of(strcmp(call, "write") ? bytes : 0);
	long n = -1;
	if (!strcmp(call, "pread")) {
		n = pread(fd, buffer, BYTES_MAX, 0);
	} else if (!strcmp(call, "readv")) {
		n = readv(fd, &into, 1);
	} else if (!strcmp(call, "preadv")) {
		n = preadv(fd, &into, 1, 0);
	} else if (!strcmp(call, "write")) {
		n = write(fd, buffer, bytes);
	} else if (!strcmp(call, "recv") && !socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) {
		if (send(pair[1], buffer, bytes, MSG_DONTWAIT) == bytes)
			n = recv(pair[0], buffer, BYTES_MAX, 0);
		close(pair[0]);
		close(pair[1]);
	}
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

static long keep_to(int cpu)
{
	cpu_set_t there;
	CPU_ZERO(&there);
	CPU_SET(cpu, &there);
	return sched_setaffinity(0, sizeof(there), &there) ? -errno : 0;
}

static long perform_thread(char *size)
{
	pthread_t thread;
	void *result;
	if (pthread_create(&thread, NULL, read_by_thread, size))
		return -EAGAIN;
	pthread_join(thread, &result);
	return *(long *)result;
}

static long perform(char *step)
{
	void *volatile nowhere = (void *)1; /* volatile, for gcc refuses what it sees through */
	int pipes[2], fd;
	long result;
	char *colon = strchr(step, ':');
	if (colon) {
		*colon++ = 0;
		return !strcmp(step, "cpu") ? keep_to(atoi(colon)) : !strcmp(step, "thread") ? perform_thread(colon) : perform_call(step, colon);
	}
	if (!strcmp(step, "empty-pipe")) {
		if (pipe2(pipes, O_NONBLOCK))
			return -errno;
		result = result_of(pipes[0], buffer, 1);
		close(pipes[0]);
		close(pipes[1]);
		return result;
	}
	if (!strcmp(step, "directory")) {
		fd = open("/", O_RDONLY | O_DIRECTORY);
		result = result_of(fd, buffer, 1);
	} else if (!strcmp(step, "write-only")) {
		fd = open("/dev/null", O_WRONLY);
		result = result_of(fd, buffer, 1);
	} else {
		fd = file_of(strcmp(step, "address") ? atoi(step) : 1);
		if (fd < 0)
			return -errno;
		/* More is asked for than there is: what counts is what read returns. */
		result = strcmp(step, "address") ? result_of(fd, buffer, BYTES_MAX) : result_of(fd, nowhere, 1);
	}
	close(fd);
	return result;
}

int main(void)
{
	static char lines[PROCESSES_MAX][8192];
	struct process *all = mmap(NULL, sizeof(*all) * PROCESSES_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int count = 0;
	if (all == MAP_FAILED)
		return 1;
	while (count < PROCESSES_MAX && fgets(lines[count], sizeof(*lines), stdin))
		count++;
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();
		if (pid < 0)
			return 1;
		if (!pid) {
			prctl(PR_SET_NAME, strtok(lines[i], " \n"));
			for (char *step; all[i].count < STEPS_MAX && (step = strtok(NULL, " \n")); all[i].count++)
				all[i].results[all[i].count] = perform(step);
			_exit(0);
		}
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
		all[i].pid = pid;
	}
	for (int i = 0; i < count; i++) {
		printf("{\"pid\":%d,\"results\":[", all[i].pid);
		for (int j = 0; j < all[i].count; j++)
			printf("%s%ld", j ? "," : "", all[i].results[j]);
		printf("]}\n");
	}
	return fflush(stdout) ? 1 : 0;
}
