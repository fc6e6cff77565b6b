/* Tells types by BTF, as the object has them: what the members of a key, a value or a section of variables are called,
 * and where they lie. Sizes and offsets in bytes, bit fields in bits. */
#include <errno.h>

#include "json.h"
#include "loader.h"

#define DEPTH_MAX 8
#define TYPES_MAX 2000 /* in one answer: a type that holds itself many times over has no end */

static int told;

static void tell(const struct btf *btf, __u32 id, int depth);

static void tell_members(const struct btf *btf, const struct btf_type *type, int depth)
{
	const struct btf_member *member = btf_members(type);
	printf(",\"members\":[");
	for (int i = 0; i < btf_vlen(type) && told < TYPES_MAX; i++, member++) {
		__u32 bits = btf_member_bitfield_size(type, i), offset = btf_member_bit_offset(type, i);
		printf("%s{\"offset\":%u,\"bits\":%u", i ? "," : "", offset / 8, bits);
		json_field("name", btf__name_by_offset(btf, member->name_off));
		printf(",\"type\":");
		tell(btf, member->type, depth + 1);
		printf("}");
	}
	printf("]");
}

static void tell_section(const struct btf *btf, const struct btf_type *type, int depth)
{
	const struct btf_var_secinfo *place = btf_var_secinfos(type);
	printf(",\"members\":[");
	for (int i = 0; i < btf_vlen(type) && told < TYPES_MAX; i++, place++) {
		const struct btf_type *variable = btf__type_by_id(btf, place->type);
		printf("%s{\"offset\":%u,\"bits\":0", i ? "," : "", place->offset);
		json_field("name", variable ? btf__name_by_offset(btf, variable->name_off) : "");
		printf(",\"type\":");
		tell(btf, variable && btf_is_var(variable) ? variable->type : 0, depth + 1);
		printf("}");
	}
	printf("]");
}

/* What is deeper or more than anybody needs is told as 'other', by its size. */
static void tell(const struct btf *btf, __u32 id, int depth)
{
	int real = btf__resolve_type(btf, id);
	const struct btf_type *type = real > 0 ? btf__type_by_id(btf, (__u32)real) : NULL;
	__s64 size = type ? btf__resolve_size(btf, (__u32)real) : 0;
	int more = type && depth < DEPTH_MAX && ++told < TYPES_MAX;
	/* of a section of variables the size is in the ELF only, for some */
	printf("{\"size\":%lld", size > 0 ? (long long)size : 0);
	if (more && btf_is_composite(type)) {
		printf(",\"kind\":\"%s\"", btf_is_union(type) ? "union" : "struct");
		tell_members(btf, type, depth);
	} else if (more && btf_is_datasec(type)) {
		printf(",\"kind\":\"struct\"");
		tell_section(btf, type, depth);
	} else if (more && btf_is_array(type)) {
		printf(",\"kind\":\"array\",\"count\":%u,\"of\":", btf_array(type)->nelems);
		tell(btf, btf_array(type)->type, depth + 1);
	} else {
		int number = type && (btf_is_int(type) || btf_is_any_enum(type) || btf_is_ptr(type));
		printf(",\"kind\":\"%s\"", number ? "integer" : "other");
	}
	printf("}");
}

void tell_type(const struct btf *btf, __u32 id)
{
	told = 0;
	tell(btf, id, 0);
}

/* A map of variables has no key that BTF would know. */
void tell_map_types(char *rest)
{
	char *name = next_word(&rest);
	const struct bpf_map *map = object && name ? bpf_object__find_map_by_name(object, name) : NULL;
	const struct btf *btf = object ? bpf_object__btf(object) : NULL;
	__u32 value = map ? bpf_map__btf_value_type_id(map) : 0;
	if (!btf || !value)
		return fail_with(ENOENT, map ? "BTF says nothing of this map" : "no map of this name");
	printf("{\"ok\":true,\"key\":");
	tell_type(btf, bpf_map__btf_key_type_id(map));
	printf(",\"value\":");
	tell_type(btf, value);
	printf("}");
}
