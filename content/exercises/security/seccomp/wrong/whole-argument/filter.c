#include <errno.h>
#include <seccomp.h>
#include <sys/socket.h>

int install_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!filter)
		return -1;
	/* SCMP_A0 compares all 64 bits. */
	error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_PACKET));
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error ? -1 : 0;
}
