/* The agent: runs commands for the grader inside the machine and hands back what they said.
 *
 *   agent PORT CGROUP     PORT: a virtio-serial port, or "-" for standard input and output
 *                         CGROUP: a cgroup v2 folder of its own; every run gets a folder below it
 *
 * It decides nothing; deadlines are the grader's, which knows how much time a guest was given. In the guest it is process 1; with --machine host it is a plain child of the grader.
 * Frames in both directions: u32 length, u32 id, u32 type (little endian), then `length` bytes.
 * The other end, with the same numbers, is grader/machine/agent/frames.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/random.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { RUN = 1, INPUT = 2, SIGNAL = 3, PUT = 4, GET = 5, CLOCK = 6, RESIZE = 7, CREDIT = 8, EXPIRE = 9, PING = 10 };
enum { STDOUT = 101, STDERR = 102, EXIT = 103, DATA = 104, DONE = 105, FAILED = 106, TAKEN = 107 };

#define FRAME_MAX (20u << 20)   /* longer than any file that PUT may carry: what is longer is a broken stream */
#define RUNS 32
#define ARGS 512
#define CHUNK 65536

struct run {
	int used;
	uint32_t id;
	pid_t pid;                /* 0 once reaped */
	int in, out, err;         /* -1 once closed; with a terminal in and out are its other end, and err is -1 */
	char *input;              /* not yet written to `in` */
	size_t input_len;
	int input_eof;
	uint64_t output_left;     /* bytes that may still be passed on */
	int paced;                /* what is beyond them waits for CREDIT, instead of being dropped */
	int terminal;
	int strict;               /* one that wants more output or processes than it may have is ended */
	int truncated, timed_out, oom, crowded;
	int64_t started_ms;
	int status;
	struct rusage usage;
	char cgroup[128];
};

static struct run runs[RUNS];
static int port_in, port_out;
static const char *cgroup_root;

