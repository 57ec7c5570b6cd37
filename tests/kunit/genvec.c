// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the vectors of a file as a KUnit suite in C.
 *
 *   genvec FILE.vec > vec_NAME.c
 */
#include <stdio.h>
#include <stdlib.h>
#include "../unit/vecfile.h"

#define MOST 1024

static struct vec all[MOST];
static const struct vec_bytes none;

static void put_array(unsigned int n, const char *what,
		      const struct vec_bytes *b)
{
	u32 i;

	printf("static const u8 %s%u[] = {", what, n);
	for (i = 0; i < b->len; i++)
		printf("%s%u,", i % 16 ? "" : "\n\t", b->data[i]);
	printf("\n};\n\n");
}

static void put_arrays(const struct vec *v, unsigned int n)
{
	put_array(n, "request", &v->request);
	put_array(n, "reply", &v->reply);
	put_array(n, "reply6_", v->reply6.set ? &v->reply6 : &none);
}

static void put_string(const char *key, const char *s)
{
	printf("\t\t.%s = \"", key);
	for (; *s; s++)
		printf("%s%c", *s == '"' || *s == '\\' ? "\\" : "", *s);
	printf("\",\n");
}

static void put_bytes(unsigned int n, const char *key, const char *what,
		      const struct vec_bytes *b)
{
	printf("\t\t.%s = { %s%u, %u, %d },\n", key, what, n, b->len, b->set);
}

static void put_vector(const struct vec *v, unsigned int n)
{
	printf("\t{\n");
	put_string("name", v->name);
	put_string("path", v->path);
	put_string("responder", v->responder);
	printf("\t\t.line = %d, .offset = %uu, .whole = %uu, .port = %d,\n",
	       v->line, v->offset, v->whole, v->port);
	printf("\t\t.result = %d, .transports = %u, .close = %d,\n", v->result,
	       v->transports, v->close);
	printf("\t\t.pipelined = %d,\n", v->pipelined);
	put_bytes(n, "request", "request", &v->request);
	put_bytes(n, "reply", "reply", &v->reply);
	put_bytes(n, "reply6", "reply6_", &v->reply6);
	printf("\t},\n");
}

/* The file's base name without ".vec", up to @len bytes of the result. */
static const char *stem(const char *path, int *len)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	*len = strcspn(base, ".");
	return base;
}

int main(int argc, char **argv)
{
	unsigned int n = 0, i;
	struct vec_file vf;
	const char *name;
	int len;

	if (argc != 2) {
		fprintf(stderr, "usage: genvec FILE.vec\n");
		return 2;
	}
	vec_open(&vf, argv[1]);
	while (n < MOST && vec_next(&vf, &all[n]))
		n++;
	if (!n || n == MOST) {
		fprintf(stderr, "genvec: %s: %u vectors\n", argv[1], n);
		return 1;
	}
	name = stem(argv[1], &len);
	printf("#include \"../tests/kunit/vector.h\"\n\n");
	for (i = 0; i < n; i++)
		put_arrays(&all[i], i);
	printf("static const struct vector vectors[] = {\n");
	for (i = 0; i < n; i++)
		put_vector(&all[i], i);
	printf("};\n\nVECTOR_SUITE(%.*s, vectors);\n", len, name);
	return 0;
}
