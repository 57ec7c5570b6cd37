// SPDX-License-Identifier: GPL-2.0-only
/* The least a request must have right, by hill climbing: see misread.h. */
#include <math.h>
#include <stdio.h>
#include <linux/minmax.h>
#include "misread.h"

/* Longer ones are only shortened until they fit. */
#define LONGEST 96
/* Values of a byte that are tried before it counts as free. */
#define PROBES 6

static struct search_question question = { .row = SEARCH_ALL, .family = 4 };
static u8 wanted;

static bool drawn(const struct search_input *x)
{
	static struct search_said said;

	return search_ask(&question, x->data, x->len, &said) &&
	       said.proto == wanted;
}

/* Values of byte @at that are answered, of 256. */
static u32 values(struct search_input *x, u32 at)
{
	u8 was = x->data[at];
	u32 i, hits = 0;

	for (i = 0; i < PROBES; i++) {
		x->data[at] = search_rnd();
		hits += drawn(x);
	}
	if (hits == PROBES) {
		x->data[at] = was;
		return 256;
	}
	for (i = 0, hits = 0; i < 256; i++) {
		x->data[at] = i;
		hits += drawn(x);
	}
	x->data[at] = was;
	return max(hits, 1U);
}

/*
 * Bits that a random payload of this length must have right: byte by byte, the
 * others held. Not exact where bytes depend on each other.
 */
static double bits(const struct search_input *x)
{
	static struct search_input y;
	double sum = 0;
	u32 at;

	y = *x;
	for (at = 0; at < y.len; at++)
		sum += 8 - log2(values(&y, at));
	return sum;
}

/* Exchange bytes at random for as long as it is answered. */
static void loosen(struct search_input *x)
{
	u32 n = x->len;

	while (n--) {
		u32 at = search_below(x->len);
		u8 was = x->data[at];

		x->data[at] = search_rnd();
		if (!drawn(x))
			x->data[at] = was;
	}
}

/* The pool's payloads that this responder answers, the shortest first. */
static bool begin(struct search_input *best, double *least)
{
	static struct search_input x;
	u32 i, tried = 0;

	best->len = 0;
	for (i = 0; i < search_pool() && tried < 40; i++) {
		x = *search_pick(i);
		if (x.len > LONGEST || !drawn(&x))
			continue;
		tried++;
		loosen(&x);
		if (best->len && bits(&x) >= *least)
			continue;
		*best = x;
		*least = bits(&x);
	}
	return best->len;
}

static void row(u32 steps)
{
	u32 bound = question.transport == MSD_TCP ? TCP_BOUND : UDP_BOUND;
	static struct search_input best, x;
	double least = 0, b;
	u32 i;

	if (!begin(&best, &least))
		return;
	for (i = 0; i < steps; i++) {
		u32 tries = 200;

		do {
			x = best;
			search_mutate(&x, LONGEST);
		} while (!drawn(&x) && --tries);
		if (!tries)
			continue;
		loosen(&x);
		b = bits(&x);
		if (b > least)
			continue;
		best = x;
		least = b;
	}
	judge(least >= log2(bound), "%s %-10s needs %5.1f bits right, %u bytes",
	      transport_name(question.transport), row_name(wanted), least,
	      best.len);
	show("such as", best.data, best.len);
}

void climb(u32 steps)
{
	u8 tr;

	for (tr = MSD_TCP; tr <= MSD_UDP; tr++)
		for (wanted = 0; wanted < MSD_NPROTO; wanted++) {
			question.transport = tr;
			if (msd_responders[wanted]->transports & tr)
				row(steps);
		}
}