static void die(const char *what)
{
	fprintf(stderr, "agent: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void write_all(int fd, const void *data, size_t len)
{
	const char *p = data;
	while (len) {
		ssize_t n = write(fd, p, len);
		if (n > 0) {
			p += n;
			len -= n;
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd wait = { .fd = fd, .events = POLLOUT };
			poll(&wait, 1, 1000);
		} else if (n < 0 && errno != EINTR) {
			die("cannot write to the port");
		}
	}
}

static void send_frame(uint32_t id, uint32_t type, const void *data, size_t len)
{
	uint32_t head[3] = { len, id, type };
	write_all(port_out, head, sizeof(head));
	write_all(port_out, data, len);
}

/* Replies are NUL-terminated "key=value" strings, as are the options of RUN. */
static void send_failed(uint32_t id, const char *what)
{
	char text[512];
	int len = snprintf(text, sizeof(text), "errno=%d%cmessage=%s: %s%c", errno, 0, what, strerror(errno), 0);
	send_frame(id, FAILED, text, len < (int)sizeof(text) ? len : (int)sizeof(text));
}

static int write_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int file_has_line(const char *dir, const char *name, const char *prefix)
{
	char path[256], line[256];
	int found = 0;
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = !strncmp(line, prefix, strlen(prefix)) && strtoul(line + strlen(prefix), NULL, 10) > 0;
	if (f)
		fclose(f);
	return found;
}

/* Ends all that a run has left behind. pids.max goes to 0 first, so that nothing can fork away meanwhile. Since 5.14 one write kills all. */
static void kill_cgroup(struct run *r)
{
	char path[256], line[64];
	int left = 1;
	write_file(r->cgroup, "pids.max", "0");
	write_file(r->cgroup, "cgroup.kill", "1");
	snprintf(path, sizeof(path), "%s/cgroup.procs", r->cgroup);
	for (int round = 0; left && round < 10000; round++) {
		FILE *f = fopen(path, "re");
		if (!f)
			return;
		left = 0;
		while (fgets(line, sizeof(line), f)) {
			pid_t pid = atoi(line);
			if (pid > 1) {
				kill(pid, SIGKILL);
				left = 1;
			}
		}
		fclose(f);
		if (left)
			usleep(500); /* the kernel gives no event on 5.10 for "all of them are gone" that is simpler */
	}
}

/* ---- RUN -------------------------------------------------------------------------------------------------- */

struct options {
	char *argv[ARGS + 1], *env[ARGS + 1];
	int argc, envc;
	const char *cwd, *memory, *pids, *terminal;
	long file_size;
	int paced, strict;
	uint64_t output;
	uid_t uid;
};

static const char *value_of(const char *field, const char *key)
{
	size_t len = strlen(key);
	return !strncmp(field, key, len) && field[len] == '=' ? field + len + 1 : NULL;
}

static void parse_options(struct options *o, char *data, size_t len)
{
	const char *v;
	memset(o, 0, sizeof(*o));
	o->cwd = "/";
	o->output = 1 << 20;
	for (char *f = data; f < data + len; f += strlen(f) + 1) {
		if ((v = value_of(f, "arg")) && o->argc < ARGS)
			o->argv[o->argc++] = (char *)v;
		else if ((v = value_of(f, "env")) && o->envc < ARGS)
			o->env[o->envc++] = (char *)v;
		else if ((v = value_of(f, "cwd")))
			o->cwd = v;
		else if ((v = value_of(f, "output")))
			o->output = strtoull(v, NULL, 10);
		else if ((v = value_of(f, "uid")))
			o->uid = strtoul(v, NULL, 10);
		else if ((v = value_of(f, "memory")))
			o->memory = v;
		else if ((v = value_of(f, "pids")))
			o->pids = v;
		else if ((v = value_of(f, "file_size")))
			o->file_size = atol(v);
		else if ((v = value_of(f, "paced")))
			o->paced = atoi(v);
		else if ((v = value_of(f, "strict")))
			o->strict = atoi(v);
		else if ((v = value_of(f, "terminal")))
			o->terminal = v;
	}
}

static void limit(int what, long value)
{
	struct rlimit l = { value, value };
	if (value > 0)
		setrlimit(what, &l);
}

/* In the child. What fails here is told on `err`, the run's own standard error, with exit code 126 or 127. */
static void exec_child(struct options *o, const char *cgroup, int in, int out, int err)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setsid();
	dup2(in, 0);
	dup2(out, 1);
	dup2(err, 2);
	const char *step = "cannot have the terminal";
	if (o->terminal && ioctl(0, TIOCSCTTY, 0))
		goto failed;
	limit(RLIMIT_FSIZE, o->file_size);
	struct rlimit no_core = { 0, 0 };
	setrlimit(RLIMIT_CORE, &no_core);
	step = "cannot enter its cgroup";
	if (write_file(cgroup, "cgroup.procs", "0"))
		goto failed;
	step = "cannot enter its folder";
	if (chdir(o->cwd))
		goto failed;
	step = "cannot change user";
	if (o->uid && (setgroups(0, NULL) || setresgid(o->uid, o->uid, o->uid) || setresuid(o->uid, o->uid, o->uid)))
		goto failed;
	step = o->argv[0] ? o->argv[0] : "no command";
	if (o->argc)
		execvpe(o->argv[0], o->argv, o->env);
failed:
	dprintf(2, "agent: %s: %s\n", step, strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* A terminal of "ROWSxCOLUMNS": its far end is the run's three streams, and we hold its near end. */
static int open_terminal(const char *size, int near[3], int far[3])
{
	struct winsize window = { 0 };
	struct termios settings;
	char path[64];
	int master = near[1] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (master < 0 || grantpt(master) || unlockpt(master) || ptsname_r(master, path, sizeof(path)))
		return -1;
	far[0] = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (far[0] < 0 || tcgetattr(far[0], &settings))
		return -1;
	settings.c_iflag |= IUTF8; /* backspace takes away a character, not a byte */
	tcsetattr(far[0], TCSANOW, &settings);
	sscanf(size, "%hux%hu", &window.ws_row, &window.ws_col);
	ioctl(far[0], TIOCSWINSZ, &window);
	far[1] = fcntl(far[0], F_DUPFD_CLOEXEC, 0);
	far[2] = fcntl(far[0], F_DUPFD_CLOEXEC, 0);
	near[0] = fcntl(master, F_DUPFD_CLOEXEC, 0);
	return near[0] < 0 || far[1] < 0 || far[2] < 0 ? -1 : 0;
}

static int open_pipes(int near[3], int far[3])
{
	for (int i = 0; i < 3; i++) {
		int ends[2];
		if (pipe2(ends, O_CLOEXEC))
			return -1;
		near[i] = ends[i == 0];
		far[i] = ends[i != 0];
	}
	return fcntl(near[0], F_SETFL, O_NONBLOCK);
}

static void close_all(const int fds[3])
{
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void start_run(uint32_t id, char *data, size_t len)
{
	struct options o;
	struct run *r = NULL;
	int near[3] = { -1, -1, -1 }, far[3] = { -1, -1, -1 };
	for (int i = 0; i < RUNS && !r; i++)
		if (!runs[i].used)
			r = &runs[i];
	if (!r) {
		errno = EAGAIN;
		return send_failed(id, "too many commands at once");
	}
	parse_options(&o, data, len);
	memset(r, 0, sizeof(*r));
	snprintf(r->cgroup, sizeof(r->cgroup), "%s/run-%u", cgroup_root, id);
	if (mkdir(r->cgroup, 0755) && errno != EEXIST)
		return send_failed(id, r->cgroup);
	if (o.memory) {
		write_file(r->cgroup, "memory.max", o.memory);
		write_file(r->cgroup, "memory.swap.max", "0");
	}
	if (o.pids)
		write_file(r->cgroup, "pids.max", o.pids);
	int bad = o.terminal ? open_terminal(o.terminal, near, far) : open_pipes(near, far);
	pid_t pid = bad ? -1 : fork();
	if (pid < 0) {
		send_failed(id, bad ? "its streams" : "fork");
		close_all(near);
		close_all(far);
		rmdir(r->cgroup);
		return;
	}
	if (!pid)
		exec_child(&o, r->cgroup, far[0], far[1], far[2]);
	close_all(far);
	r->used = 1;
	r->id = id;
	r->pid = pid;
	r->in = near[0];
	r->out = near[1];
	r->err = near[2];
	r->terminal = o.terminal != NULL;
	r->paced = o.paced;
	r->strict = o.strict;
	r->output_left = o.output;
	r->started_ms = now_ms();
}

static struct run *find_run(uint32_t id)
{
	for (int i = 0; i < RUNS; i++)
		if (runs[i].used && runs[i].id == id)
			return &runs[i];
	return NULL;
}

static void add_input(struct run *r, const char *data, size_t len)
{
	if (!r || r->in < 0)
		return;
	if (!len) {
		r->input_eof = !r->terminal; /* the end of input is a key there */
		return;
	}
	r->input = realloc(r->input, r->input_len + len);
	if (!r->input)
		die("no memory");
	memcpy(r->input + r->input_len, data, len);
	r->input_len += len;
}

/* u16 rows, u16 columns; the kernel tells who is in front by SIGWINCH */
static void resize(struct run *r, const char *data, size_t len)
{
	struct winsize window = { 0 };
	if (!r || !r->terminal || r->out < 0 || len < 4)
		return;
	memcpy(&window.ws_row, data, 2);
	memcpy(&window.ws_col, data + 2, 2);
	ioctl(r->out, TIOCSWINSZ, &window);
}

static void pump_input(struct run *r)
{
	ssize_t n = r->input_len ? write(r->in, r->input, r->input_len) : 0;
	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0) {
		r->input_len -= n;
		memmove(r->input, r->input + n, r->input_len);
		uint32_t taken = n;
		if (r->paced)
			send_frame(r->id, TAKEN, &taken, sizeof(taken));
	}
	if (n < 0 || (!r->input_len && r->input_eof)) {
		close(r->in);
		r->in = -1;
		r->input_len = 0;
	}
}

static void pump_output(struct run *r, int *fd, uint32_t type)
{
	static char buffer[CHUNK];
	size_t most = r->paced && r->output_left < CHUNK ? r->output_left : CHUNK;
	ssize_t n = read(*fd, buffer, most);
	/* A process that got away may hold a terminal open: it is over once its run is, and nothing is left to read. */
	int over = r->terminal && !r->pid;
	if (n < 0 && (errno == EINTR || (errno == EAGAIN && !over)))
		return;
	if (n <= 0) {
		close(*fd);
		*fd = -1;
		return;
	}
	uint64_t pass = (uint64_t)n < r->output_left ? (uint64_t)n : r->output_left;
	if (pass < (uint64_t)n && !r->truncated) {
		r->truncated = 1;
		if (r->strict && r->pid)
			kill_cgroup(r);
	}
	r->output_left -= pass;
	if (pass)
		send_frame(r->id, type, buffer, pass);
}

/* Output that nobody has room for stays where it is, and whoever writes more of it waits. */
static int may_read(const struct run *r)
{
	return r->used && (!r->paced || r->output_left > 0);
}

static void reap(void)
{
	struct rusage usage;
	int status;
	pid_t pid;
	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0)
		for (int i = 0; i < RUNS; i++)
			if (runs[i].used && runs[i].pid == pid) {
				runs[i].pid = 0;
				runs[i].status = status;
				runs[i].usage = usage;
				runs[i].oom = file_has_line(runs[i].cgroup, "memory.events", "oom_kill ");
				runs[i].crowded |= !runs[i].timed_out && !runs[i].truncated &&
						   file_has_line(runs[i].cgroup, "pids.events", "max ");
				kill_cgroup(&runs[i]);
			}
}

static void finish_if_over(struct run *r)
{
	char text[256];
	if (!r->used || r->pid || r->out >= 0 || r->err >= 0)
		return;
	struct timeval u = r->usage.ru_utime, s = r->usage.ru_stime;
	int len = snprintf(text, sizeof(text),
		"code=%d%csignal=%d%ctimed_out=%d%ctruncated=%d%coom=%d%ccrowded=%d%cwall_ms=%lld%ccpu_ms=%lld%c",
		WIFEXITED(r->status) ? WEXITSTATUS(r->status) : -1, 0,
		WIFSIGNALED(r->status) ? WTERMSIG(r->status) : 0, 0, r->timed_out, 0, r->truncated, 0, r->oom, 0,
		r->crowded, 0,
		(long long)(now_ms() - r->started_ms), 0,
		(long long)(u.tv_sec + s.tv_sec) * 1000 + (u.tv_usec + s.tv_usec) / 1000, 0);
	if (r->in >= 0)
		close(r->in);
	free(r->input);
	r->used = 0;
	rmdir(r->cgroup);
	send_frame(r->id, EXIT, text, len);
}

/* ---- files and clock -------------------------------------------------------------------------------------- */

static void make_parents(char *path)
{
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		mkdir(path, 0755);
		*p = '/';
	}
}

/* path NUL, mode in octal NUL, content */
static void put(uint32_t id, char *data, size_t len)
{
	char *path = data, *mode = data + strnlen(data, len) + 1;
	if (mode >= data + len)
		return errno = EINVAL, send_failed(id, "put");
	char *content = mode + strnlen(mode, data + len - mode) + 1;
	if (content > data + len)
		return errno = EINVAL, send_failed(id, "put");
	make_parents(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return send_failed(id, path);
	size_t left = data + len - content;
	while (left) {
		ssize_t n = write(fd, content, left);
		if (n < 0) {
			send_failed(id, path);
			close(fd);
			return;
		}
		content += n;
		left -= n;
	}
	fchmod(fd, strtoul(mode, NULL, 8));
	close(fd);
	send_frame(id, DONE, NULL, 0);
}

/* path NUL, most bytes NUL; a longer file fails with EFBIG, a link with ELOOP, anything else but a regular file with EINVAL */
static void get(uint32_t id, char *data, size_t len)
{
	char *path = data, *most = data + strnlen(data, len) + 1;
	struct stat st;
	if (most >= data + len)
		return errno = EINVAL, send_failed(id, "get");
	size_t max = strtoul(most, NULL, 10);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return send_failed(id, path);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		errno = EINVAL;
		send_failed(id, path);
		close(fd);
		return;
	}
	char *content = malloc(max + 1);
	size_t size = 0;
	ssize_t n;
	while (content && size <= max && (n = read(fd, content + size, max + 1 - size)) > 0)
		size += n;
	close(fd);
	if (!content || size > max) {
		errno = content ? EFBIG : ENOMEM;
		send_failed(id, path);
	} else {
		send_frame(id, DATA, content, size);
	}
	free(content);
}

/* u64 nanoseconds since 1970, then fresh entropy: a restored guest has the clock and the random state of its save. */
static void set_clock(uint32_t id, const char *data, size_t len)
{
	uint64_t ns;
	struct { struct rand_pool_info head; char bytes[256]; } pool = { 0 };
	if (len < sizeof(ns) || len - sizeof(ns) > sizeof(pool.bytes))
		return errno = EINVAL, send_failed(id, "clock");
	memcpy(&ns, data, sizeof(ns));
	struct timespec t = { ns / 1000000000, ns % 1000000000 };
	if (clock_settime(CLOCK_REALTIME, &t))
		return send_failed(id, "clock_settime");
	pool.head.buf_size = len - sizeof(ns);
	pool.head.entropy_count = pool.head.buf_size * 8;
	memcpy(pool.head.buf, data + sizeof(ns), pool.head.buf_size);
	int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);
	int bad = fd < 0 || ioctl(fd, RNDADDENTROPY, &pool) || ioctl(fd, RNDRESEEDCRNG);
	if (bad)
		send_failed(id, "/dev/urandom");
	else
		send_frame(id, DONE, NULL, 0);
	if (fd >= 0)
		close(fd);
}

