/* The global variables of an object: its sections .rodata, .data, .bss and those like them. Each is a map of one value;
 * before the load libbpf has what that will begin with. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "json.h"
#include "loader.h"

void tell_variables(char *rest)
{
	const struct btf *btf = object ? bpf_object__btf(object) : NULL;
	const char *comma = "";
	struct bpf_map *map;
	(void)rest;
	if (!object)
		return fail_with(EINVAL, "no object is open");
	printf("{\"ok\":true,\"sections\":[");
	bpf_object__for_each_map(map, object) {
		__u32 type = bpf_map__btf_value_type_id(map);
		if (!bpf_map__is_internal(map) || !btf || !type)
			continue;
		printf("%s{\"type\":", comma);
		tell_type(btf, type);
		json_field("map", bpf_map__name(map));
		printf("}");
		comma = ",";
	}
	printf("]}");
}

/* The kernel's memory of the map itself, so that no other variable is touched. NULL and errno if it may not be had. */
static char *map_memory(const struct bpf_map *map, int writes)
{
	char *memory = mmap(NULL, bpf_map__value_size(map), writes ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, bpf_map__fd(map), 0);
	return memory == MAP_FAILED ? NULL : memory;
}

void use_variable(const char *command, char *rest)
{
	char *name = next_word(&rest);
	struct bpf_map *map = object && name ? bpf_object__find_map_by_name(object, name) : NULL;
	size_t offset = (size_t)next_number(&rest), size = 0, room = 0;
	int writes = !strcmp(command, "write");
	char *word = next_word(&rest) ?: "", *initial = map ? (char *)bpf_map__initial_value(map, &room) : NULL;
	ssize_t len = writes ? unhex(word) : strtol(word, NULL, 10);
	if (!map || !bpf_map__is_internal(map))
		return fail_with(ENOENT, "no section of this name");
	size = bpf_map__value_size(map);
	if (len < 0 || (size_t)len > size || offset > size - (size_t)len || (!loaded && (!initial || room < size)))
		return fail_with(EINVAL, "beyond the end of the section");
	char *memory = loaded ? map_memory(map, writes) : initial;
	if (!memory)
		return fail_with(errno, NULL);
	if (writes) {
		memcpy(memory + offset, word, (size_t)len);
		succeed();
	} else {
		printf("{\"ok\":true,\"bytes\":");
		json_hex(memory + offset, (size_t)len);
		printf("}");
	}
	if (loaded)
		munmap(memory, size);
}
