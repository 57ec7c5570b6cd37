// SPDX-License-Identifier: GPL-2.0-only
/*
 * The search: for each responder and each way in, payloads are changed and the
 * dearest kept. What counts is the share of the bound, by basic blocks.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "cost.h"

/* Recipes that are changed further, and how many of the best are written. */
#define BEST 6
#define WRITTEN 1

static struct cost_recipe best[BEST], *seeds;
static double score[BEST];
static u32 nseeds;

static u64 at_begin, blocks;
static double units, dearest;

static void frame(bool begin, u32 len)
{
	if (begin) {
		at_begin = cost_blocks;
		return;
	}
	blocks += cost_blocks - at_begin;
	units += 4 + 64. * len / 1500;
	if (blocks / units > dearest)
		dearest = blocks / units;
}

static double judge(const struct cost_recipe *r)
{
	blocks = 0;
	units = 0;
	dearest = 0;
	cost_send(r, false, frame);
	return dearest;
}

/* Take @r in if it is among the best. */
static void consider(const struct cost_recipe *r)
{
	double s = judge(r);
	u32 i, least = 0;

	for (i = 0; i < BEST; i++) {
		if (score[i] == s)
			return;
		if (score[i] < score[least])
			least = i;
	}
	if (s <= score[least])
		return;
	score[least] = s;
	best[least] = *r;
}

static u32 dearest_of(void)
{
	u32 i, top = 0;

	for (i = 1; i < BEST; i++)
		if (score[i] > score[top])
			top = i;
	return top;
}

static void from_pool(u8 row, enum cost_how how)
{
	static struct cost_recipe r;
	u32 i;

	for (i = 0; i < search_pool(); i++) {
		const struct search_input *x = search_pick(i);

		r = (struct cost_recipe){ .row = row, .how = how, .n = 1 };
		r.part[0].count = 1;
		r.part[0].len = x->len;
		memcpy(r.part[0].data, x->data, x->len);
		consider(&r);
	}
	for (i = 0; i < nseeds; i++) {
		if (seeds[i].row != row)
			continue;
		r = seeds[i];
		r.how = how;
		consider(&r);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void climb(double seconds)
{
	static struct cost_recipe r;
	double end = now() + seconds;

	while (now() < end) {
		u32 i = search_below(4) ? search_below(BEST) : dearest_of();

		if (!best[i].n)
			continue;
		r = best[i];
		cost_mutate(&r);
		consider(&r);
	}
}

static void row(const char *folder, u8 row, enum cost_how how, double seconds)
{
	u32 i, top;

	memset(score, 0, sizeof(score));
	memset(best, 0, sizeof(best));
	from_pool(row, how);
	climb(seconds);
	for (i = 0; i < WRITTEN; i++) {
		top = dearest_of();
		if (!best[top].n)
			return;
		cost_write(folder, &best[top]);
		printf("# %s %s: %.0f blocks a unit of the bound\n",
		       msd_responders[row]->name, cost_how_name[how],
		       score[top]);
		fflush(stdout);
		score[top] = 0;
		best[top].n = 0;
	}
}

/* The corpus as it is. */
static void read_seeds(const char *folder)
{
	struct dirent **entries;
	char path[4096];
	int n = scandir(folder, &entries, NULL, alphasort), i;

	seeds = calloc(n > 0 ? n : 1, sizeof(*seeds));
	if (n < 0 || !seeds)
		return;
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder,
			 entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			cost_read(path, &seeds[nseeds++]);
		free(entries[i]);
	}
	free(entries);
}

static bool served(u8 row, enum cost_how how)
{
	u8 transport = how == COST_UDP ? MSD_UDP : MSD_TCP;

	return msd_responders[row]->transports & transport;
}

void cost_grow(const char *folder, u32 seconds, const char *only)
{
	u32 ways = 0, pass;
	enum cost_how how;
	u8 r;

	read_seeds(folder);
	for (pass = 0; pass < 2; pass++)
		for (r = 0; r < MSD_NPROTO; r++)
			for (how = 0; how < COST_HOWS; how++) {
				if (!served(r, how) ||
				    (only && strcmp(only, msd_responders[r]->name)))
					continue;
				if (!pass)
					ways++;
				else
					row(folder, r, how, (double)seconds / ways);
			}
}
