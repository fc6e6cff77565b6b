/* The grader's own loader of BPF objects: a learner's loader is never trusted to say what it loaded.
 *
 * One command a line on standard input, one line of JSON for each on standard output. Words are separated by
 * single spaces; bytes and TEXT (paths, names of the machine's) are hexadecimal, and '-' is nothing.
 * PROGRAM is a name in the object; PROGRAM* may also be #ID, any that the kernel has. MAP is a name in the object, #ID, or
 * @TEXT, the path of a pinned map. Everything that was loaded is gone when this process ends, unless it is pinned.
 *
 * Before the load:
 *   open FILE                        read a BPF object, from a path as it is
 *   reuse MAP-NAME MAP               the object's map is to be this one, of another object
 *   resize MAP-NAME ENTRIES          autoload PROGRAM yes|no
 *   target PROGRAM PROGRAM*|- TEXT   what a program is to trace or replace: a function of the kernel, or of that program
 *   load                             hand it to the kernel
 *
 * Attach (loader-links.c says what TARGET can be), all that follows being done to the LINK that was told:
 *   attach                           every program by its section
 *   attach-to PROGRAM TARGET...      one program              attach-struct MAP        register a struct_ops map
 *   link-info LINK                   link-detach LINK         link-replace LINK PROGRAM*
 *   link-pin LINK TEXT               link-read LINK BYTES     an iterator's output
 *   detach                           end all attachments
 *
 * Maps, and the variables of sections such as .bss, which are maps before the load already:
 *   entries MAP                      lookup MAP KEY           update MAP KEY VALUE     delete MAP KEY
 *   put-socket MAP KEY PID FD        records MAP              types MAP                map MAP
 *   watch-records MAP                a reader begins to wait  woken MILLISECONDS       whether it was woken, within that time
 *   trap MAP KEY                     each access to this value costs a trap        untrap   how many there were
 *   variables                        read MAP OFFSET LENGTH   write MAP OFFSET BYTES
 *
 * Programs:
 *   run PROGRAM REPEAT CONTEXT DATA [CONTEXT DATA]...         program PROGRAM*         what the kernel says of it
 *   run-together PROGRAM REPEAT DATA on each CPU so often, all at once
 *   counter frags|whole              makes an XDP program that counts its runs        counted   how many there were
 *   kernel                           all programs and maps that the kernel has
 *   count-runs yes|no                whether the kernel counts and times all runs
 *   pin program|map NAME TEXT        unpin TEXT
 *
 *   quit                             without an answer
 *
 * Compiles with libbpf 1.1 and later. The other end is grader/kit/guest/loader.ts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "loader.h"

#define MESSAGES_MAX (64 << 10)

char messages[MESSAGES_MAX];
size_t messages_len;

static int keep_message(enum libbpf_print_level level, const char *format, va_list args)
{
	size_t room = MESSAGES_MAX - messages_len;
	if (level == LIBBPF_DEBUG || room <= 1)
		return 0;
	int n = vsnprintf(messages + messages_len, room, format, args);
	messages_len += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
	return n;
}

void fail_with(int error, const char *what)
{
	printf("{\"ok\":false,\"errno\":%d", error);
	json_field("message", what ? what : strerror(error));
	json_field("libbpf", messages);
	printf("}");
}

void succeed(void)
{
	printf("{\"ok\":true}");
}

char *next_word(char **rest)
{
	char *word = *rest;
	char *space = word ? strchr(word, ' ') : NULL;
	if (space)
		*space++ = 0;
	*rest = space;
	return word && *word ? word : NULL;
}

static int nibble(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

ssize_t unhex(char *word)
{
	size_t len = word ? strlen(word) : 0;
	if (len % 2)
		return -1;
	for (size_t i = 0; i < len / 2; i++) {
		int high = nibble(word[2 * i]), low = nibble(word[2 * i + 1]);
		if (high < 0 || low < 0)
			return -1;
		word[i] = (char)(high << 4 | low);
	}
	return (ssize_t)(len / 2);
}

char *next_text(char **rest)
{
	char *word = next_word(rest);
	ssize_t len = word && *word != '-' ? unhex(word) : -1;
	if (len < 0)
		return NULL;
	word[len] = 0; /* half of the word is free now */
	return word;
}

long next_number(char **rest)
{
	char *word = next_word(rest);
	return word ? strtol(word, NULL, 10) : 0;
}

/* ---- pins ------------------------------------------------------------------------------------------------- */

static void pin(char *rest)
{
	char *kind = next_word(&rest), *name = next_word(&rest), *path = next_text(&rest);
	struct map m;
	int fd = -1;
	if (!kind || !name || !path)
		return fail_with(EINVAL, "pin program or map, its name, and a path");
	if (!strcmp(kind, "map")) {
		if (find_map(name, &m))
			return;
		fd = dup(m.fd);
		release_map(&m);
	} else {
		fd = open_program(name);
	}
	if (fd < 0 || bpf_obj_pin(fd, path))
		fail_with(errno, NULL);
	else
		succeed();
	if (fd >= 0)
		close(fd);
}

static void unpin(char *rest)
{
	char *path = next_text(&rest);
	if (!path || unlink(path))
		return fail_with(path ? errno : EINVAL, NULL);
	succeed();
}

/* ---- the loop --------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	void (*obey)(char *rest);
	void (*obey_as)(const char *command, char *rest); /* where one function obeys several */
} commands[] = {
	{ "open", open_object, NULL },       { "load", load_object, NULL },
	{ "attach", attach_programs, NULL }, { "detach", detach_all, NULL },
	{ "attach-to", attach_to, NULL },    { "attach-struct", attach_struct, NULL },
	{ "link-info", NULL, use_link },     { "link-detach", NULL, use_link },
	{ "link-replace", NULL, use_link },  { "link-pin", NULL, use_link },
	{ "link-read", NULL, use_link },     { "entries", tell_entries, NULL },
	{ "lookup", NULL, use_map },         { "update", NULL, use_map },
	{ "delete", NULL, use_map },         { "put-socket", NULL, use_map },
	{ "records", take_records, NULL },   { "types", tell_map_types, NULL },
	{ "map", tell_map, NULL },           { "variables", tell_variables, NULL },
	{ "read", NULL, use_variable },      { "write", NULL, use_variable },
	{ "run", run_program, NULL },        { "program", tell_program, NULL },
	{ "count-runs", count_runs, NULL },  { "pin", pin, NULL },
	{ "unpin", unpin, NULL },            { "reuse", NULL, configure },
	{ "resize", NULL, configure },       { "autoload", NULL, configure },
	{ "target", NULL, configure },       { "watch-records", watch_records, NULL },
	{ "trap", trap_value, NULL },        { "untrap", untrap, NULL },
	{ "woken", tell_woken, NULL },       { "run-together", run_together, NULL },
	{ "kernel", tell_kernel, NULL },     { "counter", make_counter, NULL },   { "counted", tell_counted, NULL },
};

static void obey(char *line)
{
	char *rest = line, *command = next_word(&rest);
	messages_len = 0;
	messages[0] = 0;
	errno = 0;
	for (size_t i = 0; command && i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(commands[i].name, command))
			continue;
		if (commands[i].obey)
			commands[i].obey(rest);
		else
			commands[i].obey_as(command, rest);
		return;
	}
	fail_with(EINVAL, "unknown command");
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	libbpf_set_print(keep_message);
	while ((len = getline(&line, &room, stdin)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = 0;
		if (!strcmp(line, "quit"))
			break;
		obey(line);
		putchar('\n');
		fflush(stdout);
	}
	free(line);
	close_object();
	return 0;
}
