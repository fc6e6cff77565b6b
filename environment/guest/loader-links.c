/* Attaches one program to a target that is named, and what can be done with the link then.
 *
 *   attach-to PROGRAM TARGET, where TARGET is one of
 *     section                                          what its section says
 *     cgroup PATH
 *     xdp NETNS INTERFACE default|driver|generic       NETNS: a path, or '-' for the machine's
 *     tc NETNS INTERFACE ingress|egress                clsact, of every kernel
 *     tcx NETNS INTERFACE ingress|egress               since 6.6
 *     netns PATH                                       flow dissectors, sk_lookup
 *     sockmap MAP
 *     socket PID FD                                    of another process
 *     perf-event TYPE CONFIG FREQUENCY PID             PID -1: all, a perf event for each CPU
 *     kprobe FUNCTION OFFSET entry|return
 *     uprobe PATH SYMBOL|- OFFSET entry|return PID
 *     usdt PATH PROVIDER NAME PID
 *     tracepoint CATEGORY NAME                         raw-tracepoint NAME
 *     iterator - | map MAP | process PID | cgroup PATH
 *
 * PATH, NETNS and all names of the machine's are hexadecimal.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SO_DETACH_BPF
#define SO_DETACH_BPF 27
#endif
#define TCX_INGRESS 46 /* BPF_TCX_INGRESS, unknown to headers before 6.6 */
#define TCX_EGRESS 47

#define LINKS_MAX 256
#define CPUS_MAX 64

struct attachment {
	enum { NONE, LINK, LINK_FD, TC, SOCKMAP, SOCKET, PERF } kind;
	struct bpf_link *link;            /* LINK */
	int fd;                           /* LINK_FD: the link; TC: its network namespace; SOCKMAP; SOCKET */
	int type;                         /* SOCKMAP: how it is attached; SOCKET: the option that attaches */
	struct bpf_tc_hook hook;          /* TC */
	__u32 handle, priority;
	int events[CPUS_MAX], count;      /* PERF */
};

static struct attachment attachments[LINKS_MAX];

/* ---- targets: 0, or a negative errno ------------------------------------------------------------------------------ */

static int keep(struct attachment *a, struct bpf_link *link)
{
	a->kind = LINK;
	a->link = link;
	return link ? 0 : -errno;
}

static int keep_fd(struct attachment *a, int kind, int fd)
{
	a->kind = kind;
	a->fd = fd;
	return fd < 0 ? -errno : 0;
}

static int open_path(const char *path)
{
	errno = EINVAL;
	return path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

static int to_section(struct attachment *a, struct bpf_program *program, char *rest)
{
	(void)rest;
	return keep(a, bpf_program__attach(program));
}

static int to_cgroup(struct attachment *a, struct bpf_program *program, char *rest)
{
	int cgroup = open_path(next_text(&rest));
	int error = cgroup < 0 ? -errno : keep(a, bpf_program__attach_cgroup(program, cgroup));
	if (cgroup >= 0)
		close(cgroup);
	return error;
}

static int to_netns(struct attachment *a, struct bpf_program *program, char *rest)
{
	int space = open_path(next_text(&rest));
	int error = space < 0 ? -errno : keep(a, bpf_program__attach_netns(program, space));
	if (space >= 0)
		close(space);
	return error;
}

static int enter(int space)
{
	return space >= 0 && setns(space, CLONE_NEWNET) ? -errno : 0;
}

static int make_link(int program, int target, int type, __u32 flags)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);
	return bpf_link_create(program, target, type, &options);
}

static int add_to_clsact(struct attachment *a, int program, int interface, int is_egress)
{
	LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program);
	memset(&a->hook, 0, sizeof(a->hook));
	a->hook.sz = sizeof(a->hook);
	a->hook.ifindex = interface;
	a->hook.attach_point = is_egress ? BPF_TC_EGRESS : BPF_TC_INGRESS;
	int error = bpf_tc_hook_create(&a->hook);
	if (!error || error == -EEXIST)
		error = bpf_tc_attach(&a->hook, &options);
	a->handle = options.handle;
	a->priority = options.priority;
	return error;
}

