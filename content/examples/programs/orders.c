/* Handles orders, and keeps a journal. Usage: orders COUNT [copy] */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEPT __attribute__((noipa))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long journal[1024], kept[1024];
static unsigned lines;
static bool copies;

/* As slow as a disk that has to write it down now. */
KEPT static void save(const unsigned long *page)
{
	struct timespec write = { .tv_nsec = 100000000 + (page[0] & 1) };

	nanosleep(&write, NULL);
}

// #region keeper
KEPT static void keep(void)
{
	pthread_mutex_lock(&lock);
	if (copies) {
		memcpy(kept, journal, sizeof(kept));
		pthread_mutex_unlock(&lock);
		save(kept);
	} else {
		save(journal);
		pthread_mutex_unlock(&lock);
	}
}
// #endregion

static void *keeper(void *nothing)
{
	for (;;) {
		struct timespec pause = { .tv_nsec = 1000000 };

		keep();
		nanosleep(&pause, NULL);
	}
	return nothing;
}

// #region order
KEPT static unsigned long price(unsigned long order)
{
	for (volatile unsigned i = 0; i < 1000000; i++)
		order = order * 31 + i;
	return order;
}

KEPT static void note(unsigned long line)
{
	pthread_mutex_lock(&lock);
	journal[lines++ % 1024] = line;
	pthread_mutex_unlock(&lock);
}

KEPT static void handle(unsigned long order)
{
	note(price(order));
}
// #endregion

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? atoi(argv[1]) : 1;
	pthread_t thread;
	double start;

	copies = argc > 2 && !strcmp(argv[2], "copy");
	if (pthread_create(&thread, NULL, keeper, NULL))
		return 1;
	pthread_setname_np(thread, "keeper");
	start = seconds();
	for (unsigned order = 0; order < count; order++)
		handle(order);
	printf("%u orders, %.0f ms each\n", count, (seconds() - start) / count * 1000);
	return 0;
}
