/* The wire: two network namespaces joined by a veth pair, and frames sent from one end into the other.
 *
 *   left  - - - - - - - - -  eth0          wire MAC_LEFT MAC_RIGHT IPV4_LEFT IPV4_RIGHT
 *   (frames, no IP stack)    (a Linux host with IPV4_RIGHT; BPF programs are attached here)
 *
 * One command a line on standard input, one line of JSON for each on standard output, and one when the wire is up.
 *
 *   xdp PROGRAM_ID           attach to eth0, in the driver       filter PROGRAM_ID   a socket filter on a new socket
 *   tc PROGRAM_ID            attach to eth0's clsact ingress     classic HEX         the same, as struct sock_filter[]
 *   send FRAME... MARKER     frames in hexadecimal, in this order; one with a < before it leaves eth0 for the left end
 *
 * MARKER is an ARP request to IPV4_RIGHT from an address of its own: it ends the wait, for all before it has arrived
 * (or will never) when it is answered. The namespaces have no name, so nothing of this outlives the process.
 * The other end is grader/kit/network/net.ts.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.h"

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

#define FRAME_MAX 2048
#define MARKER_WAIT_MS 3000 /* without any frame arriving; softirqs need microseconds */
#define RECEIVE_BUFFER (32 << 20)

/* Sockets for one protocol see a frame after XDP and after tc; those for all see it before tc. */
static const unsigned short protocols[] = { ETH_P_IP, ETH_P_IPV6, ETH_P_ARP, 0x88b5 /* local experiments */ };
#define PROTOCOLS (sizeof(protocols) / sizeof(*protocols))

static int left_space, right_space;
static int sender;                   /* at left, also hears the answers */
static int arrivals[PROTOCOLS];      /* at eth0 */
static int filtered = -1;            /* at eth0, with the filter under test */
static int right_index;
static char messages[4096];          /* what libbpf said since the command began */

static int keep_message(enum libbpf_print_level level, const char *format, va_list args)
{
	size_t len = strlen(messages);
	return level == LIBBPF_DEBUG ? 0 : vsnprintf(messages + len, sizeof(messages) - len, format, args);
}

static void fail_with(int error, const char *what)
{
	printf("{\"ok\":false,\"errno\":%d", error);
	json_field("message", what ? what : strerror(error));
	json_field("libbpf", messages);
	printf("}");
}

static void die(const char *what)
{
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- the two hosts ---------------------------------------------------------------------------------------- */

/* Nothing but our frames is on the wire: no IPv6 neighbour discovery, no ARP of the kernels' own. Left is up first:
 * eth0 then finds its carrier when it opens, and has a queue at once. */
static const char setup[] =
	"left=$1 right=$2 left_ip=$3 right_ip=$4 left_host=$5\n"
	"for conf in all default; do echo 1 >/proc/sys/net/ipv6/conf/$conf/disable_ipv6; done 2>/dev/null || :\n"
	"ip link add eth0 address $right type veth peer name left address $left netns $left_host\n"
	"nsenter --net=/proc/$left_host/ns/net sh -ec '\n"
	"  for conf in all default left; do echo 1 >/proc/sys/net/ipv6/conf/$conf/disable_ipv6; done 2>/dev/null || :\n"
	"  ip link set left up'\n"
	"ip address add $right_ip/24 dev eth0\n"
	"ip link set lo up\n"
	"ip link set eth0 up\n"
	"ip neigh add $left_ip lladdr $left dev eth0 nud permanent\n";

static int new_space(void)
{
	int fd = unshare(CLONE_NEWNET) ? -1 : open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("a new network namespace");
	return fd;
}

static void enter(int space)
{
	if (setns(space, CLONE_NEWNET))
		die("entering a network namespace");
}

static void set_up(char **addresses)
{
	char self[16];
	int status;
	snprintf(self, sizeof(self), "%d", getpid());
	left_space = new_space();
	right_space = new_space();
	enter(left_space);
	pid_t pid = fork();
	if (!pid) {
		enter(right_space);
		execlp("sh", "sh", "-ec", setup, "wire", addresses[0], addresses[1], addresses[2], addresses[3], self, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status) {
		fprintf(stderr, "wire: the veth pair cannot be made\n");
		exit(1);
	}
}

static int packet_socket(const char *device, unsigned short protocol)
{
	int yes = 1, room = RECEIVE_BUFFER;
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(device), .sll_protocol = htons(protocol) };
	/* protocol 0 at first: deaf until it is bound to the one device */
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || !at.sll_ifindex ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die("a packet socket");
	return fd;
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

static void open_sockets(void)
{
	int yes = 1;
	sender = packet_socket("left", ETH_P_ALL);
	/* left may not have a queue yet */
	if (setsockopt(sender, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes)))
		die("a packet socket");
	enter(right_space);
	for (size_t i = 0; i < PROTOCOLS; i++)
		arrivals[i] = packet_socket("eth0", protocols[i]);
	right_index = (int)if_nametoindex("eth0");
}

/* ---- attach; this process stays in the right namespace ------------------------------------------------------ */

static int attach_xdp(int program)
{
	return bpf_xdp_attach(right_index, program, XDP_FLAGS_DRV_MODE, NULL);
}

static int attach_tc(int program)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = right_index, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program);
	int error = bpf_tc_hook_create(&hook);
	return error ? error : bpf_tc_attach(&hook, &options);
}

static int attach_filter(int option, const void *value, size_t size)
{
	if (filtered >= 0)
		close(filtered);
	filtered = packet_socket("eth0", ETH_P_ALL);
	return setsockopt(filtered, SOL_SOCKET, option, value, (socklen_t)size) ? -errno : 0;
}

