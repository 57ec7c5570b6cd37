// SPDX-License-Identifier: GPL-2.0-only
/* All vectors against all responders, and their free fields swept. */
#include <stdio.h>
#include <stdlib.h>
#include <linux/minmax.h>
#include "misread.h"

/* Bytes from the front of which every value is tried. */
#define SWEPT 64

/**
 * struct pair - two responders, and what became of requests of the first
 * @shared: the list says that the second may answer them
 * @count: answers that were wrong
 * @input: the first such payload
 * @name: its vector
 */
struct pair {
	bool shared;
	u32 count;
	struct search_input input;
	char name[VEC_NAME_MAX];
};

/* By owner and other; the last other stands for nobody. */
static struct pair alone[MSD_NPROTO][MSD_NPROTO];
static struct pair swept[MSD_NPROTO][MSD_NPROTO + 1];
static u32 asked[MSD_NPROTO];

static void read_shared(const char *path)
{
	char line[1024], a[32], b[32];
	FILE *f = fopen(path, "r");
	int own, other;

	if (!f) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f)) {
		if (*line == '#' || *line == '\n')
			continue;
		own = sscanf(line, "%31s %31s", a, b) == 2 ?
			msd_proto_find(a) : -1;
		other = own < 0 ? -1 : msd_proto_find(b);
		if (own >= 0 && !strcmp(b, "nobody")) {
			swept[own][MSD_NPROTO].shared = true;
			continue;
		}
		if (other < 0) {
			fprintf(stderr, "%s: no such pair: %s", path, line);
			exit(2);
		}
		alone[own][other].shared = true;
		swept[own][other].shared = true;
	}
	fclose(f);
}

static void note(struct pair *p, const struct search_input *x, const char *name)
{
	if (p->count++)
		return;
	p->input = *x;
	strcpy(p->name, name);
}

static void others(const struct search_question *q, u8 own,
		   const struct search_input *x, const char *name)
{
	static struct search_said said;
	struct search_question one = *q;

	for (one.row = 0; one.row < MSD_NPROTO; one.row++)
		if (one.row != own &&
		    search_ask(&one, x->data, x->len, &said))
			note(&alone[own][one.row], x, name);
}

/* What its own responder answers alone it answers among all. */
static void changed(const struct search_question *q, u8 own,
		    const struct search_input *x, const char *name)
{
	static struct search_said said, all;
	struct search_question one = *q;

	one.row = own;
	if (!search_ask(&one, x->data, x->len, &said))
		return;
	asked[own]++;
	search_ask(q, x->data, x->len, &all);
	if (all.proto != own)
		note(&swept[own][min_t(u32, all.proto, MSD_NPROTO)], x, name);
}

static void sweep(const struct search_question *q, u8 own,
		  const struct search_input *x, const char *name, u32 n)
{
	static struct search_input y;
	u32 at, i;

	for (at = 0; at < min_t(u32, x->len, SWEPT); at++)
		for (i = 0; i < 256; i += n < 1000 ? 5 : 1) {
			y = *x;
			y.data[at] += i;
			changed(q, own, &y, name);
		}
	for (i = 0; i < n; i++) {
		y = *x;
		search_mutate(&y, SEARCH_SIZE_MAX);
		changed(q, own, &y, name);
	}
}

static void vector(const struct vec *v, u32 n)
{
	struct search_question q = { .row = SEARCH_ALL, .family = 4 };
	static struct search_input x;
	int own = msd_proto_find(v->responder);

	if (v->result != MSD_ASK_ANSWER || own < 0 ||
	    v->request.len > SEARCH_SIZE_MAX)
		return;
	x.len = v->request.len;
	memcpy(x.data, v->request.data, x.len);
	for (q.transport = MSD_TCP; q.transport <= MSD_UDP; q.transport++) {
		if (!(v->transports & q.transport))
			continue;
		q.offset = q.transport == MSD_TCP ? v->offset : 0;
		others(&q, own, &x, v->name);
		sweep(&q, own, &x, v->name, n);
	}
}

static u32 complain(const struct pair *p, u8 own, u32 other, const char *how)
{
	if (!p->count || p->shared)
		return 0;
	printf("# %s %s %u requests of %s, such as of \"%s\"\n",
	       row_name(other), how, p->count, row_name(own), p->name);
	show("request", p->input.data, p->input.len);
	return p->count;
}

void cross(const char *path, u32 n, int nfiles, char **files)
{
	static struct vec v;
	struct vec_file vf;
	u32 own, other, bad;
	int i;

	read_shared(path);
	for (i = 0; i < nfiles; i++) {
		vec_open(&vf, files[i]);
		while (vec_next(&vf, &v))
			vector(&v, n);
	}
	for (own = 0; own < MSD_NPROTO; own++) {
		for (other = 0, bad = 0; other < MSD_NPROTO; other++)
			bad += complain(&alone[own][other], own, other,
					"answers alone");
		judge(!bad, "vectors of %s put to each other responder",
		      row_name(own));
		for (other = 0, bad = 0; other <= MSD_NPROTO; other++)
			bad += complain(&swept[own][other], own, other,
					"is first at");
		judge(!bad, "requests of %s with free fields changed, %u",
		      row_name(own), asked[own]);
	}
}
