// SPDX-License-Identifier: GPL-2.0-only
/* Random payloads of every size, put by two processes: see misread.h. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/minmax.h>
#include "misread.h"

#define WORKERS 2
#define TRANSPORTS 2

static const u32 sizes[CLASSES + 1] = { 1, 17, 65, 257, SEARCH_SIZE_MAX + 1 };

/**
 * struct tally - what one process saw
 * @asked: payloads by transport and class
 * @drew: answers by row, transport and class
 * @first: the first payload that drew an answer of a row
 */
struct tally {
	u64 asked[TRANSPORTS][CLASSES];
	u64 drew[MSD_NPROTO][TRANSPORTS][CLASSES];
	struct search_input first[MSD_NPROTO][TRANSPORTS];
};

/* Half of the segments come first, the others after so much of ours. */
static u32 offset_of(u32 any)
{
	if (any & 1)
		return 0;
	return any & 2 ? 1 + search_below(64) : search_below(32768);
}

static void one(struct tally *t)
{
	static struct search_input x;
	static struct search_said said;
	u32 any = search_rnd(), class = any >> 8 & (CLASSES - 1);
	struct search_question q = {
		.row = SEARCH_ALL,
		.transport = any & 4 ? MSD_TCP : MSD_UDP,
		.family = any & 8 ? 6 : 4,
	};
	u32 tr = q.transport - 1;

	if (q.transport == MSD_TCP)
		q.offset = offset_of(any);
	x.len = sizes[class] + search_below(sizes[class + 1] - sizes[class]);
	search_fill(x.data, x.len);
	t->asked[tr][class]++;
	if (!search_ask(&q, x.data, x.len, &said))
		return;
	if (!t->first[said.proto][tr].len)
		t->first[said.proto][tr] = x;
	t->drew[said.proto][tr][class]++;
}

static struct tally *ask_all(u64 n, u64 seed)
{
	struct tally *t = mmap(NULL, WORKERS * sizeof(*t),
			       PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int w, status;
	u64 i;

	if (t == MAP_FAILED)
		abort();
	fflush(stdout);
	for (w = 0; w < WORKERS; w++) {
		if (fork())
			continue;
		search_seed(seed * WORKERS + w);
		for (i = 0; i < n / WORKERS; i++)
			one(&t[w]);
		_exit(0);
	}
	for (w = 0; w < WORKERS; w++)
		if (wait(&status) < 0 || status)
			abort();
	return t;
}

static void add(struct tally *to, const struct tally *from)
{
	u32 row, tr, class;

	for (tr = 0; tr < TRANSPORTS; tr++)
		for (class = 0; class < CLASSES; class++)
			to->asked[tr][class] += from->asked[tr][class];
	for (row = 0; row < MSD_NPROTO; row++)
		for (tr = 0; tr < TRANSPORTS; tr++) {
			for (class = 0; class < CLASSES; class++)
				to->drew[row][tr][class] +=
					from->drew[row][tr][class];
			if (!to->first[row][tr].len)
				to->first[row][tr] = from->first[row][tr];
		}
}

/* One answer alone proves nothing in a short run. */
static bool within(const struct tally *t, u32 row, u32 tr)
{
	u64 bound = tr + 1 == MSD_TCP ? TCP_BOUND : UDP_BOUND;
	u32 class;

	for (class = 0; class < CLASSES; class++)
		if (t->drew[row][tr][class] >
		    max(t->asked[tr][class] / bound, (u64)1))
			return false;
	return true;
}

static void print_sizes(const struct tally *t)
{
	u32 tr, class;

	for (tr = 0; tr < TRANSPORTS; tr++) {
		printf("# random %s:", transport_name(tr + 1));
		for (class = 0; class < CLASSES; class++)
			printf(" %llu of %u to %u bytes%s",
			       (unsigned long long)t->asked[tr][class],
			       sizes[class], sizes[class + 1] - 1,
			       class + 1 < CLASSES ? "," : "\n");
	}
}

void random_payloads(u64 n, u64 seed)
{
	struct tally *t = ask_all(n, seed);
	u32 row, tr;

	add(&t[0], &t[1]);
	print_sizes(t);
	for (row = 0; row < MSD_NPROTO; row++)
		for (tr = 0; tr < TRANSPORTS; tr++) {
			const u64 *drew = t->drew[row][tr];

			if (!(msd_responders[row]->transports & (tr + 1)))
				continue;
			judge(within(t, row, tr),
			      "random %s %-10s answers %llu %llu %llu %llu",
			      transport_name(tr + 1), row_name(row),
			      (unsigned long long)drew[0],
			      (unsigned long long)drew[1],
			      (unsigned long long)drew[2],
			      (unsigned long long)drew[3]);
			if (t->first[row][tr].len)
				show("such as", t->first[row][tr].data,
				     t->first[row][tr].len);
		}
	munmap(t, WORKERS * sizeof(*t));
}