/* In the interface's network namespace; the attachment keeps that open, for the way back. */
static int to_interface(struct attachment *a, int program, const char *kind, char *rest)
{
	char *path = next_text(&rest), *name = next_text(&rest), *how = next_word(&rest);
	int home = open_path("/proc/self/ns/net"), space = open_path(path ? path : "/proc/self/ns/net");
	int error = home < 0 || space < 0 ? -errno : !name || !how ? -EINVAL : enter(space);
	int interface = error ? 0 : (int)if_nametoindex(name), is_egress = how && !strcmp(how, "egress");
	if (!error && !interface)
		error = -errno;
	if (!error && !strcmp(kind, "xdp")) {
		__u32 mode = !strcmp(how, "driver") ? XDP_FLAGS_DRV_MODE : !strcmp(how, "generic") ? XDP_FLAGS_SKB_MODE : 0;
		error = keep_fd(a, LINK_FD, make_link(program, interface, BPF_XDP, mode));
	} else if (!error && !strcmp(kind, "tcx")) {
		error = keep_fd(a, LINK_FD, make_link(program, interface, is_egress ? TCX_EGRESS : TCX_INGRESS, 0));
	} else if (!error) {
		error = add_to_clsact(a, program, interface, is_egress);
		if (!error)
			error = keep_fd(a, TC, dup(space));
	}
	enter(home);
	if (space >= 0)
		close(space);
	if (home >= 0)
		close(home);
	return error;
}

static int to_xdp(struct attachment *a, struct bpf_program *program, char *rest)
{
	return to_interface(a, bpf_program__fd(program), "xdp", rest);
}

static int to_tc(struct attachment *a, struct bpf_program *program, char *rest)
{
	return to_interface(a, bpf_program__fd(program), "tc", rest);
}

static int to_tcx(struct attachment *a, struct bpf_program *program, char *rest)
{
	return to_interface(a, bpf_program__fd(program), "tcx", rest);
}

static int to_sockmap(struct attachment *a, struct bpf_program *program, char *rest)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, next_word(&rest) ?: "");
	if (!map)
		return -ENOENT;
	a->type = (int)bpf_program__expected_attach_type(program);
	if (bpf_prog_attach(bpf_program__fd(program), bpf_map__fd(map), (enum bpf_attach_type)a->type, 0))
		return -errno;
	return keep_fd(a, SOCKMAP, dup(bpf_map__fd(map)));
}

static int to_socket(struct attachment *a, struct bpf_program *program, char *rest)
{
	int process = (int)syscall(SYS_pidfd_open, next_number(&rest), 0), fd = bpf_program__fd(program);
	int one = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, (int)next_number(&rest), 0);
	int error = one < 0 ? -errno : 0;
	if (process >= 0)
		close(process);
	a->type = bpf_program__type(program) == BPF_PROG_TYPE_SK_REUSEPORT ? SO_ATTACH_REUSEPORT_EBPF : SO_ATTACH_BPF;
	if (!error && setsockopt(one, SOL_SOCKET, a->type, &fd, sizeof(fd)))
		error = -errno;
	return error ? error : keep_fd(a, SOCKET, one);
}

static int to_perf_event(struct attachment *a, struct bpf_program *program, char *rest)
{
	struct perf_event_attr about = { .size = sizeof(about), .type = (__u32)next_number(&rest), .freq = 1 };
	about.config = (__u64)next_number(&rest);
	about.sample_freq = (__u64)next_number(&rest);
	int pid = (int)next_number(&rest), cpus = pid < 0 ? libbpf_num_possible_cpus() : 1;
	a->kind = PERF;
	for (int cpu = 0; cpu < cpus && cpu < CPUS_MAX; cpu++) {
		int fd = (int)syscall(SYS_perf_event_open, &about, pid, pid < 0 ? cpu : -1, -1, PERF_FLAG_FD_CLOEXEC);
		if (fd < 0 && errno == ENODEV && pid < 0)
			continue; /* a CPU that is not there */
		if (fd < 0)
			return -errno;
		a->events[a->count++] = fd;
		if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, bpf_program__fd(program)) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
			return -errno;
	}
	return a->count ? 0 : -ENODEV;
}

static int to_kprobe(struct attachment *a, struct bpf_program *program, char *rest)
{
	LIBBPF_OPTS(bpf_kprobe_opts, options);
	char *function = next_text(&rest);
	options.offset = (size_t)next_number(&rest);
	options.retprobe = !strcmp(next_word(&rest) ?: "", "return");
	return function ? keep(a, bpf_program__attach_kprobe_opts(program, function, &options)) : -EINVAL;
}

static int to_uprobe(struct attachment *a, struct bpf_program *program, char *rest)
{
	LIBBPF_OPTS(bpf_uprobe_opts, options);
	char *path = next_text(&rest);
	options.func_name = next_text(&rest);
	size_t offset = (size_t)next_number(&rest);
	options.retprobe = !strcmp(next_word(&rest) ?: "", "return");
	pid_t pid = (pid_t)next_number(&rest);
	return path ? keep(a, bpf_program__attach_uprobe_opts(program, pid, path, offset, &options)) : -EINVAL;
}

