/* Filter: takes the seccomp filters that a program has installed out of the kernel, and asks the kernel what they decide.
 *
 *   filter COMMAND…       a plan on standard input, one call a line: MODE ARCH NR ARG0 … ARG5, numbers in hexadecimal
 *
 * First COMMAND runs to its end, traced, and at its last moment the kernel hands out its filters. What the command
 * says plays no part, and it is gone when the judging begins. Then each call of the plan is made by a fresh process of
 * ours with the same filters:
 *
 *   try     the call itself
 *   ask     below the command's filters lies one that answers every call with REACHED: nothing happens, and that
 *           error says that the command's filters allow the call, also one that this kernel does not know; so one
 *           process asks about many calls, until one of them is its end
 *
 * ARCH: native, or i386 (x86-64 only: the 32-bit way into the same kernel). x32 calls are native, with bit 30 in NR.
 * First a line about the command, then one for each call, null where a hundred calls before it were the end of a process.
 * The other end is grader/kit/processes/seccomp.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.h"

#define FILTERS_MAX 16
#define CALLS_MAX 8192
#define ENDS_MAX 100 /* processes that may end by a call; a filter that ends more is known well enough */
#define REACHED 2999
#define OURS 0x5ec0de /* in the last argument of our own calls, which needs none */

static struct sock_fprog filters[FILTERS_MAX];
static int filters_count;

/* Shared with the process that makes a call: a filter may leave it no way to tell. */
struct answer {
	int ready;   /* the filters are installed, and the call is next */
	int over;    /* the call has returned */
	int signal;  /* if it has not: what ended the process */
	long result; /* as the kernel gives it: -errno on failure */
};

/* ---- the command ------------------------------------------------------------------------------------------ */

/* The oldest first: the order in which they were installed. 0, or errno. */
static int take_filters(pid_t pid)
{
	for (filters_count = 0; filters_count < FILTERS_MAX; filters_count++) {
		struct sock_fprog *f = &filters[filters_count];
		long len = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (long)filters_count, NULL);
		if (len < 0) /* EINVAL: it has none at all; ENOENT: no more */
			return errno == ENOENT || errno == EINVAL ? 0 : errno;
		f->len = (unsigned short)len;
		f->filter = calloc((size_t)len + 1, sizeof(*f->filter));
		if (!f->filter || ptrace(PTRACE_SECCOMP_GET_FILTER, pid, (long)filters_count, f->filter) < 0)
			return f->filter ? errno : ENOMEM;
	}
	return 0;
}

static void start_command(char **argv)
{
	/* Neither does it see the plan, nor does its output look like ours or use up its bounds. */
	int none = open("/dev/null", O_RDWR);
	for (int fd = 0; fd <= 2; fd++)
		dup2(none, fd);
	if (!ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		execvp(argv[0], argv);
	_exit(127);
}

/* Follows the command to its end; prints the line about it. -1 if we failed. */
static int follow_command(char **argv)
{
	int status, error = -1, first = 1;
	pid_t pid = fork();
	if (!pid)
		start_command(argv);
	while (pid > 0 && waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		int stop = WSTOPSIG(status), event = status >> 16;
		if (first && ptrace(PTRACE_SETOPTIONS, pid, NULL, (long)(PTRACE_O_EXITKILL | PTRACE_O_TRACEEXIT | PTRACE_O_TRACEEXEC)))
			return -1;
		if (event == PTRACE_EVENT_EXIT)
			error = take_filters(pid);
		ptrace(PTRACE_CONT, pid, NULL, (long)(first || event ? 0 : stop));
		first = 0;
	}
	if (pid < 0 || error)
		return fprintf(stderr, "filter: the command's filters cannot be had: %s\n", strerror(error > 0 ? error : errno)), -1;
	printf("{\"code\":%d,\"signal\":%d,\"filters\":%d}\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
	       WIFSIGNALED(status) ? WTERMSIG(status) : 0, filters_count);
	return 0;
}

/* ---- the calls -------------------------------------------------------------------------------------------- */

struct call {
	int ask, i386;
	unsigned long words[7];
};

/* The command has installed each filter below those before it, by one call or the other: what one of them forbids, the other does. */
static int by_prctl;

static int install(const struct sock_fprog *program)
{
	return (int)(by_prctl ? syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0, OURS) :
				syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program, 0, 0, OURS));
}

