/* A network: any number of hosts, each a network namespace without a name, and frames sent from and heard at any of their
 * interfaces. What joins the hosts (veth pairs, addresses, routes, delays) is set up from outside, by `ip` and `tc`.
 *
 * One command a line on standard input, one line of JSON for each on standard output:
 *
 *   host                          a new one: its number, and the path of its namespace
 *   listen HOST INTERFACE         from now on: a number for this interface of the host
 *   send NUMBER FRAME...          frames in hexadecimal, from the interface, in this order
 *   ask NUMBER MARKER TIMES MS    sends an ARP request until it is answered: as often at most, waiting so long for each answer
 *   collect                       what has arrived at every interface since the last time
 *
 * A marker that is answered says that all frames before it have got to the other end of the link, or never will: both
 * are handled in their order. All is gone when this process ends. The other end is grader/kit/network/network.ts.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "json.h"

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

#define HOSTS_MAX 32
#define INTERFACES_MAX 128
#define FRAME_MAX 2048
#define RECEIVE_BUFFER (8 << 20)
#define TOLD_MAX (16u << 20) /* bytes of frames in one answer */

/* Sockets for one protocol hear a frame after XDP and tc have let it pass; those for all hear it before tc. */
static const unsigned short protocols[] = { ETH_P_IP, ETH_P_IPV6, ETH_P_ARP, 0x88b5 /* local experiments */ };
#define PROTOCOLS (sizeof(protocols) / sizeof(*protocols))

static int home, hosts[HOSTS_MAX], host_count;
static struct interface {
	int sender; /* hears ARP too: the answers to markers */
	int arrivals[PROTOCOLS];
} interfaces[INTERFACES_MAX];
static int interface_count;

static void fail_with(int error, const char *what)
{
	printf("{\"ok\":false,\"errno\":%d", error);
	json_field("message", what ? what : strerror(error));
	printf("}");
}

static void die(const char *what)
{
	fprintf(stderr, "network: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int nibble(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* Decodes in place; the number of bytes, or -1. */
static ssize_t unhex(char *word)
{
	size_t len = strlen(word);
	for (size_t i = 0; i < len / 2; i++) {
		int high = nibble(word[2 * i]), low = nibble(word[2 * i + 1]);
		if (high < 0 || low < 0)
			return -1;
		word[i] = (char)(high << 4 | low);
	}
	return len % 2 ? -1 : (ssize_t)(len / 2);
}

static void add_host(void)
{
	if (host_count == HOSTS_MAX)
		return fail_with(EMFILE, "more than 32 hosts");
	if (unshare(CLONE_NEWNET))
		return fail_with(errno, NULL);
	hosts[host_count] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (hosts[host_count] < 0 || setns(home, CLONE_NEWNET))
		die("a network namespace");
	printf("{\"ok\":true,\"host\":%d,\"namespace\":\"/proc/%d/fd/%d\"}", host_count, getpid(), hosts[host_count]);
	host_count++;
}

/* -1 and errno. It is deaf until it is bound to the one interface. */
static int packet_socket(int index, unsigned short protocol)
{
	int yes = 1, room = RECEIVE_BUFFER;
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = index, .sll_protocol = htons(protocol) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && !setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) && !bind(fd, (struct sockaddr *)&at, sizeof(at)))
		return fd;
	die("a packet socket");
	return -1;
}

static void listen_at(char *rest)
{
	char *host = strtok_r(rest, " ", &rest), *name = strtok_r(NULL, " ", &rest);
	int number = host ? atoi(host) : -1;
	if (number < 0 || number >= host_count || !name || interface_count == INTERFACES_MAX)
		return fail_with(EINVAL, "no such host, or too many interfaces");
	if (setns(hosts[number], CLONE_NEWNET))
		die("entering a network namespace");
	struct interface *one = &interfaces[interface_count];
	int index = (int)if_nametoindex(name);
	if (!index) {
		fail_with(errno, NULL);
	} else {
		one->sender = packet_socket(index, ETH_P_ARP);
		for (size_t i = 0; i < PROTOCOLS; i++)
			one->arrivals[i] = packet_socket(index, protocols[i]);
		printf("{\"ok\":true,\"interface\":%d}", interface_count++);
	}
	if (setns(home, CLONE_NEWNET))
		die("entering a network namespace");
}

