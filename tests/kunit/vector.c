// SPDX-License-Identifier: GPL-2.0-only
/* The checks of tests/unit/vecrun.c, one case a vector: see vector.h. */
#include "../unit/vecrun.h"
#include "vector.h"

static void fill(struct vec_bytes *to, const struct vector_bytes *from)
{
	to->set = from->set;
	to->len = from->len;
	memcpy(to->data, from->data, from->len);
}

void vector_check(struct kunit *test)
{
	const struct vector *v = test->param_value;
	static struct vec vec;

	strscpy(vec.name, v->name, sizeof(vec.name));
	strscpy(vec.responder, v->responder, sizeof(vec.responder));
	vec.path = v->path;
	vec.line = v->line;
	vec.offset = v->offset;
	vec.whole = v->whole;
	vec.port = v->port;
	vec.result = v->result;
	vec.transports = v->transports;
	vec.close = v->close;
	vec.pipelined = v->pipelined;
	fill(&vec.request, &v->request);
	fill(&vec.reply, &v->reply);
	fill(&vec.reply6, &v->reply6);
	KUNIT_EXPECT_TRUE(test, vec_run(&vec));
}

int vector_suite_init(struct kunit_suite *suite)
{
	vec_init();
	return 0;
}

const struct vector *vector_next(const struct vector *all, unsigned int n,
				 const struct vector *prev, char *desc)
{
	const struct vector *v = prev ? prev + 1 : all;

	if (v == all + n)
		return NULL;
	strscpy(desc, v->name, KUNIT_PARAM_DESC_SIZE);
	return v;
}
