/* Tests the program `cheap` without a network: each packet goes in, and its verdict is compared. */
#include <bpf/bpf.h>
#include <stdio.h>
#include <string.h>
#include "verdicts.skel.h"

enum { DROP = 1, PASS = 2 };

// #region table
static const struct {
	const char *name;
	unsigned char bytes[64];
	unsigned int size, verdict;
} cases[] = {
	{ "an IPv4 packet", { [12] = 0x08, [13] = 0x00 }, 64, PASS },
	{ "an ARP request", { [12] = 0x08, [13] = 0x06 }, 64, PASS },
	{ "an IPv6 packet", { [12] = 0x86, [13] = 0xdd }, 64, DROP },
	{ "just a header", { [12] = 0x08, [13] = 0x00 }, 14, PASS },
};
// #endregion

int main(void)
{
	struct verdicts *skel = verdicts__open_and_load();
	int failed = 0;

	if (!skel)
		return 1;
// #region run
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = cases[i].bytes, .data_size_in = cases[i].size);
		int error = bpf_prog_test_run_opts(bpf_program__fd(skel->progs.cheap), &run);
		int good = !error && run.retval == cases[i].verdict;

		printf("%s %s\n", good ? "ok    " : "FAILED", cases[i].name);
		failed += !good;
	}
// #endregion
	verdicts__destroy(skel);
	return failed > 0;
}
