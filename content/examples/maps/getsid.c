/* Calls getsid 200,000 times on every CPU, all at once. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_barrier_t start;

static void *call(void *cpu)
{
	cpu_set_t mine;

	CPU_ZERO(&mine);
	CPU_SET((long)cpu, &mine);
	sched_setaffinity(0, sizeof(mine), &mine);
	pthread_barrier_wait(&start);
	for (int i = 0; i < 200000; i++)
		syscall(SYS_getsid, 0);
	return NULL;
}

int main(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t threads[cpus];

	pthread_barrier_init(&start, NULL, cpus);
	for (long cpu = 0; cpu < cpus; cpu++)
		pthread_create(&threads[cpu], NULL, call, (void *)cpu);
	for (long cpu = 0; cpu < cpus; cpu++)
		pthread_join(threads[cpu], NULL);
	return 0;
}
