// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vector runner: puts every vector of the files named to msd_proto_ask() and
 * compares. What is checked of each is listed in tests/vectors/README. With -p
 * prints what came back instead, in the format of the files.
 */
#include <stdio.h>
#include <stdlib.h>
#include "env.h"
#include "vecrun.h"

static unsigned int passed, failed;

/* What came back, in the format of the files. */
static void print_side(const struct vec *v, const struct vec_side *s)
{
	static struct vec_outcome o;

	vec_ask(v, s, v->request.len, MSD_PAYLOAD_MAX, &o);
	printf("# %s over %s, IPv%u\n", v->name,
	       s->transport == MSD_TCP ? "tcp" : "udp", s->family);
	printf("result: %s\n", vec_result_name(o.ask));
	if (o.ask != MSD_ASK_ANSWER)
		return;
	printf("responder: %s\n", vec_proto_name(o.proto));
	vec_print_bytes(s->family == 6 ? "reply6" : "reply", o.reply, o.len);
	if (o.close)
		printf("close: yes\n");
	if (o.port != ENV_OWN_PORT)
		printf("port: %u\n", o.port);
}

static void run_vector(const struct vec *v)
{
	bool ok = vec_run(v);

	vec_cut(v);
	passed += ok;
	failed += !ok;
	printf("%sok %u - %s: %s\n", ok ? "" : "not ", passed + failed, v->path,
	       v->name);
}

static void run_file(const char *path, bool print)
{
	static struct vec v;
	struct vec_file vf;

	vec_open(&vf, path);
	while (vec_next(&vf, &v))
		if (print)
			vec_each_side(&v, print_side);
		else
			run_vector(&v);
}

int main(int argc, char **argv)
{
	bool print = argc > 1 && !strcmp(argv[1], "-p");
	int i;

	if (argc < 2 + print) {
		fprintf(stderr, "usage: vectors [-p] FILE...\n");
		return 2;
	}
	vec_init();
	if (!print)
		printf("TAP version 14\n");
	for (i = 1 + print; i < argc; i++)
		run_file(argv[i], print);
	if (print)
		return EXIT_SUCCESS;
	printf("1..%u\n%u passed, %u failed\n", passed + failed, passed, failed);
	return failed || !passed ? EXIT_FAILURE : EXIT_SUCCESS;
}
