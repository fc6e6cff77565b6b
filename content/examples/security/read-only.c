/* Runs a command that may read everything, and write below one directory: read-only DIRECTORY COMMAND ARGUMENT... */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// #region rights
#define READ (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
	       LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR)
// #endregion

// #region allow
static int allow(int ruleset, const char *path, __u64 rights)
{
	struct landlock_path_beneath_attr below = {
		.allowed_access = rights,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	int failed = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &below, 0);

	close(below.parent_fd);
	return failed;
}
// #endregion

// #region main
int main(int argc, char **argv)
{
	struct landlock_ruleset_attr handled = { .handled_access_fs = READ | WRITE };
	int ruleset = syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);

	if (argc < 3)
		return 2;
	if (ruleset < 0 || allow(ruleset, "/", READ) || allow(ruleset, argv[1], READ | WRITE) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_landlock_restrict_self, ruleset, 0)) {
		perror("landlock");
		return 1;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 1;
}
// #endregion
