/* What the files of the loader share. One object is open at a time, and each command answers with one line of JSON. */
#ifndef HOOKPOINT_LOADER_H
#define HOOKPOINT_LOADER_H

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <sys/types.h>

#define PROGRAMS_MAX 64 /* grader/kit/program/program.ts */
#define OBJECT_MAX (16u << 20)
#define TOLD_MAX (4u << 20) /* bytes of keys and values, or of records, told in one answer */
#define DATA_MAX (256u << 10)

/* loader.c */
extern char messages[]; /* what libbpf said since the command began */
extern size_t messages_len;
void fail_with(int error, const char *what); /* `what`: strerror if NULL */
void succeed(void);
char *next_word(char **rest);  /* NULL at the end */
char *next_text(char **rest);  /* a word in hexadecimal; NULL at the end, for '-', and for what is none */
long next_number(char **rest); /* 0 at the end */
ssize_t unhex(char *word);     /* decodes in place; the number of bytes, or -1 */

/* loader-object.c */
extern struct bpf_object *object;
extern int loaded;
void open_object(char *rest);
void load_object(char *rest);
void configure(const char *command, char *rest);
void close_object(void);
/* Tells why and returns NULL if there is no such program in the loaded object. */
struct bpf_program *find_program(const char *name);
__u32 id_of(int program);
/* A descriptor of the caller's: NAME, or #ID of any program that the kernel has. -1 and errno if there is none. */
int open_program(const char *word);

/* loader-attach.c */
void attach_programs(char *rest);
void detach_all(char *rest);
void end_attachments(void);

/* loader-links.c */
void attach_to(char *rest);
void attach_struct(char *rest);
void use_link(const char *command, char *rest);
void end_links(void);

/* loader-maps.c */
struct map {
	int fd;
	int borrowed;     /* no descriptor of the object's: release_map closes it */
	enum bpf_map_type type;
	__u32 key_size, value_size;
	int cpus;         /* 0 unless it has a value for each CPU */
	size_t stride;    /* of one CPU's value, which the kernel rounds up */
	size_t room;      /* bytes that one lookup writes */
};
/* NAME in the loaded object, #ID of the kernel's, or @PATH (in hexadecimal) of a pinned one. Tells why and returns -1 if
 * there is none. */
int find_map(const char *word, struct map *m);
/* A descriptor of the caller's, by #ID or @PATH; -1 and errno. */
int open_map(const char *word);
void release_map(struct map *m);
void tell_entries(char *rest);
void use_map(const char *command, char *rest);
void take_records(char *rest);
void watch_records(char *rest);
void tell_woken(char *rest);
void trap_value(char *rest);
void untrap(char *rest);
void tell_map(char *rest);

/* loader-types.c */
/* One JSON object that describes the type. */
void tell_type(const struct btf *btf, __u32 id);
void tell_map_types(char *rest);

/* loader-variables.c */
void tell_variables(char *rest);
void use_variable(const char *command, char *rest);

/* loader-run.c */
void run_program(char *rest);
void run_together(char *rest);
void make_counter(char *rest);
void tell_counted(char *rest);
void tell_program(char *rest);
void count_runs(char *rest);
void tell_kernel(char *rest);

#endif
