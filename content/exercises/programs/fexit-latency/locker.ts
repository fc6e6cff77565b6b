/** The program on the machine: processes with threads that wait for locks of files, and one that keeps the locks and lets them go. */
export const locker = String.raw`
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EACH 4               /* threads of a process */
#define THREADS (2 * EACH)   /* those of the process to watch come first */

struct order {
	char what;
	int times;
};

struct answer {
	int64_t before, after;
	int error;
};

/* One for each thread, in memory that all processes have. */
static struct shared {
	volatile pid_t process, thread;
	volatile int about; /* it is on its way into the kernel, to wait */
} *shared;

static int orders[THREADS][2], answers[THREADS][2], held[THREADS];
static const char *folder;

static int64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void must(int right, const char *what)
{
	if (right)
		return;
	perror(what);
	kill(0, SIGKILL);
}

/* Each has its own file to wait for, and one that nobody else locks. */
static int open_lock(int thread, const char *kind)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%d.%s", folder, thread, kind);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	must(fd >= 0, path);
	return fd;
}

static void *fail_once(void *fd)
{
	must(flock(*(int *)fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK, "a lock that is taken");
	return NULL;
}

static void *lock_once(void *fd)
{
	must(!flock(*(int *)fd, LOCK_EX), "a lock that is free");
	return NULL;
}

/* In a thread of its own for each time. */
static void in_threads(int times, void *(*act)(void *), int *fd)
{
	pthread_t thread;
	for (int i = 0; i < times; i++)
		must(!pthread_create(&thread, NULL, act, fd) && !pthread_join(thread, NULL), "a thread");
}

/* To the CPU of this place among those that it may use. */
static void keep_to(const cpu_set_t *all, int place)
{
	cpu_set_t set;
	int cpu = -1;
	for (place %= CPU_COUNT(all); place >= 0; place -= CPU_ISSET(cpu, all) ? 1 : 0)
		cpu++;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	must(!sched_setaffinity(0, sizeof(set), &set), "a CPU");
}

static void *work(void *argument)
{
	int me = (int)(intptr_t)argument;
	struct order order;
	cpu_set_t everywhere;
	sched_getaffinity(getppid(), sizeof(everywhere), &everywhere);
	/* The first one calls alone at first, and always on the same CPU: several at once are another check. */
	if (!me)
		keep_to(&everywhere, 0);
	shared[me].process = getpid();
	shared[me].thread = syscall(SYS_gettid);
	while (read(orders[me][0], &order, sizeof(order)) == sizeof(order)) {
		struct answer answer = { 0 };
		int mine = open_lock(me, "held"), free = open_lock(me, "free");
		struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		switch (order.what) {
		case 'w':
			shared[me].about = 1;
			answer.before = now();
			answer.error = flock(mine, LOCK_EX) ? errno : 0;
			answer.after = now();
			break;
		case 'n':
			keep_to(&everywhere, me);
			for (int i = 0; i < order.times; i++)
				must(!flock(free, LOCK_SH) && !flock(free, LOCK_UN), "many locks");
			must(!sched_setaffinity(0, sizeof(everywhere), &everywhere), "all CPUs");
			break;
		case 'f':
			in_threads(order.times, fail_once, &mine);
			break;
		case 'l':
			in_threads(order.times, lock_once, &free);
			break;
		case 'o': /* locks of another kind, and other ways to wait */
			for (int i = 0; i < order.times; i++)
				must(!fcntl(free, F_SETLKW, &whole) && !usleep(10), "a POSIX lock");
			break;
		}
		/* Closing gives a lock back, by other functions of the kernel. */
		close(mine);
		close(free);
		must(write(answers[me][1], &answer, sizeof(answer)) == sizeof(answer), "an answer");
	}
	return NULL;
}

static void wake(int signal)
{
	(void)signal;
}

static void live(int first)
{
	pthread_t thread;
	struct sigaction action = { .sa_handler = wake };
	sigaction(SIGUSR1, &action, NULL);
	for (intptr_t i = first + 1; i < first + EACH; i++)
		must(!pthread_create(&thread, NULL, work, (void *)i), "a thread");
	work((void *)(intptr_t)first);
	_exit(0);
}

static void give_order(int thread, char what, int times)
{
	struct order order = { what, times };
	must(write(orders[thread][1], &order, sizeof(order)) == sizeof(order), "an order");
}

static struct answer take_answer(int thread)
{
	struct answer answer;
	must(read(answers[thread][0], &answer, sizeof(answer)) == sizeof(answer), "an answer");
	return answer;
}

/* Takes its lock, lets it wait for that, and says since when it sleeps at the latest. */
static int64_t begin(int thread)
{
	char path[64], text[512];
	must(!flock(held[thread], LOCK_EX), "a lock to keep");
	shared[thread].about = 0;
	give_order(thread, 'w', 1);
	while (!shared[thread].about)
		usleep(100);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", shared[thread].process, shared[thread].thread);
	for (;;) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t got = read(fd, text, sizeof(text) - 1);
		close(fd);
		must(got > 0, path);
		text[got] = 0;
		if (strrchr(text, ')')[2] == 'S')
			return now();
		usleep(100);
	}
}

static int64_t let_go(int thread)
{
	int64_t time = now();
	must(!flock(held[thread], LOCK_UN), "a lock to give back");
	return time;
}

static void tell(int64_t asleep, int64_t released, struct answer answer)
{
	printf("{\"asleep\":\"%lld\",\"released\":\"%lld\",\"before\":\"%lld\",\"after\":\"%lld\",\"error\":%d}", (long long)asleep,
	       (long long)released, (long long)answer.before, (long long)answer.after, answer.error);
}

/* THREAD:MICROSECONDS ...: all wait at once, each for so long. */
static void hold(char *rest)
{
	int64_t asleep[THREADS], due[THREADS], released[THREADS];
	int threads[THREADS], count = 0;
	for (char *word; (word = strtok(rest, " \n")) && count < THREADS; rest = NULL, count++) {
		threads[count] = atoi(word);
		asleep[count] = begin(threads[count]);
		due[count] = asleep[count] + atoll(strchr(word, ':') + 1) * 1000;
	}
	for (int left = count; left; left--) {
		int next = -1;
		for (int i = 0; i < count; i++)
			if (due[i] && (next < 0 || due[i] < due[next]))
				next = i;
		struct timespec until = { due[next] / 1000000000, due[next] % 1000000000 };
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
			;
		released[next] = let_go(threads[next]);
		due[next] = 0;
	}
	printf("[");
	for (int i = 0; i < count; i++) {
		if (i)
			printf(",");
		tell(asleep[i], released[i], take_answer(threads[i]));
	}
	printf("]\n");
}

int main(int count, char **arguments)
{
	static char line[4096];
	static int64_t asleep[THREADS];
	must(count == 2, "the folder");
	folder = arguments[1];
	shared = mmap(NULL, THREADS * sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared != MAP_FAILED, "memory");
	for (int i = 0; i < THREADS; i++) {
		must(!pipe(orders[i]) && !pipe(answers[i]), "pipes");
		held[i] = open_lock(i, "held");
	}
	for (int i = 0; i < THREADS; i += EACH)
		if (!fork()) {
			for (int j = 0; j < THREADS; j++) {
				close(orders[j][1]);
				close(held[j]);
			}
			live(i);
		}
	for (int i = 0; i < THREADS; i++)
		while (!shared[i].thread)
			usleep(1000);
	printf("{\"target\":%d,\"other\":%d}\n", shared[0].process, shared[EACH].process);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		char *rest = line, *verb = strsep(&rest, " \n");
		int thread = rest ? atoi(rest) % THREADS : 0, times = rest && strchr(rest, ' ') ? atoi(strchr(rest, ' ')) : 1;
		if (!strcmp(verb, "hold")) {
			hold(rest);
		} else if (!strcmp(verb, "begin")) {
			asleep[thread] = begin(thread);
			printf("{}\n");
		} else if (!strcmp(verb, "end")) {
			int64_t released = let_go(thread);
			tell(asleep[thread], released, take_answer(thread));
			printf("\n");
		} else if (!strcmp(verb, "interrupt")) {
			asleep[thread] = begin(thread);
			must(!syscall(SYS_tgkill, shared[thread].process, shared[thread].thread, SIGUSR1), "a signal");
			tell(asleep[thread], asleep[thread], take_answer(thread));
			let_go(thread);
			printf("\n");
		} else if (!strcmp(verb, "storm")) {
			/* One thread on each CPU: a program that is preempted does not run for another thread on the same CPU. */
			cpu_set_t all;
			sched_getaffinity(0, sizeof(all), &all);
			int threads = CPU_COUNT(&all) < EACH ? CPU_COUNT(&all) : EACH;
			for (int i = 0; i < threads; i++)
				give_order(i, 'n', atoi(rest));
			for (int i = 0; i < threads; i++)
				take_answer(i);
			printf("{}\n");
		} else {
			/* The verb is an order; what fails needs a lock that is taken. */
			if (*verb == 'f')
				must(!flock(held[thread], LOCK_EX), "a lock to keep");
			give_order(thread, *verb, times);
			take_answer(thread);
			if (*verb == 'f')
				let_go(thread);
			printf("{}\n");
		}
		fflush(stdout);
	}
	return 0;
}
`;