/* A fork bomb does nothing else any more: there is nothing to wait for. The pings come while a command goes on. */
static void end_crowded(void)
{
	for (int i = 0; i < RUNS; i++)
		if (runs[i].used && runs[i].strict && runs[i].pid && !runs[i].crowded &&
		    file_has_line(runs[i].cgroup, "pids.events", "max ")) {
			runs[i].crowded = 1;
			kill_cgroup(&runs[i]);
		}
}

/* ---- the loop --------------------------------------------------------------------------------------------- */

static void handle(uint32_t id, uint32_t type, char *data, size_t len)
{
	struct run *r = find_run(id);
	switch (type) {
	case RUN: start_run(id, data, len); break;
	case INPUT: add_input(r, data, len); break;
	case SIGNAL:
		if (r && r->pid && len >= 4)
			kill(r->pid, *(uint32_t *)data);
		break;
	case RESIZE: resize(r, data, len); break;
	case CREDIT:
		if (r && r->paced && len >= 4)
			r->output_left += *(uint32_t *)data;
		break;
	case EXPIRE:
		if (r && r->pid && !r->timed_out) {
			r->timed_out = 1;
			kill_cgroup(r);
		}
		break;
	case PING:
		end_crowded();
		send_frame(id, DONE, NULL, 0);
		break;
	case PUT: put(id, data, len); break;
	case GET: get(id, data, len); break;
	case CLOCK: set_clock(id, data, len); break;
	default: errno = ENOSYS; send_failed(id, "unknown frame");
	}
}

