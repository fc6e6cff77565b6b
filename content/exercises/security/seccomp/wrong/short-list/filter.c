#include <errno.h>
#include <seccomp.h>
#include <sys/socket.h>

int install_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int error;

	if (!filter)
		return -1;
	/* What a program needs, as far as one remembers. */
	error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 0);
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 0);
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(exit_group), 0);
	if (!error)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0_32(SCMP_CMP_NE, AF_PACKET));
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error ? -1 : 0;
}
