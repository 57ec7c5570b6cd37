// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: cost count FILE…
 *        cost grow SECONDS FOLDER [-r RESPONDER] FILE.vec|FOLDER…
 *
 * count is run under callgrind: for each frame that counts its profile is
 * written, named FILE LEN, and report.awk makes the table of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <valgrind/callgrind.h>
#include "cost.h"

static char label[4096];

static void frame(bool begin, u32 len)
{
	char name[sizeof(label) + 32];

	if (begin) {
		CALLGRIND_ZERO_STATS;
		CALLGRIND_TOGGLE_COLLECT;
		return;
	}
	CALLGRIND_TOGGLE_COLLECT;
	snprintf(name, sizeof(name), "%s %u", label, len);
	CALLGRIND_DUMP_STATS_AT(name);
}

/* Its responder alone, then all of them: the dispatcher as it is used. */
static void count(const char *path)
{
	static struct cost_recipe r;
	const char *base = strrchr(path, '/');

	cost_read(path, &r);
	snprintf(label, sizeof(label), "%s %s %s", msd_responders[r.row]->name,
		 cost_how_name[r.how], base ? base + 1 : path);
	cost_send(&r, false, frame);
	snprintf(label, sizeof(label), "all %s %s", cost_how_name[r.how],
		 base ? base + 1 : path);
	cost_send(&r, true, frame);
}

int main(int argc, char **argv)
{
	const char *only = NULL;
	int i;

	if (argc < 3)
		return 2;
	search_init(argc > 3 ? getpid() : 1);
	cost_init();
	if (!strcmp(argv[1], "count")) {
		for (i = 2; i < argc; i++)
			count(argv[i]);
		return 0;
	}
	for (i = 4; i < argc; i++)
		if (!strcmp(argv[i], "-r") && i + 1 < argc)
			only = argv[++i];
		else
			search_load(argv[i]);
	cost_grow(argv[3], strtoul(argv[2], NULL, 10), only);
	return 0;
}
