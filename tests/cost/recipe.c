// SPDX-License-Identifier: GPL-2.0-only
/* Recipes: files, the payload they make, and how they are changed. */
#include <stdio.h>
#include <stdlib.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include "cost.h"

const char *const cost_how_name[COST_HOWS] = {
	"udp", "tcp", "merged", "kept"
};

static const u32 most[COST_HOWS] = {
	UDP_MOST, TCP_MOST, MERGED_MOST, KEPT + KEPT_SEGMENTS
};

static void __noreturn bad(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(2);
}

/* "COUNT HEX" */
static void read_part(const char *path, const char *line, struct cost_part *p)
{
	unsigned int byte;
	char *end;

	p->count = strtoul(line, &end, 10);
	for (p->len = 0, end++; p->len < sizeof(p->data); end += 2) {
		if (sscanf(end, "%2x", &byte) != 1)
			break;
		p->data[p->len++] = byte;
	}
	if (!p->count || !p->len)
		bad(path, "a line is not \"COUNT HEX\"");
}

void cost_read(const char *path, struct cost_recipe *r)
{
	char line[2 * UDP_MOST + 64], name[32] = "", how[32] = "";
	FILE *f = fopen(path, "r");
	int row;

	if (!f)
		bad(path, "cannot be opened");
	r->n = 0;
	while (fgets(line, sizeof(line), f)) {
		if (*line == '#')
			continue;
		if (!*name) {
			if (sscanf(line, "%31s %31s", name, how) != 2)
				bad(path, "no \"RESPONDER WAY\"");
			continue;
		}
		if (r->n == PARTS)
			bad(path, "too many parts");
		read_part(path, line, &r->part[r->n++]);
	}
	fclose(f);
	row = msd_proto_find(name);
	if (row < 0)
		bad(path, "no such responder");
	r->row = row;
	for (r->how = 0; r->how < COST_HOWS; r->how++)
		if (!strcmp(how, cost_how_name[r->how]))
			return;
	bad(path, "no such way");
}

static u32 digest(const struct cost_recipe *r)
{
	u32 sum = 2166136261u, i, k;

	for (i = 0; i < r->n; i++) {
		sum = (sum ^ r->part[i].count) * 16777619u;
		for (k = 0; k < r->part[i].len; k++)
			sum = (sum ^ r->part[i].data[k]) * 16777619u;
	}
	return sum;
}

void cost_write(const char *folder, const struct cost_recipe *r)
{
	const char *name = msd_responders[r->row]->name;
	char path[4096];
	u32 i, k;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s-%s-%08x", folder, name,
		 cost_how_name[r->how], digest(r));
	f = fopen(path, "w");
	if (!f)
		bad(path, "cannot be written");
	fprintf(f, "# SPDX%cLicense-Identifier: GPL-2.0-only\n%s %s\n", '-',
		name, cost_how_name[r->how]);
	for (i = 0; i < r->n; i++) {
		fprintf(f, "%u ", r->part[i].count);
		for (k = 0; k < r->part[i].len; k++)
			fprintf(f, "%02x", r->part[i].data[k]);
		fprintf(f, "\n");
	}
	fclose(f);
}

u32 cost_expand(const struct cost_recipe *r, u8 *to)
{
	u32 room = most[r->how], len = 0, i, k;

	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->part[i].count && len < room; k++) {
			u32 n = min(r->part[i].len, room - len);

			memcpy(to + len, r->part[i].data, n);
			len += n;
		}
	return len;
}

/* Room for @n parts at @at. */
static bool make_room(struct cost_recipe *r, u32 at, u32 n)
{
	if (r->n + n > PARTS)
		return false;
	memmove(&r->part[at + n], &r->part[at],
		(r->n - at) * sizeof(*r->part));
	r->n += n;
	return true;
}

static u32 any_count(const struct cost_recipe *r)
{
	u32 limit = r->how == COST_MERGED ? 16 : 11;

	return 1 + search_below(1U << search_below(limit));
}

/* Part @at becomes what is in front of some bytes, these repeated, the rest. */
static void split(struct cost_recipe *r, u32 at)
{
	struct cost_part *p = &r->part[at];
	u32 from, n;

	if (p->len < 3 || p->count != 1 || !make_room(r, at, 2))
		return;
	from = 1 + search_below(p->len - 2);
	n = 1 + search_below(min(p->len - from - 1, 32U));
	p[0].len = from;
	p[1].len = n;
	memmove(p[1].data, p[2].data + from, n);
	p[1].count = any_count(r);
	p[2].len -= from + n;
	memmove(p[2].data, p[2].data + from + n, p[2].len);
}

/* A few bytes of some payload, repeated, in front of part @at. */
static void add_part(struct cost_recipe *r, u32 at)
{
	const struct search_input *x = search_pick(search_below(search_pool()));
	u32 from = search_below(x->len);
	struct cost_part *p = &r->part[at];

	if (!make_room(r, at, 1))
		return;
	p->len = 1 + search_below(min(x->len - from, 24U));
	memcpy(p->data, x->data + from, p->len);
	p->count = any_count(r);
}

static void drop_part(struct cost_recipe *r, u32 at)
{
	if (r->n == 1)
		return;
	r->n--;
	memmove(&r->part[at], &r->part[at + 1],
		(r->n - at) * sizeof(*r->part));
}

static void change_bytes(struct cost_part *p)
{
	static struct search_input x;

	x.len = p->len;
	memcpy(x.data, p->data, p->len);
	search_mutate(&x, UDP_MOST);
	p->len = x.len;
	memcpy(p->data, x.data, x.len);
}

static void change(struct cost_recipe *r)
{
	u32 at = search_below(r->n);

	switch (search_below(8)) {
	case 0:
		split(r, at);
		break;
	case 1:
		add_part(r, at);
		break;
	case 2:
		drop_part(r, at);
		break;
	case 3:
		r->part[at].count = any_count(r);
		break;
	case 4:
		if (r->part[at].count > 1)
			r->part[at].count *= 2;
		break;
	default:
		change_bytes(&r->part[at]);
	}
}

void cost_mutate(struct cost_recipe *r)
{
	u32 n = 1 + search_below(3);

	while (n--)
		change(r);
}