/* Returns 0 at the end of the stream. */
static int read_port(void)
{
	static char *buffer;
	static size_t have, room;
	if (room - have < CHUNK + 1) {
		room = room * 2 + CHUNK + 1;
		buffer = realloc(buffer, room);
		if (!buffer)
			die("no memory");
	}
	ssize_t n = read(port_in, buffer + have, room - have - 1);
	if (n == 0)
		return 0;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 1 : 0;
	have += n;
	size_t used = 0;
	while (have - used >= 12) {
		uint32_t head[3];
		memcpy(head, buffer + used, 12);
		if (head[0] > FRAME_MAX) {
			errno = EPROTO;
			die("a frame is too long");
		}
		if (have - used - 12 < head[0])
			break;
		char *data = buffer + used + 12, kept = data[head[0]];
		data[head[0]] = 0; /* so that strings end */
		handle(head[1], head[2], data, head[0]);
		data[head[0]] = kept;
		used += 12 + head[0];
	}
	have -= used;
	memmove(buffer, buffer + used, have);
	return 1;
}

/* A terminal that is over but not read out is looked at again at once. */
static int next_timeout(void)
{
	for (int i = 0; i < RUNS; i++)
		if (runs[i].terminal && !runs[i].pid && runs[i].out >= 0 && may_read(&runs[i]))
			return 0;
	return -1;
}

