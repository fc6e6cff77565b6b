/* Access: tries to use files from processes in chosen cgroups, and reports what the kernel said.
 *
 * A plan on standard input, one attempt a line; one line of JSON on standard output for each. An attempt is a child
 * that enters the cgroup, becomes the user and enters the folder, and only then touches the file:
 *
 *   CGROUP UID FOLDER read PATH     open for reading
 *   CGROUP UID FOLDER write PATH    open for writing, nothing is written; so do both (to read and write), append, truncate and create
 *   CGROUP UID FOLDER exec PATH     become the program
 *
 * With thread- before the verb a second thread of the process opens the file. CGROUP is a folder of cgroup v2. `errno` is 0 if the kernel allowed it; `ready` is false if the child never came to
 * the attempt, which is no fault of the submission. The other end is grader/kit/processes/access.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.h"

#define LINE_MAX_BYTES 8192

/* Shared with the child. A successful exec leaves `error` at 0. */
struct attempt {
	int ready, error;
};

static char *next_word(char **rest)
{
	char *word = *rest, *space = word ? strchr(word, ' ') : NULL;
	if (space)
		*space++ = 0;
	*rest = space;
	return word ? word : "";
}

static int enter_cgroup(const char *folder)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, "0", 1);
	close(fd);
	return n < 0 ? -1 : 0;
}

static int become(uid_t uid)
{
	return uid && (setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid)) ? -1 : 0;
}

static const struct {
	const char *verb;
	int flags;
} ways[] = {
	{ "read", O_RDONLY },           { "write", O_WRONLY },           { "both", O_RDWR },
	{ "append", O_WRONLY | O_APPEND }, { "truncate", O_WRONLY | O_TRUNC }, { "create", O_RDWR | O_CREAT },
};

struct opening {
	const char *path;
	int flags, error;
};

static void *open_file(void *data)
{
	struct opening *opening = data;
	opening->error = open(opening->path, opening->flags | O_CLOEXEC, 0600) < 0 ? errno : 0;
	return NULL;
}

static void use_file(struct attempt *attempt, const char *verb, const char *path)
{
	char *argv[] = { (char *)path, NULL }, *env[] = { NULL };
	struct opening opening = { .path = path, .error = EINVAL };
	int threaded = !strncmp(verb, "thread-", 7);
	pthread_t thread;
	attempt->ready = 1;
	if (!strcmp(verb, "exec")) {
		execve(path, argv, env);
		attempt->error = errno;
		return;
	}
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (strcmp(ways[i].verb, threaded ? verb + 7 : verb))
			continue;
		opening.flags = ways[i].flags;
		if (!threaded)
			open_file(&opening);
		else if (pthread_create(&thread, NULL, open_file, &opening) || pthread_join(thread, NULL))
			attempt->ready = 0;
	}
	attempt->error = opening.error;
}

static void try(struct attempt *attempt, char *line)
{
	char *rest = line, *cgroup = next_word(&rest), *uid = next_word(&rest), *folder = next_word(&rest);
	char *verb = next_word(&rest);
	pid_t pid = fork();
	if (!pid) {
		if (!enter_cgroup(cgroup) && !become((uid_t)atoi(uid)) && !chdir(folder))
			use_file(attempt, verb, rest ? rest : "");
		else
			attempt->error = errno;
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int main(void)
{
	static char line[LINE_MAX_BYTES];
	struct attempt *attempt = mmap(NULL, sizeof(*attempt), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (attempt == MAP_FAILED)
		return 1;
	while (fgets(line, sizeof(line), stdin)) {
		size_t len = strlen(line);
		if (!len || line[len - 1] != '\n')
			return 1;
		line[len - 1] = 0;
		memset(attempt, 0, sizeof(*attempt));
		try(attempt, line);
		printf("{\"ready\":%s,\"errno\":%d}\n", attempt->ready ? "true" : "false", attempt->error);
		fflush(stdout);
	}
	return fflush(stdout) ? 1 : 0;
}