static int to_usdt(struct attachment *a, struct bpf_program *program, char *rest)
{
	char *path = next_text(&rest), *provider = next_text(&rest), *name = next_text(&rest);
	pid_t pid = (pid_t)next_number(&rest);
	return path && provider && name ? keep(a, bpf_program__attach_usdt(program, pid, path, provider, name, NULL)) : -EINVAL;
}

static int to_tracepoint(struct attachment *a, struct bpf_program *program, char *rest)
{
	char *category = next_text(&rest), *name = next_text(&rest);
	return category && name ? keep(a, bpf_program__attach_tracepoint(program, category, name)) : -EINVAL;
}

static int to_raw_tracepoint(struct attachment *a, struct bpf_program *program, char *rest)
{
	char *name = next_text(&rest);
	return name ? keep(a, bpf_program__attach_raw_tracepoint(program, name)) : -EINVAL;
}

static int to_iterator(struct attachment *a, struct bpf_program *program, char *rest)
{
	LIBBPF_OPTS(bpf_iter_attach_opts, options);
	union bpf_iter_link_info info = { 0 };
	char *over = next_word(&rest) ?: "-";
	int cgroup = -1;
	options.link_info = &info;
	options.link_info_len = sizeof(info);
	if (!strcmp(over, "map")) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, next_word(&rest) ?: "");
		if (!map)
			return -ENOENT;
		info.map.map_fd = (__u32)bpf_map__fd(map);
	} else if (!strcmp(over, "process")) {
		info.task.pid = (__u32)next_number(&rest);
	} else if (!strcmp(over, "cgroup")) {
		cgroup = open_path(next_text(&rest));
		info.cgroup.order = BPF_CGROUP_ITER_DESCENDANTS_PRE;
		info.cgroup.cgroup_fd = (__u32)cgroup;
	} else {
		options.link_info = NULL; /* kernels before 5.9 know of none */
		options.link_info_len = 0;
	}
	int error = keep(a, bpf_program__attach_iter(program, &options));
	if (cgroup >= 0)
		close(cgroup);
	return error;
}

static const struct {
	const char *kind;
	int (*attach)(struct attachment *a, struct bpf_program *program, char *rest);
} targets[] = {
	{ "section", to_section },       { "cgroup", to_cgroup },         { "netns", to_netns },
	{ "xdp", to_xdp },               { "tc", to_tc },                 { "tcx", to_tcx },
	{ "sockmap", to_sockmap },       { "socket", to_socket },         { "perf-event", to_perf_event },
	{ "kprobe", to_kprobe },         { "uprobe", to_uprobe },         { "usdt", to_usdt },
	{ "tracepoint", to_tracepoint }, { "raw-tracepoint", to_raw_tracepoint },
	{ "iterator", to_iterator },
};

/* ---- commands ------------------------------------------------------------------------------------------------- */

static void end(struct attachment *a);

/* A number for it, from 0; told together with the answer. */
static void finish(struct attachment *a, int error)
{
	if (error) {
		fail_with(-error, NULL);
		return end(a);
	}
	printf("{\"ok\":true,\"link\":%d}", (int)(a - attachments));
}

/* Tells why and returns NULL if there are too many. */
static struct attachment *next_free(void)
{
	for (int i = 0; i < LINKS_MAX; i++)
		if (attachments[i].kind == NONE) {
			memset(&attachments[i], 0, sizeof(attachments[i]));
			attachments[i].fd = -1;
			return &attachments[i];
		}
	fail_with(EMFILE, "more than 256 attachments");
	return NULL;
}

void attach_to(char *rest)
{
	struct bpf_program *program = find_program(next_word(&rest));
	char *kind = next_word(&rest) ?: "";
	struct attachment *a = program ? next_free() : NULL;
	if (!a)
		return;
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
		if (!strcmp(targets[i].kind, kind))
			return finish(a, targets[i].attach(a, program, rest));
	fail_with(EINVAL, "unknown target");
}

void attach_struct(char *rest)
{
	char *name = next_word(&rest);
	struct bpf_map *map = loaded && name ? bpf_object__find_map_by_name(object, name) : NULL;
	struct attachment *a = map ? next_free() : NULL;
	if (!map)
		return fail_with(ENOENT, loaded ? "no map of this name" : "no object is loaded");
	if (a)
		finish(a, keep(a, bpf_map__attach_struct_ops(map)));
}

static int link_fd(const struct attachment *a)
{
	return a->kind == LINK ? bpf_link__fd(a->link) : a->kind == LINK_FD ? a->fd : -1;
}