static int attach_classic(char *code, size_t len)
{
	struct sock_fprog program = { .len = (unsigned short)(len / sizeof(struct sock_filter)), .filter = (struct sock_filter *)code };
	if (!len || len % sizeof(struct sock_filter) || len / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return -EINVAL;
	return attach_filter(SO_ATTACH_FILTER, &program, sizeof(program));
}

static int attach(const char *kind, const char *id)
{
	int program = bpf_prog_get_fd_by_id((__u32)strtoul(id, NULL, 10)), error;
	if (program < 0)
		return -errno;
	if (!strcmp(kind, "xdp"))
		error = attach_xdp(program);
	else if (!strcmp(kind, "tc"))
		error = attach_tc(program);
	else
		error = attach_filter(SO_ATTACH_BPF, &program, sizeof(program));
	close(program);
	return error;
}

/* ---- send ------------------------------------------------------------------------------------------------- */

struct heard {
	char *frames; /* FRAME_MAX bytes for each */
	size_t *lens, count, room;
};

static void hear(struct heard *h, int fd)
{
	for (;;) {
		if (h->count == h->room) {
			h->room = h->room ? 2 * h->room : 64;
			h->frames = realloc(h->frames, h->room * FRAME_MAX);
			h->lens = realloc(h->lens, h->room * sizeof(*h->lens));
			if (!h->frames || !h->lens)
				die("room for frames");
		}
		ssize_t n = recv(fd, h->frames + h->count * FRAME_MAX, FRAME_MAX, 0);
		if (n < 0)
			return;
		h->lens[h->count++] = (size_t)n;
	}
}

static void tell(const char *key, struct heard *h)
{
	printf(",\"%s\":[", key);
	for (size_t i = 0; i < h->count; i++) {
		printf("%s", i ? "," : "");
		json_hex(h->frames + i * FRAME_MAX, h->lens[i]);
	}
	printf("]");
	free(h->frames);
	free(h->lens);
}

/* An ARP reply to the one who asked by the marker. */
static int is_answered(const struct heard *answers, const char *marker)
{
	for (size_t i = 0; i < answers->count; i++) {
		const char *frame = answers->frames + i * FRAME_MAX;
		if (answers->lens[i] >= 42 && !memcmp(frame + 12, "\x08\x06", 2) && frame[21] == 2 && !memcmp(frame + 38, marker + 28, 4))
			return 1;
	}
	return 0;
}

static int lost_frames(int fd)
{
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof(stats);
	return getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) || stats.tp_drops;
}

static void wait_for(const char *marker)
{
	struct heard arrived = { 0 }, answers = { 0 }, kept = { 0 };
	struct pollfd polled = { .fd = sender, .events = POLLIN };
	int answered = 0, lost = 0;
	do {
		hear(&answers, sender);
		answered = is_answered(&answers, marker);
	} while (!answered && poll(&polled, 1, MARKER_WAIT_MS) > 0);
	for (size_t i = 0; i < PROTOCOLS; i++) {
		hear(&arrived, arrivals[i]);
		lost |= lost_frames(arrivals[i]);
	}
	if (filtered >= 0) {
		hear(&kept, filtered);
		lost |= lost_frames(filtered);
	}
	printf("{\"ok\":true,\"complete\":%s,\"lost\":%s", answered ? "true" : "false", lost ? "true" : "false");
	tell("arrived", &arrived);
	tell("answers", &answers);
	tell("kept", &kept);
	printf("}");
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

/* By way of eth0, as what its host sends. A program at its egress may drop it, which is no error of ours. */
static int leave(const char *frame, size_t len)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = right_index };
	memcpy(&to.sll_protocol, frame + 12, 2);
	return sendto(arrivals[0], frame, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != ENOBUFS ? -1 : 0;
}

static void send_frames(char *words)
{
	char *marker = NULL, *rest = NULL;
	ssize_t len = 0;
	for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		int leaves = *word == '<';
		marker = word += leaves;
		len = unhex(word);
		if (len < ETH_HLEN || len > FRAME_MAX)
			return fail_with(EINVAL, "a frame is not hexadecimal, or too short or long");
		if (leaves ? leave(word, (size_t)len) : send(sender, word, (size_t)len, 0) != len)
			return fail_with(errno, "a frame cannot be sent");
	}
	if (!marker || len < 42)
		return fail_with(EINVAL, "the last frame is no ARP request");
	wait_for(marker);
}

/* ---- the loop --------------------------------------------------------------------------------------------- */

static void obey(char *line)
{
	char *word = strchr(line, ' ');
	int error;
	messages[0] = 0;
	if (word)
		*word++ = 0;
	if (!word)
		return fail_with(EINVAL, "unknown command");
	if (!strcmp(line, "send"))
		return send_frames(word);
	if (!strcmp(line, "classic")) {
		ssize_t len = unhex(word);
		error = len < 0 ? -EINVAL : attach_classic(word, (size_t)len);
	} else if (!strcmp(line, "xdp") || !strcmp(line, "tc") || !strcmp(line, "filter")) {
		error = attach(line, word);
	} else {
		return fail_with(EINVAL, "unknown command");
	}
	if (error)
		return fail_with(-error, NULL);
	printf("{\"ok\":true}");
}

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	if (argc != 5) {
		fprintf(stderr, "wire: MAC_LEFT MAC_RIGHT IPV4_LEFT IPV4_RIGHT\n");
		return 2;
	}
	libbpf_set_print(keep_message);
	stay_on_this_cpu();
	set_up(argv + 1);
	open_sockets();
	printf("{\"ok\":true,\"namespace\":\"/proc/%d/fd/%d\"}\n", getpid(), right_space);
	fflush(stdout);
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
