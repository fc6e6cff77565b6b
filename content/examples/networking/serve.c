/* Listens on one port, and takes the calls to all those that many-ports.bpf.c gives it: serve CALLS */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int calls = argc == 2 ? atoi(argv[1]) : 1;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(7000) };
	socklen_t size = sizeof(address);

	// #region attach
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 16))
		return 1;

	__u32 row = 0;
	__u64 socket_of_server = listener;
	int map = bpf_obj_get("/sys/fs/bpf/many-ports/server");
	int program = bpf_obj_get("/sys/fs/bpf/many-ports/many_ports");
	int namespace = open("/proc/self/ns/net", O_RDONLY);

	if (bpf_map_update_elem(map, &row, &socket_of_server, BPF_ANY) ||
	    bpf_link_create(program, namespace, BPF_SK_LOOKUP, NULL) < 0)
		return 1;
	// #endregion
	puts("ready");
	fflush(stdout);
	while (calls-- > 0) {
		int call = accept(listener, NULL, NULL);

		getsockname(call, (struct sockaddr *)&address, &size);
		dprintf(call, "You have called port %d.\n", ntohs(address.sin_port));
		close(call);
	}
	return 0;
}
