// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages that are not for us, from lists; and vectors that were made wrong:
 * see the heads of the lists.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <linux/minmax.h>
#include "misread.h"

#define WORDS 5

static const char *list;
static int line_no;

static void __noreturn bad(const char *why, const char *what)
{
	fprintf(stderr, "%s:%d: %s: %s\n", list, line_no, why, what);
	exit(2);
}

static void add_bytes(struct search_input *x, const void *p, u32 n)
{
	if (x->len + n > SEARCH_SIZE_MAX)
		bad("a message is too long", list);
	memcpy(x->data + x->len, p, n);
	x->len += n;
}

/* @s stands behind the opening quote; returns what follows the closing one. */
static const char *quoted(struct search_input *x, const char *s)
{
	static const char from[] = "nrt0\\\"", to[] = "\n\r\t\0\\\"";

	for (; *s != '"'; s++) {
		const char *hit;

		if (!*s)
			bad("string is not closed", "\"");
		if (*s != '\\') {
			add_bytes(x, s, 1);
			continue;
		}
		hit = *++s ? strchr(from, *s) : NULL;
		if (!hit)
			bad("unknown escape", s);
		add_bytes(x, &to[hit - from], 1);
	}
	return s + 1;
}

/* Free fields: "?N" N random bytes, "@N" N random letters. */
static const char *random_field(struct search_input *x, const char *s)
{
	bool letters = *s == '@';
	char *end;
	u32 n = strtoul(s + 1, &end, 10);
	u8 any;

	if (end == s + 1)
		bad("a number is wanted behind", letters ? "@" : "?");
	while (n--) {
		any = letters ? 'a' + search_below(26) : search_rnd();
		add_bytes(x, &any, 1);
	}
	return end;
}

static void build(struct search_input *x, const char *s)
{
	x->len = 0;
	while (*s) {
		if (isspace((unsigned char)*s)) {
			s++;
		} else if (*s == '"') {
			s = quoted(x, s + 1);
		} else if (*s == '?' || *s == '@') {
			s = random_field(x, s);
		} else {
			unsigned int val;
			u8 byte;

			if (!isxdigit((unsigned char)*s) ||
			    sscanf(s, "%2x", &val) != 1)
				bad("neither bytes, string nor field", s);
			byte = val;
			add_bytes(x, &byte, 1);
			s += 2;
		}
	}
}

static u8 transports_of(const char *s)
{
	if (!strncmp(s, "tcp ", 4))
		return MSD_TCP;
	if (!strncmp(s, "udp ", 4))
		return MSD_UDP;
	if (strncmp(s, "any ", 4))
		bad("transport is tcp, udp or any", s);
	return MSD_TCP | MSD_UDP;
}

/* Put a message @n times over one transport, its free fields new each time. */
static void put(const char *name, u8 transport, const char *bytes, u32 n)
{
	static struct search_input x;
	static struct search_said said;
	struct search_question q = { .row = SEARCH_ALL, .transport = transport };
	u32 i;

	for (i = 0; i < n; i++) {
		build(&x, bytes);
		q.family = i & 1 ? 6 : 4;
		if (search_ask(&q, x.data, x.len, &said))
			break;
	}
	if (!judge(i == n, "%s over %s%s%s", name, transport_name(transport),
		   i == n ? "" : ": answered by ",
		   i == n ? "" : row_name(said.proto)))
		show("message", x.data, x.len);
}

/* The next line that says something, without its end; or NULL. */
static char *next_line(FILE *f)
{
	static char line[8192];
	size_t n;

	while (fgets(line, sizeof(line), f)) {
		line_no++;
		n = strlen(line);
		while (n && isspace((unsigned char)line[n - 1]))
			line[--n] = 0;
		if (n && *line != '#')
			return line;
	}
	return NULL;
}

static FILE *open_list(const char *path)
{
	FILE *f = fopen(path, "r");

	list = path;
	line_no = 0;
	if (!f)
		bad("cannot open", strerror(errno));
	return f;
}

void foreign(const char *path, u32 n)
{
	FILE *f = open_list(path);
	char *line;

	while ((line = next_line(f))) {
		char *bytes = strstr(line, ": ");
		u8 transports, tr;

		if (!bytes)
			bad("no \"name: transport bytes\"", line);
		*bytes = 0;
		bytes += 2;
		transports = transports_of(bytes);
		for (tr = MSD_TCP; tr <= MSD_UDP; tr++)
			if (transports & tr)
				put(line, tr, bytes + 4, n);
	}
	fclose(f);
}

/**
 * struct rule - one way of making a request wrong
 * @row: whose requests
 * @transport: over which
 * @at: where
 * @op: "set", "or", "xor", "cut" or "add"
 * @bytes: what with
 * @why: what the specification says
 * @seen: vectors it was tried on
 */
struct rule {
	int row;
	u8 transport;
	u32 at;
	char op[8];
	struct search_input bytes;
	char why[VEC_NAME_MAX];
	u32 seen;
};

