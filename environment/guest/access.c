/* Access: tries to use files from processes in chosen cgroups, and reports what the kernel said.
 *
 * A plan on standard input, one attempt a line; one line of JSON on standard output for each. An attempt is a child
 * that enters the cgroup, becomes the user and enters the folder, and only then touches the file:
 *
 *   CGROUP UID FOLDER read PATH     open for reading
 *   CGROUP UID FOLDER write PATH    open for writing, nothing is written
 *   CGROUP UID FOLDER exec PATH     become the program
 *
 * CGROUP is a folder of cgroup v2. `errno` is 0 if the kernel allowed it; `ready` is false if the child never came to
 * the attempt, which is no fault of the submission. The other end is grader/checks/access.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
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

static void use_file(struct attempt *attempt, const char *verb, const char *path)
{
	char *argv[] = { (char *)path, NULL }, *env[] = { NULL };
	int write = !strcmp(verb, "write");
	attempt->ready = 1;
	if (!strcmp(verb, "exec"))
		execve(path, argv, env);
	else if (open(path, (write ? O_WRONLY : O_RDONLY) | O_CLOEXEC) >= 0)
		return;
	attempt->error = errno;
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
		fflush(stdout); /* or the child would say it, too */
		memset(attempt, 0, sizeof(*attempt));
		try(attempt, line);
		printf("{\"ready\":%s,\"errno\":%d}\n", attempt->ready ? "true" : "false", attempt->error);
	}
	return fflush(stdout) ? 1 : 0;
}
