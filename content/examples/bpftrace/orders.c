/* Adds twenty orders to the ledger, which others read and write as well: a program to look into. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/* What an order costs takes a while to calculate. */
static unsigned price(unsigned order)
{
	volatile unsigned cents = order;

	for (unsigned i = 0; i < 200000; i++)
		cents += i % 7;
	return cents;
}

// #region main
int main(void)
{
	int ledger = open("ledger", O_WRONLY | O_CREAT | O_APPEND, 0644);

	if (ledger < 0)
		return 1;
	for (unsigned order = 1; order <= 20; order++) {
		unsigned cents = price(order);

		flock(ledger, LOCK_EX);
		dprintf(ledger, "%u %u\n", order, cents);
		flock(ledger, LOCK_UN);
	}
	return 0;
}
// #endregion