/* "responder transport offset op bytes : why" */
static void read_rule(char *line, struct rule *r)
{
	char name[32], tr[8];
	char *why = strstr(line, " : ");
	int n;

	if (!why)
		bad("no reason behind \" : \"", line);
	*why = 0;
	snprintf(r->why, sizeof(r->why), "%s", why + 3);
	if (sscanf(line, "%31s %7s %u %7s %n", name, tr, &r->at, r->op, &n) != 4)
		bad("not \"responder transport offset op bytes\"", line);
	r->row = msd_proto_find(name);
	if (r->row < 0)
		bad("no such responder", name);
	r->transport = !strcmp(tr, "tcp") ? MSD_TCP : MSD_UDP;
	r->seen = 0;
	build(&r->bytes, line + n);
}

/* Return: false when the rule does not fit the request. */
static bool spoil(const struct rule *r, struct search_input *x)
{
	u32 n = r->bytes.len, i;

	if (!strcmp(r->op, "add")) {
		add_bytes(x, r->bytes.data, n);
		return true;
	}
	if (!strcmp(r->op, "cut")) {
		x->len -= min(x->len, r->at);
		return x->len;
	}
	if (r->at + n > x->len)
		return false;
	for (i = 0; i < n; i++) {
		u8 *p = &x->data[r->at + i];
		u8 b = r->bytes.data[i];
		u8 was = *p;

		if (!strcmp(r->op, "or"))
			*p |= b;
		else if (!strcmp(r->op, "xor"))
			*p ^= b;
		else
			*p = b;
		if (n == 1 && *p == was)
			return false;
	}
	return true;
}

static bool draws_nothing(const struct rule *r, const struct vec *v,
			  struct search_input *x, struct search_said *said)
{
	struct search_question q = { .row = SEARCH_ALL, .family = 4,
				     .transport = r->transport };

	if (r->transport == MSD_TCP)
		q.offset = v->offset;
	return !search_ask(&q, x->data, x->len, said);
}

/* One rule over the vectors of a file. */
static void try_file(struct rule *r, const char *path)
{
	static struct search_said said;
	static struct search_input x;
	static struct vec v;
	struct vec_file vf;

	vec_open(&vf, path);
	while (vec_next(&vf, &v)) {
		if (v.result != MSD_ASK_ANSWER ||
		    !(v.transports & r->transport) ||
		    msd_proto_find(v.responder) != r->row ||
		    v.request.len > SEARCH_SIZE_MAX - r->bytes.len)
			continue;
		x.len = v.request.len;
		memcpy(x.data, v.request.data, x.len);
		if (!spoil(r, &x))
			continue;
		r->seen++;
		if (draws_nothing(r, &v, &x, &said))
			continue;
		judge(false, "%s %s: %s: answered by %s", v.responder,
		      transport_name(r->transport), r->why,
		      row_name(said.proto));
		printf("# %s:%d %s\n", v.path, v.line, v.name);
		show("message", x.data, x.len);
		r->seen = -1U;
		fclose(vf.f);
		return;
	}
}

void refusals(const char *path, int nfiles, char **files)
{
	FILE *f = open_list(path);
	static struct rule r;
	char *line;
	int i;

	while ((line = next_line(f))) {
		read_rule(line, &r);
		for (i = 0; i < nfiles && r.seen != -1U; i++)
			try_file(&r, files[i]);
		if (r.seen != -1U)
			judge(r.seen, "%s %s: %s: refused, %u vectors",
			      row_name(r.row), transport_name(r.transport),
			      r.why, r.seen);
	}
	fclose(f);
}

/*
 * Is the reply a request as well? In ssh and jdwp both sides begin alike; a
 * server of modbus repeats what it was told to write; an array of redis is a
 * command, if one that nobody has; what a server of socks chooses first is to
 * another an empty list.
 */
static bool symmetric(const struct vec *v)
{
	const char *name = v->responder;

	if (!strcmp(name, "modbus"))
		return v->reply.len == 12 || v->reply.len == 14;
	if (!strcmp(name, "socks"))
		return v->reply.len == 2 && !v->reply.data[1];
	if (!strcmp(name, "redis"))
		return v->reply.len && *v->reply.data == '*';
	return !strcmp(name, "ssh") || !strcmp(name, "jdwp");
}

/*
 * Over TCP a reply comes back from somebody who has a cookie of ours, so he is
 * the client; it comes first on its connection.
 */
void own_replies(int nfiles, char **files)
{
	struct search_question q = { .row = SEARCH_ALL, .back = true };
	static struct search_said said;
	static struct vec v;
	struct vec_file vf;
	u32 put = 0, drew;
	int i;

	for (q.transport = MSD_TCP; q.transport <= MSD_UDP; q.transport++) {
		for (i = 0, put = 0, drew = 0; i < nfiles; i++) {
			vec_open(&vf, files[i]);
			while (vec_next(&vf, &v)) {
				if (v.result != MSD_ASK_ANSWER)
					continue;
				q.family = put++ & 1 ? 6 : 4;
				if (symmetric(&v) ||
				    !search_ask(&q, v.reply.data, v.reply.len,
						&said))
					continue;
				drew++;
				printf("# %s:%d %s: %s answers the reply\n",
				       v.path, v.line, v.name,
				       row_name(said.proto));
			}
		}
		judge(!drew, "%u of %u of our replies answered over %s", drew,
		      put, transport_name(q.transport));
	}
}