/* Among filters that answer with an error the newest wins, so this one speaks only where those above it allow. What is
 * left out is what we need to go on, and only in the native way. */
static int install_bottom(void)
{
#ifdef __x86_64__
	const __u32 native = AUDIT_ARCH_X86_64;
#else
	const __u32 native = AUDIT_ARCH_AARCH64;
#endif
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, native, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OURS, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | REACHED),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };
	return install(&program);
}

static long call_native(const unsigned long *c)
{
	long result = syscall((long)c[0], c[1], c[2], c[3], c[4], c[5], c[6]);
	return result == -1 ? -errno : result;
}

static long call_i386(const unsigned long *c)
{
#ifdef __x86_64__
	int result;
	__asm__ volatile("int $0x80" : "=a"(result)
			 : "a"((int)c[0]), "b"((int)c[1]), "c"((int)c[2]), "d"((int)c[3]), "S"((int)c[4]), "D"((int)c[5])
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
#else
	(void)c;
	raise(SIGSEGV); /* what a kernel without the 32-bit way would answer */
	return 0;
#endif
}

/* What is allowed to make no call any more ends by no call. */
static void end(void)
{
	for (;;)
		__builtin_trap();
}

static void make_calls(struct answer *answers, const struct call *calls, int count)
{
	if (calls->ask && install_bottom())
		end();
	for (int i = 0; i < filters_count; i++)
		if (install(&filters[i]))
			end();
	for (int i = 0; i < count; i++) {
		answers[i].ready = 1;
		answers[i].result = calls[i].i386 ? call_i386(calls[i].words) : call_native(calls[i].words);
		answers[i].over = 1;
	}
	end();
}

/* By a fresh process: how many of the calls are answered, or -1. The last may have been its end. */
static int answer_some(struct answer *answers, const struct call *calls, int count)
{
	int status = 0, answered = 0;
	memset(answers, 0, (size_t)count * sizeof(*answers));
	pid_t pid = fork();
	if (!pid)
		make_calls(answers, calls, count);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	while (answered < count && answers[answered].over)
		answered++;
	if (answered == count)
		return count;
	answers[answered].signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return answered + 1;
}

static void tell(const struct answer *a)
{
	printf("{\"ready\":%s,\"over\":%s,\"errno\":%ld,\"signal\":%d}\n", a->ready ? "true" : "false",
	       a->over ? "true" : "false", a->over && a->result < 0 ? -a->result : 0, a->over ? 0 : a->signal);
}

static int read_call(const char *line, struct call *call)
{
	char mode[8], arch[8];
	unsigned long *w = call->words;
	if (sscanf(line, "%7s %7s %lx %lx %lx %lx %lx %lx %lx", mode, arch, &w[0], &w[1], &w[2], &w[3], &w[4], &w[5], &w[6]) != 9)
		return -1;
	call->ask = !strcmp(mode, "ask");
	call->i386 = !strcmp(arch, "i386");
	return 0;
}

int main(int argc, char **argv)
{
	static char line[4096];
	static struct call calls[CALLS_MAX];
	size_t size = CALLS_MAX * sizeof(struct answer);
	struct answer *answers = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int count = 0, done = 0, ends = 0;
	if (argc < 2 || answers == MAP_FAILED || follow_command(argv + 1))
		return 1;
	fflush(stdout);
	while (count < CALLS_MAX && fgets(line, sizeof(line), stdin))
		if (read_call(line, &calls[count++]))
			return 1;
	while (done < count && ends < ENDS_MAX) {
		int some = 1;
		while (calls[done].ask && done + some < count && calls[done + some].ask)
			some++;
		int answered = answer_some(answers + done, calls + done, some);
		if (answered == 1 && !answers[done].ready) {
			by_prctl = !by_prctl;
			answered = answer_some(answers + done, calls + done, some);
		}
		if (answered < 1)
			return 1;
		done += answered;
		ends += !answers[done - 1].over;
	}
	for (int i = 0; i < count; i++)
		if (i < done)
			tell(&answers[i]);
		else
			printf("null\n");
	return fflush(stdout) ? 1 : 0;
}
