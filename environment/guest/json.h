/* Writes JSON on standard output, for the programs whose words the grader reads line by line.
 * Everything is ASCII: a byte above 0x7e becomes \u00XX, so text of any encoding, or of none, is still valid JSON.
 * The reader gets the bytes back as Latin-1. */
#ifndef HOOKPOINT_JSON_H
#define HOOKPOINT_JSON_H

#include <stddef.h>
#include <stdio.h>

static inline void json_text(const char *text)
{
	putchar('"');
	for (const unsigned char *p = (const unsigned char *)(text ? text : ""); *p; p++) {
		if (*p == '"' || *p == '\\')
			printf("\\%c", *p);
		else if (*p < 0x20 || *p > 0x7e)
			printf("\\u%04x", *p);
		else
			putchar(*p);
	}
	putchar('"');
}

/* ,"key":"text" */
static inline void json_field(const char *key, const char *text)
{
	printf(",\"%s\":", key);
	json_text(text);
}

static inline void json_hex(const void *data, size_t len)
{
	const unsigned char *p = data;
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		putchar("0123456789abcdef"[p[i] >> 4]);
		putchar("0123456789abcdef"[p[i] & 15]);
	}
	putchar('"');
}

#endif
