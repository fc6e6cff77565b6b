/* Attaches a pinned netkit program to what the peer of a device sends: guard DEVICE PROGRAM LINK */
#include <bpf/bpf.h>
#include <net/if.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	// #region link
	int program = bpf_obj_get(argv[2]);
	int link = bpf_link_create(program, if_nametoindex(argv[1]), BPF_NETKIT_PEER, NULL);

	if (link < 0 || bpf_obj_pin(link, argv[3])) {
		perror("guard");
		return 1;
	}
	// #endregion
	return 0;
}
