/* The dialer: TCP connections of which some get no answer, and how often the kernel retransmitted on each.
 *
 * A plan on standard input, one line for each connection: PORT KIND FAMILY SOURCE, the last being the dialer's own port. When
 * all have ended, one line of JSON for each: {"port":N,"errno":N,"retransmits":N,"probes":N}, retransmits being the kernel's own
 * count (tcpi_total_retrans) and probes that of all tail loss probes on all connections. FAMILY is 4, 6, or 46: IPv4 by a socket
 * of IPv6. The kinds:
 *
 *   silent    the SYN is dropped without a word          refused   nobody listens, so that the answer is RST
 *   answered  a connection and some data                 lossy     a connection whose data is dropped
 *   recovered the data is dropped until it is sent again, and then arrives
 *   closing   a connection whose end (FIN) is dropped
 *   reply     what is dropped is the data of who was called, to SOURCE; its count is told
 *
 * All happens on the loopback of a network namespace of its own. What is dropped is dropped by a filter on the
 * receiving socket, which asks for no module. The other end is grader/kit/network/connections.ts.
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

struct connection { int port, source, fd, peer, error; char kind[16], family[4]; unsigned int retransmits; };

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

union address { struct sockaddr any; struct sockaddr_in four; struct sockaddr_in6 six; };

static int is(const struct connection *c, const char *kind)
{
	return !strcmp(c->kind, kind);
}

static int over_six(const char *family)
{
	return family[0] == '6';
}

static union address address(const char *family, int port)
{
	union address at = { .four = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) } };
	if (!strcmp(family, "4"))
		return at;
	at = (union address){ .six = { .sin6_family = AF_INET6, .sin6_port = htons(port) } };
	if (inet_pton(AF_INET6, over_six(family) ? "::1" : "::ffff:127.0.0.1", &at.six.sin6_addr) != 1)
		die("an address");
	return at;
}

static socklen_t size_of(const union address *at)
{
	return at->any.sa_family == AF_INET ? sizeof(at->four) : sizeof(at->six);
}

static int bound(const char *family, int port, int flags)
{
	union address at = address(family, port);
	int fd = socket(at.any.sa_family, SOCK_STREAM | flags, 0);
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (bind(fd, &at.any, size_of(&at)))
		die("bind");
	return fd;
}

static int listen_at(const char *family, int port)
{
	int fd = bound(over_six(family) ? "6" : "4", port, 0);
	if (listen(fd, 64))
		die("listen");
	return fd;
}

/* It hears no answer either: without this, its goodbye would be retransmitted when the dialer ends. */
static void leave_abruptly(int fd)
{
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
}

static void send_byte(int fd)
{
	char byte = 1;
	if (send(fd, &byte, 1, 0) != 1)
		die("send");
}

static void receive_byte(int fd)
{
	char byte;
	if (recv(fd, &byte, 1, 0) != 1)
		die("recv");
}

static void dial(struct connection *c)
{
	union address to = address(c->family, c->port);
	int listener = is(c, "refused") ? -1 : listen_at(c->family, c->port), silent = is(c, "silent");
	if (silent)
		drop_all(listener);
	c->fd = bound(c->family, c->source, silent ? SOCK_NONBLOCK : 0);
	set(c->fd, IPPROTO_TCP, TCP_SYNCNT, 1);
	if (connect(c->fd, &to.any, size_of(&to)) && errno != EINPROGRESS)
		c->error = errno;
	if (silent || listener < 0)
		return;
	c->peer = accept(listener, NULL, NULL);
	if (c->peer < 0)
		die("accept");
	if (is(c, "reply")) {
		drop_all(c->fd);
		leave_abruptly(c->fd);
		set(c->peer, IPPROTO_TCP, TCP_USER_TIMEOUT, 1500);
		send_byte(c->peer);
		return;
	}
	if (!is(c, "answered"))
		drop_all(c->peer);
	if (is(c, "lossy") || is(c, "closing")) {
		leave_abruptly(c->peer);
		set(c->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 1500);
	}
	if (is(c, "closing"))
		shutdown(c->fd, SHUT_WR);
	else
		send_byte(c->fd);
	if (is(c, "answered"))
		receive_byte(c->peer);
}

static struct tcp_info info_of(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		die("TCP_INFO");
	return info;
}

/* The kernel does not tell by itself that it has sent again, or that all is answered. */
static void wait_until_sent_again(int fd)
{
	while (!info_of(fd).tcpi_total_retrans)
		usleep(5000);
}

static void wait_until_answered(int fd)
{
	while (info_of(fd).tcpi_unacked)
		usleep(1000);
}

/* The kernel gives up after the retransmits that TCP_SYNCNT or TCP_USER_TIMEOUT allow, and says so. */
static void wait_for_end(struct connection *c)
{
	int nobody = 0, sender = is(c, "reply") ? c->peer : c->fd;
	struct pollfd end = { .fd = sender, .events = 0 };
	socklen_t len = sizeof(c->error);
	if (is(c, "recovered")) {
		wait_until_sent_again(c->fd);
		if (setsockopt(c->peer, SOL_SOCKET, SO_DETACH_FILTER, &nobody, sizeof(nobody)))
			die("SO_DETACH_FILTER");
		receive_byte(c->peer);
		wait_until_answered(c->fd);
	} else if (!is(c, "refused") && !is(c, "answered")) {
		if (poll(&end, 1, 300000) != 1)
			die("a connection does not end");
		getsockopt(sender, SOL_SOCKET, SO_ERROR, &c->error, &len);
	}
	c->retransmits = info_of(sender).tcpi_total_retrans;
}

/* TcpExt: a line of names, then a line of numbers. 0 if the kernel does not tell. */
static unsigned long tail_loss_probes(void)
{
	char names[8192], numbers[8192], *n = NULL, *v = NULL;
	FILE *f = fopen("/proc/thread-self/net/netstat", "re");
	unsigned long found = 0;
	if (f && fgets(names, sizeof(names), f) && fgets(numbers, sizeof(numbers), f)) {
		char *name = strtok_r(names, " \n", &n), *number = strtok_r(numbers, " \n", &v);
		for (; name && number; name = strtok_r(NULL, " \n", &n), number = strtok_r(NULL, " \n", &v))
			if (!strcmp(name, "TCPLossProbes"))
				found = strtoul(number, NULL, 10);
	}
	if (f)
		fclose(f);
	return found;
}

int main(void)
{
	int count = 0;
	while (count < CONNECTIONS_MAX &&
	       scanf("%d %15s %3s %d", &all[count].port, all[count].kind, all[count].family, &all[count].source) == 4)
		count++;
	raise_loopback();
	for (int i = 0; i < count; i++)
		dial(&all[i]);
	for (int i = 0; i < count; i++)
		wait_for_end(&all[i]);
	for (int i = 0; i < count; i++)
		printf("{\"port\":%d,\"errno\":%d,\"retransmits\":%u,\"probes\":%lu}\n", all[i].port, all[i].error,
		       all[i].retransmits, tail_loss_probes());
	return fflush(stdout) ? 1 : 0;
}
