// SPDX-License-Identifier: GPL-2.0-only
/* Reader of vector files: see vecfile.h and tests/vectors/README. */
#include <ctype.h>
#include <stdlib.h>
#include "vecfile.h"

static void __noreturn bad(const struct vec_file *vf, const char *why,
			   const char *what)
{
	fprintf(stderr, "%s:%d: %s: %s\n", vf->path, vf->line, why, what);
	exit(2);
}

static void add_byte(struct vec_file *vf, struct vec_bytes *b, int c)
{
	if (b->len == sizeof(b->data))
		bad(vf, "more bytes than the runner holds", "request or reply");
	b->data[b->len++] = c;
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = tolower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two hexadecimal digits. */
static int hex_byte(struct vec_file *vf, const char *s)
{
	int hi = hex_digit(s[0]);
	int lo = hi < 0 ? -1 : hex_digit(s[1]);

	if (lo < 0)
		bad(vf, "not a pair of hexadecimal digits", s);
	return hi << 4 | lo;
}

/* @s stands behind a backslash; returns what follows the escape. */
static const char *escaped(struct vec_file *vf, struct vec_bytes *b,
			   const char *s)
{
	static const char from[] = "nrt0\\\"", to[] = "\n\r\t\0\\\"";
	const char *hit;

	if (*s == 'x') {
		add_byte(vf, b, hex_byte(vf, s + 1));
		return s + 3;
	}
	hit = *s ? strchr(from, *s) : NULL;
	if (!hit)
		bad(vf, "unknown escape", s);
	add_byte(vf, b, to[hit - from]);
	return s + 1;
}

/* @s stands behind the opening quote; returns what follows the closing one. */
static const char *quoted(struct vec_file *vf, struct vec_bytes *b,
			  const char *s)
{
	while (*s != '"') {
		if (!*s)
			bad(vf, "string is not closed", "\"");
		if (*s == '\\')
			s = escaped(vf, b, s + 1);
		else
			add_byte(vf, b, *s++);
	}
	return s + 1;
}

static void bytes(struct vec_file *vf, struct vec_bytes *b, const char *s)
{
	b->set = true;
	while (*s) {
		if (isspace((unsigned char)*s)) {
			s++;
		} else if (*s == '"') {
			s = quoted(vf, b, s + 1);
		} else {
			add_byte(vf, b, hex_byte(vf, s));
			s += 2;
		}
	}
}

static u32 numeric(struct vec_file *vf, const char *s, u32 most)
{
	unsigned long val;
	char *end;

	val = strtoul(s, &end, 0);
	if (!*s || *end || val > most)
		bad(vf, "not a number in range", s);
	return val;
}

static void text(struct vec_file *vf, char *to, const char *s)
{
	if (strlen(s) >= VEC_NAME_MAX)
		bad(vf, "too long", s);
	strcpy(to, s);
}

static u8 transports(struct vec_file *vf, const char *s)
{
	if (!strcmp(s, "tcp"))
		return MSD_TCP;
	if (!strcmp(s, "udp"))
		return MSD_UDP;
	if (strcmp(s, "both"))
		bad(vf, "transport is tcp, udp or both", s);
	return MSD_TCP | MSD_UDP;
}

static enum msd_ask wanted_result(struct vec_file *vf, const char *s)
{
	enum msd_ask i;

	for (i = 0; i <= MSD_ASK_SILENT; i++)
		if (!strcmp(s, vec_result_name(i)))
			return i;
	bad(vf, "result is answer, silent, not-mine or more", s);
}

static bool yes_no(struct vec_file *vf, const char *s)
{
	if (strcmp(s, "yes") && strcmp(s, "no"))
		bad(vf, "yes or no wanted", s);
	return *s == 'y';
}

/* Keys that hold bytes may repeat and are concatenated. */
static bool bytes_key(struct vec_file *vf, struct vec *v, const char *key,
		      const char *val)
{
	if (!strcmp(key, "request"))
		bytes(vf, &v->request, val);
	else if (!strcmp(key, "reply"))
		bytes(vf, &v->reply, val);
	else if (!strcmp(key, "reply6"))
		bytes(vf, &v->reply6, val);
	else
		return false;
	return true;
}

static void scalar_key(struct vec_file *vf, struct vec *v, const char *key,
		       const char *val)
{
	if (!strcmp(key, "vector"))
		text(vf, v->name, val);
	else if (!strcmp(key, "transport"))
		v->transports = transports(vf, val);
	else if (!strcmp(key, "offset"))
		v->offset = numeric(vf, val, 0xffffffff);
	else if (!strcmp(key, "whole"))
		v->whole = numeric(vf, val, VEC_BYTES_MAX);
	else if (!strcmp(key, "result"))
		v->result = wanted_result(vf, val);
	else if (!strcmp(key, "responder"))
		text(vf, v->responder, val);
	else if (!strcmp(key, "close"))
		v->close = yes_no(vf, val);
	else if (!strcmp(key, "pipelined"))
		v->pipelined = yes_no(vf, val);
	else if (!strcmp(key, "port"))
		v->port = numeric(vf, val, 65535);
	else
		bad(vf, "unknown key", key);
}

/* The file's base name without ".vec". */
static void default_responder(const struct vec_file *vf, struct vec *v)
{
	const char *base = strrchr(vf->path, '/');

	base = base ? base + 1 : vf->path;
	snprintf(v->responder, sizeof(v->responder), "%.*s",
		 (int)strcspn(base, "."), base);
}

static void finish(struct vec_file *vf, struct vec *v)
{
	if (!*v->name)
		bad(vf, "block without", "vector:");
	if (!v->transports)
		bad(vf, "block without", "transport:");
	if (!v->request.set)
		bad(vf, "block without", "request:");
	if ((int)v->result < 0)
		bad(vf, "block without", "result:");
	if (v->result == MSD_ASK_MORE && v->transports == MSD_UDP)
		bad(vf, "no such result over UDP", "more");
	if (!v->whole)
		v->whole = v->request.len;
	if (v->whole > v->request.len)
		bad(vf, "beyond the request", "whole:");
	if (!*v->responder)
		default_responder(vf, v);
}

/* "key: value", both without blanks around; value may be empty. */
static char *split(struct vec_file *vf, char *line)
{
	char *val = strchr(line, ':');

	if (!val)
		bad(vf, "no \"key: value\"", line);
	*val++ = 0;
	return val + strspn(val, " \t");
}

static void chomp(char *s)
{
	size_t n = strlen(s);

	while (n && isspace((unsigned char)s[n - 1]))
		s[--n] = 0;
}

void vec_open(struct vec_file *vf, const char *path)
{
	vf->path = path;
	vf->line = 0;
	vf->f = fopen(path, "r");
	if (!vf->f)
		bad(vf, "cannot open", strerror(errno));
}

static void begin(struct vec_file *vf, struct vec *v)
{
	memset(v, 0, sizeof(*v));
	v->result = -1;
	v->port = -1;
	v->path = vf->path;
	v->line = vf->line;
}

/* One line "key: value". */
static void pair(struct vec_file *vf, struct vec *v, char *line)
{
	const char *val = split(vf, line);

	if (!bytes_key(vf, v, line, val))
		scalar_key(vf, v, line, val);
}

bool vec_next(struct vec_file *vf, struct vec *v)
{
	bool any = false;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, vf->f) >= 0) {
		vf->line++;
		chomp(line);
		if (*line == '#')
			continue;
		if (!*line && any)
			break;
		if (!*line)
			continue;
		if (!any)
			begin(vf, v);
		any = true;
		pair(vf, v, line);
	}
	free(line);
	if (any)
		finish(vf, v);
	else
		fclose(vf->f);
	return any;
}