static void end_everything(void)
{
	for (int i = 0; i < RUNS; i++)
		if (runs[i].used)
			kill_cgroup(&runs[i]);
	while (wait(NULL) > 0)
		;
	for (int i = 0; i < RUNS; i++)
		if (runs[i].used)
			rmdir(runs[i].cgroup);
	rmdir(cgroup_root);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: agent PORT CGROUP\n");
		return 2;
	}
	int stdio = !strcmp(argv[1], "-");
	cgroup_root = argv[2];
	port_in = stdio ? 0 : open(argv[1], O_RDWR | O_CLOEXEC | O_NONBLOCK);
	port_out = stdio ? 1 : port_in;
	if (port_in < 0)
		die(argv[1]);
	if (stdio)
		prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	/* It answers while everything else is busy; what it starts does not inherit that. */
	struct sched_param none = { 0 };
	sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &none);
	setpriority(PRIO_PROCESS, 0, -15);
	sigset_t wanted;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGINT); /* Ctrl-C reaches the whole foreground group: the grader decides what ends */
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	int sfd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
	if (mkdir(cgroup_root, 0755) && errno != EEXIST)
		die(cgroup_root);
	write_file(cgroup_root, "cgroup.subtree_control", "+memory");
	write_file(cgroup_root, "cgroup.subtree_control", "+pids");

	for (;;) {
		struct pollfd fds[2 + RUNS * 3];
		int count = 2, ended = 0;
		fds[0] = (struct pollfd){ .fd = port_in, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = sfd, .events = POLLIN };
		for (int i = 0; i < RUNS; i++) {
			struct run *r = &runs[i];
			int in = r->used && (r->input_len || r->input_eof) ? r->in : -1;
			fds[count++] = (struct pollfd){ .fd = in, .events = POLLOUT };
			fds[count++] = (struct pollfd){ .fd = may_read(r) ? r->out : -1, .events = POLLIN };
			fds[count++] = (struct pollfd){ .fd = may_read(r) ? r->err : -1, .events = POLLIN };
		}
		poll(fds, count, next_timeout());
		for (int i = 0; i < RUNS; i++) {
			struct pollfd *p = &fds[2 + i * 3];
			if (p[0].revents)
				pump_input(&runs[i]);
			int over = runs[i].terminal && !runs[i].pid && runs[i].out >= 0;
			if (may_read(&runs[i]) && (p[1].revents || over))
				pump_output(&runs[i], &runs[i].out, STDOUT);
			if (may_read(&runs[i]) && p[2].revents)
				pump_output(&runs[i], &runs[i].err, STDERR);
		}
		if (fds[1].revents) {
			struct signalfd_siginfo info;
			while (read(sfd, &info, sizeof(info)) == sizeof(info))
				ended |= info.ssi_signo == SIGTERM;
			reap();
		}
		if ((fds[0].revents & POLLIN) ? !read_port() : (fds[0].revents & (POLLHUP | POLLERR)) != 0) {
			if (stdio)
				ended = 1;
			else
				usleep(10000); /* nobody has opened the other end of the port yet, or no more */
		}
		for (int i = 0; i < RUNS; i++)
			finish_if_over(&runs[i]);
		if (ended && stdio) {
			end_everything();
			return 0;
		}
	}
}
