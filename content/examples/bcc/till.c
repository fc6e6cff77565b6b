/* Keeps a CPU busy for a number of customers: a program to be profiled. */
#include <stdlib.h>

#define KEPT __attribute__((noipa))

/* Uses the stack, or GCC would leave its frame pointer out, whatever it is told. */
static inline __attribute__((always_inline)) void work(unsigned steps)
{
	for (volatile unsigned i = 0; i < steps; i++)
		;
}

KEPT static void look_up(unsigned steps)
{
	work(steps);
}

KEPT static void format(unsigned steps)
{
	work(steps);
}

KEPT static void parse(unsigned steps)
{
	work(steps);
}

static volatile unsigned long done;

// #region program
KEPT static void read_order(void)
{
	parse(3000);
	done++;
}

KEPT static void price(void)
{
	look_up(9000);
	done++;
}

KEPT static void print_bill(void)
{
	look_up(4000);
	format(4000);
	done++;
}

KEPT static void serve(void)
{
	read_order();
	price();
	print_bill();
	done++;
}
// #endregion

int main(int argc, char **argv)
{
	unsigned long customers = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;

	while (customers--)
		serve();
	return 0;
}
