/* Prints how many bytes a socket gets of each of the next packets: listen DEVICE PINNED_FILTER PACKETS */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	// #region attach
	int filter = bpf_obj_get(argv[2]);
	int packets = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	struct sockaddr_ll device = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(argv[1]),
	};

	if (setsockopt(packets, SOL_SOCKET, SO_ATTACH_BPF, &filter, sizeof(filter)) ||
	    bind(packets, (struct sockaddr *)&device, sizeof(device))) {
		perror("listen");
		return 1;
	}
	// #endregion
	for (int i = 0; i < atoi(argv[3]); i++) {
		char packet[2048];

		printf("%zd bytes\n", recv(packets, packet, sizeof(packet), 0));
	}
	return 0;
}
