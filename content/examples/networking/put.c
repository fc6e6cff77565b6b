/* Attaches two pinned tcx programs to the ingress of a device, in this order: put DEVICE FIRST SECOND */
#include <bpf/bpf.h>
#include <net/if.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	// #region links
	int device = if_nametoindex(argv[1]);
	int first = bpf_obj_get(argv[2]), second = bpf_obj_get(argv[3]);
	int link_of_second = bpf_link_create(second, device, BPF_TCX_INGRESS, NULL);

	LIBBPF_OPTS(bpf_link_create_opts, before, .flags = BPF_F_BEFORE, .tcx.relative_fd = second);
	int link_of_first = bpf_link_create(first, device, BPF_TCX_INGRESS, &before);

	if (bpf_obj_pin(link_of_first, "/sys/fs/bpf/first") ||
	    bpf_obj_pin(link_of_second, "/sys/fs/bpf/second")) {
		perror("put");
		return 1;
	}
	// #endregion
	return 0;
}
