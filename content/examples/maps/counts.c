/* Reads the map `opens` of opens.bpf.c. Its argument is the map's id, as `bpftool map show` tells it. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct command {
	char name[16];
};

// #region walk
static void show_all(int map)
{
	struct command key, *previous = NULL;
	__u64 count;

	while (bpf_map_get_next_key(map, previous, &key) == 0) {
		if (bpf_map_lookup_elem(map, &key, &count) == 0)
			printf("%-16s %llu\n", key.name, count);
		previous = &key;
	}
}
// #endregion

// #region change
static void change(int map)
{
	struct command sh = { .name = "sh" }, cat = { .name = "cat" };
	__u64 count = 1000;

	if (bpf_map_update_elem(map, &sh, &count, BPF_EXIST))
		printf("update sh: %s\n", strerror(errno));
	if (bpf_map_lookup_and_delete_elem(map, &cat, &count) == 0)
		printf("cat had %llu, and is gone\n", count);
	if (bpf_map_delete_elem(map, &cat))
		printf("delete cat: %s\n", strerror(errno));
}
// #endregion

// #region batch
static void show_batch(int map)
{
	struct command keys[64], position;
	__u64 counts[64];
	__u32 rows = 64;

	/* ENOENT means that this batch was the last. */
	if (bpf_map_lookup_batch(map, NULL, &position, keys, counts, &rows, NULL) && errno != ENOENT)
		return;
	printf("%u rows in one call\n", rows);
}
// #endregion

// #region main
int main(int argc, char **argv)
{
	int map = argc == 2 ? bpf_map_get_fd_by_id(atoi(argv[1])) : -1;

	if (map < 0) {
		fprintf(stderr, "usage: counts MAP_ID (as root)\n");
		return 1;
	}
	show_all(map);
	change(map);
	show_batch(map);
	return 0;
}
// #endregion
