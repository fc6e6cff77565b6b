/* Asks for three prices. The third is not to be had. */
#include <stdio.h>

// #region price
__attribute__((noinline)) int price(int pieces)
{
	return pieces > 100 ? -1 : pieces * 3;
}
// #endregion

int main(void)
{
	int sum = 0;

	for (int pieces = 5; pieces < 1000; pieces *= 10)
		sum += price(pieces);
	printf("%d\n", sum);
	return 0;
}
