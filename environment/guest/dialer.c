/* The dialer: TCP connections of which some get no answer, and how often the kernel retransmitted on each.
 *
 * A plan on standard input, one line for each connection: PORT KIND. When all have ended, one line of JSON for each:
 * {"port":N,"errno":N,"retransmits":N}, the last being the kernel's own count (tcpi_total_retrans). The kinds:
 *
 *   silent    the SYN is dropped without a word          refused   nobody listens, so that the answer is RST
 *   answered  a connection and some data                 lossy     a connection whose data is dropped
 *
 * All happens on the loopback of a network namespace of its own. What is dropped is dropped by a filter on the
 * receiving socket, which asks for no module. The other end is grader/checks/connections.ts.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64

struct connection { int port, fd, error; char kind[16]; unsigned int retransmits; };

static struct connection all[CONNECTIONS_MAX];

static void die(const char *what)
{
	fprintf(stderr, "dialer: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		die("setsockopt");
}

static void drop_all(int fd)
{
	struct sock_filter nothing = { BPF_RET | BPF_K, 0, 0, 0 };
	struct sock_fprog program = { 1, &nothing };
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)))
		die("SO_ATTACH_FILTER");
}

static void raise_loopback(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int entered = unshare(CLONE_NEWNET), fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (entered || fd < 0 || ioctl(fd, SIOCSIFFLAGS, &lo))
		die("a network namespace");
	close(fd);
}

static struct sockaddr_in address(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int listen_at(int port)
{
	struct sockaddr_in at = address(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 16))
		die("listen");
	return fd;
}

static void dial(struct connection *c)
{
	struct sockaddr_in to = address(c->port);
	int listener = strcmp(c->kind, "refused") ? listen_at(c->port) : -1, silent = !strcmp(c->kind, "silent");
	if (silent)
		drop_all(listener);
	c->fd = socket(AF_INET, SOCK_STREAM | (silent ? SOCK_NONBLOCK : 0), 0);
	set(c->fd, IPPROTO_TCP, TCP_SYNCNT, 1);
	if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS)
		c->error = errno;
	if (silent || listener < 0)
		return;
	int peer = accept(listener, NULL, NULL);
	if (peer < 0)
		die("accept");
	if (!strcmp(c->kind, "lossy")) {
		drop_all(peer);
		/* It hears no answer either: without this, its goodbye would be retransmitted when the dialer ends. */
		setsockopt(peer, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
		set(c->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 1500);
	}
	char byte = 1;
	if (send(c->fd, &byte, 1, 0) != 1)
		die("send");
	if (strcmp(c->kind, "lossy") && recv(peer, &byte, 1, 0) != 1)
		die("recv");
}

/* The kernel gives up after the retransmits that TCP_SYNCNT or TCP_USER_TIMEOUT allow, and says so. */
static void wait_for_end(struct connection *c)
{
	struct pollfd end = { .fd = c->fd, .events = 0 };
	struct tcp_info info;
	socklen_t len = sizeof(c->error);
	if (!strcmp(c->kind, "silent") || !strcmp(c->kind, "lossy")) {
		if (poll(&end, 1, 60000) != 1)
			die("a connection does not end");
		getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &c->error, &len);
	}
	len = sizeof(info);
	if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		die("TCP_INFO");
	c->retransmits = info.tcpi_total_retrans;
}

int main(void)
{
	int count = 0;
	while (count < CONNECTIONS_MAX && scanf("%d %15s", &all[count].port, all[count].kind) == 2)
		count++;
	raise_loopback();
	for (int i = 0; i < count; i++)
		dial(&all[i]);
	for (int i = 0; i < count; i++)
		wait_for_end(&all[i]);
	for (int i = 0; i < count; i++)
		printf("{\"port\":%d,\"errno\":%d,\"retransmits\":%u}\n", all[i].port, all[i].error, all[i].retransmits);
	return fflush(stdout) ? 1 : 0;
}