static struct interface *find_interface(char **rest)
{
	char *word = strtok_r(*rest, " ", rest);
	int number = word ? atoi(word) : -1;
	if (number >= 0 && number < interface_count)
		return &interfaces[number];
	fail_with(EINVAL, "no such interface");
	return NULL;
}

static void send_frames(char *rest)
{
	struct interface *one = find_interface(&rest);
	for (char *word; one && (word = strtok_r(NULL, " ", &rest));) {
		ssize_t len = unhex(word);
		if (len < ETH_HLEN || len > FRAME_MAX)
			return fail_with(EINVAL, "a frame is not hexadecimal, or too short or long");
		if (send(one->sender, word, (size_t)len, 0) != len)
			return fail_with(errno, "a frame cannot be sent");
	}
	if (one)
		printf("{\"ok\":true}");
}

static long milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* An ARP reply to the address that the marker asks from, within so many milliseconds. */
static int is_answered(int fd, const char *marker, long wait)
{
	char frame[FRAME_MAX];
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	for (long end = milliseconds() + wait, left = wait; left >= 0; left = end - milliseconds()) {
		if (poll(&polled, 1, (int)left) <= 0)
			return 0;
		ssize_t len = recv(fd, frame, sizeof(frame), 0);
		if (len >= 42 && frame[21] == 2 && !memcmp(frame + 38, marker + 28, 4))
			return 1;
	}
	return 0;
}

static void ask(char *rest)
{
	struct interface *one = find_interface(&rest);
	char *marker = one ? strtok_r(NULL, " ", &rest) : NULL, *times = one ? strtok_r(NULL, " ", &rest) : NULL;
	char *wait = one ? strtok_r(NULL, " ", &rest) : NULL;
	if (!one)
		return;
	if (!wait || unhex(marker) != 42)
		return fail_with(EINVAL, "no ARP request, number and time");
	int answered = 0;
	/* A queue that is not there yet refuses frames: that is one unanswered time. */
	for (int i = 0; !answered && i < atoi(times); i++) {
		int refused = send(one->sender, marker, 42, 0) < 0;
		answered = is_answered(one->sender, marker, atol(wait)) && !refused;
	}
	printf("{\"ok\":true,\"answered\":%s}", answered ? "true" : "false");
}

static int lost_frames(int fd)
{
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof(stats);
	return getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) || stats.tp_drops;
}

static void collect(void)
{
	char frame[FRAME_MAX];
	size_t told = 0;
	int lost = 0;
	printf("{\"ok\":true,\"interfaces\":[");
	for (int i = 0; i < interface_count; i++) {
		const char *comma = "";
		printf("%s[", i ? "," : "");
		for (size_t p = 0; p < PROTOCOLS; p++) {
			ssize_t len;
			while ((len = recv(interfaces[i].arrivals[p], frame, sizeof(frame), 0)) >= 0) {
				told += (size_t)len;
				if (told > TOLD_MAX) {
					lost = 1;
					continue;
				}
				printf("%s", comma);
				json_hex(frame, (size_t)len);
				comma = ",";
			}
			lost |= lost_frames(interfaces[i].arrivals[p]);
		}
		printf("]");
	}
	printf("],\"lost\":%s}", lost ? "true" : "false");
}

static void obey(char *line)
{
	char *rest = strchr(line, ' ');
	if (rest)
		*rest++ = 0;
	if (!strcmp(line, "host"))
		return add_host();
	if (!strcmp(line, "collect"))
		return collect();
	if (rest && !strcmp(line, "listen"))
		return listen_at(rest);
	if (rest && !strcmp(line, "send"))
		return send_frames(rest);
	if (rest && !strcmp(line, "ask"))
		return ask(rest);
	fail_with(EINVAL, "unknown command");
}

/* Frames of one CPU stay in their order. */
static void stay_on_this_cpu(void)
{
	cpu_set_t here;
	int cpu = sched_getcpu();
	CPU_ZERO(&here);
	if (cpu >= 0 && cpu < CPU_SETSIZE)
		CPU_SET(cpu, &here);
	sched_setaffinity(0, sizeof(here), &here);
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	stay_on_this_cpu();
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (home < 0)
		die("the machine's network namespace");
	while ((len = getline(&line, &room, stdin)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = 0;
		obey(line);
		putchar('\n');
		fflush(stdout);
	}
	free(line);
	return 0;
}