static int remove_from_clsact(struct attachment *a)
{
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = a->handle, .priority = a->priority);
	int home = open_path("/proc/self/ns/net"), error = enter(a->fd);
	if (!error)
		error = bpf_tc_detach(&a->hook, &options);
	enter(home);
	close(home);
	return error;
}

static int detach_one(struct attachment *a)
{
	int error = 0, none = 0;
	switch (a->kind) {
	case LINK:
		return a->link && bpf_link__destroy(a->link) ? -errno : 0;
	case TC:
		error = remove_from_clsact(a);
		break;
	case SOCKMAP:
		/* no program: whichever is attached in this way */
		error = bpf_prog_detach(a->fd, (enum bpf_attach_type)a->type) ? -errno : 0;
		break;
	case SOCKET:
		error = setsockopt(a->fd, SOL_SOCKET, SO_DETACH_BPF, &none, sizeof(none)) ? -errno : 0;
		break;
	case PERF:
		for (int i = 0; i < a->count; i++)
			close(a->events[i]);
		break;
	default:
		break;
	}
	if (a->fd >= 0)
		close(a->fd);
	return error;
}

static void end(struct attachment *a)
{
	detach_one(a);
	a->kind = NONE;
}

void end_links(void)
{
	for (int i = 0; i < LINKS_MAX; i++)
		if (attachments[i].kind != NONE)
			end(&attachments[i]);
}

static int replace(struct attachment *a, int program)
{
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = a->handle, .priority = a->priority, .prog_fd = program, .flags = BPF_TC_F_REPLACE);
	int home, error;
	switch (a->kind) {
	case LINK:
	case LINK_FD:
		return bpf_link_update(link_fd(a), program, NULL) ? -errno : 0;
	case TC:
		home = open_path("/proc/self/ns/net");
		error = enter(a->fd);
		if (!error)
			error = bpf_tc_attach(&a->hook, &options);
		enter(home);
		close(home);
		return error;
	case SOCKMAP:
		return bpf_prog_attach(program, a->fd, (enum bpf_attach_type)a->type, 0) ? -errno : 0;
	case SOCKET:
		return setsockopt(a->fd, SOL_SOCKET, a->type, &program, sizeof(program)) ? -errno : 0;
	default:
		return -EOPNOTSUPP;
	}
}

static void tell_link(const struct attachment *a)
{
	struct bpf_link_info info = { 0 };
	__u32 len = sizeof(info);
	if (bpf_obj_get_info_by_fd(link_fd(a), &info, &len))
		return fail_with(errno, "the kernel has no link for this attachment");
	printf("{\"ok\":true,\"program\":%u", info.prog_id);
	json_field("type", libbpf_bpf_link_type_str(info.type));
	printf("}");
}

/* At most TOLD_MAX bytes of what the iterator's program writes. */
static void read_iterator(const struct attachment *a, size_t most)
{
	int fd = bpf_iter_create(link_fd(a));
	size_t len = 0;
	ssize_t n = 0;
	if (fd < 0)
		return fail_with(errno, NULL);
	most = most > TOLD_MAX ? TOLD_MAX : most;
	char *text = malloc(most + 1);
	/* one byte more than is told: whether there is more */
	while (text && len <= most && ((n = read(fd, text + len, most + 1 - len)) > 0 || (n < 0 && errno == EAGAIN)))
		len += n > 0 ? (size_t)n : 0;
	if (!text || n < 0) {
		fail_with(text ? errno : ENOMEM, NULL);
	} else {
		printf("{\"ok\":true,\"truncated\":%s,\"output\":", len > most ? "true" : "false");
		json_hex(text, len > most ? most : len);
		printf("}");
	}
	free(text);
	close(fd);
}

void use_link(const char *command, char *rest)
{
	long number = next_number(&rest);
	struct attachment *a = number >= 0 && number < LINKS_MAX ? &attachments[number] : NULL;
	if (!a || a->kind == NONE)
		return fail_with(ENOENT, "no such attachment");
	if (!strcmp(command, "link-info"))
		return tell_link(a);
	if (!strcmp(command, "link-read"))
		return read_iterator(a, (size_t)next_number(&rest));
	int error;
	if (!strcmp(command, "link-detach")) {
		error = detach_one(a);
		a->kind = NONE;
	} else if (!strcmp(command, "link-pin")) {
		char *path = next_text(&rest);
		error = !path ? -EINVAL : bpf_obj_pin(link_fd(a), path) ? -errno : 0;
	} else {
		int program = open_program(next_word(&rest));
		error = program < 0 ? -errno : replace(a, program);
		if (program >= 0)
			close(program);
	}
	if (error)
		return fail_with(-error, NULL);
	succeed();
}
