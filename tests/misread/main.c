// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: misread [-s SEED] [-n RANDOM] [-c CLIMB] [-f FOREIGN] [-x CHANGES]
 *                FOLDER FILE.vec…
 *
 * FOLDER holds the lists foreign, replies, refused and shared.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "misread.h"

static u32 passed, failed;

bool judge(bool good, const char *fmt, ...)
{
	va_list ap;

	*(good ? &passed : &failed) += 1;
	printf("%s %u - ", good ? "ok" : "not ok", passed + failed);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	return good;
}

void show(const char *what, const u8 *data, u32 len)
{
	printf("# %s: ", what);
	search_hex(data, len, 160);
	printf("\n");
}

/**
 * struct options - how much of each
 * @seed: of all random numbers
 * @random: random payloads
 * @climb: steps a responder
 * @foreign: times each foreign message is put
 * @changes: random changes of each vector
 */
struct options {
	u64 seed;
	u64 random;
	u32 climb;
	u32 foreign;
	u32 changes;
};

static void read_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "s:n:c:f:x:")) >= 0) {
		u64 val = optarg ? strtoull(optarg, NULL, 0) : 0;

		switch (c) {
		case 's':
			o->seed = val;
			break;
		case 'n':
			o->random = val;
			break;
		case 'c':
			o->climb = val;
			break;
		case 'f':
			o->foreign = val;
			break;
		case 'x':
			o->changes = val;
			break;
		default:
			exit(2);
		}
	}
	if (argc - optind < 2) {
		fprintf(stderr, "misread: a folder and vector files are wanted\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct options o = { .seed = 1, .random = 200000, .climb = 30,
			     .foreign = 50, .changes = 200 };
	char path[4096], **files;
	const char *folder;
	int nfiles, i;

	read_options(argc, argv, &o);
	folder = argv[optind];
	files = argv + optind + 1;
	nfiles = argc - optind - 1;
	search_init(o.seed);
	for (i = 0; i < nfiles; i++)
		search_load(files[i]);
	random_payloads(o.random, o.seed);
	snprintf(path, sizeof(path), "%s/foreign", folder);
	foreign(path, o.foreign);
	snprintf(path, sizeof(path), "%s/replies", folder);
	foreign(path, o.foreign);
	own_replies(nfiles, files);
	snprintf(path, sizeof(path), "%s/refused", folder);
	refusals(path, nfiles, files);
	snprintf(path, sizeof(path), "%s/shared", folder);
	cross(path, o.changes, nfiles, files);
	climb(o.climb);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
