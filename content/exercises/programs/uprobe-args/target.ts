/** The program that is probed: it calls one function, whose name is drawn, with what its standard input says. */

/** The five registers of a call, and where its first argument points to: see `place` below. */
export interface Call {
  place: 'anywhere' | 'page-end' | 'no-end' | 'null' | 'nowhere';
  text: Uint8Array;
  registers: [shelf: bigint, change: bigint, pieces: bigint, cents: bigint];
}

export function asLine({ place, text, registers }: Call): string {
  return [place, `x${Buffer.from(text).toString('hex')}`, ...registers.map((one) => one.toString(16))].join(' ');
}

/**
 * The function takes narrow numbers, and is called by a pointer to one that takes wide ones: so a register holds above a narrow number
 * what a caller may leave there by the rules of the platform, which is anything.
 */
export function targetSource(name: string): string {
  return `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

volatile long all;

void ${name}(const char *customer, unsigned char shelf, short change, unsigned int pieces, long cents)
{
	all += shelf + change + pieces + cents + (customer != NULL);
}

void (*volatile call)(const char *, unsigned long, unsigned long, unsigned long, unsigned long) = (void *)${name};

int main(void)
{
	static char place[16], hex[256], text[128];
	unsigned long shelf, change, pieces, cents;
	long page = sysconf(_SC_PAGESIZE);
	char *end = (char *)mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + page;
	if (munmap(end, page))
		return 1;
	while (scanf("%15s x%255[0-9a-f] %lx %lx %lx %lx", place, hex, &shelf, &change, &pieces, &cents) == 6) {
		size_t bytes = strlen(hex) / 2;
		const char *customer = text;
		for (size_t i = 0; i < bytes; i++)
			sscanf(hex + 2 * i, "%2hhx", (unsigned char *)&text[i]);
		if (!strcmp(place, "page-end") || !strcmp(place, "no-end"))
			customer = memcpy(end - bytes, text, bytes);
		else if (!strcmp(place, "null"))
			customer = NULL;
		else if (!strcmp(place, "nowhere"))
			customer = end;
		call(customer, shelf, change, pieces, cents);
	}
	return ferror(stdin) || !feof(stdin);
}`;
}
