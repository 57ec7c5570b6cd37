/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Vectors as KUnit parameters. tests/kunit/genvec writes a file of these for
 * each file of tests/vectors.
 */
#ifndef MSD_KUNIT_VECTOR_H
#define MSD_KUNIT_VECTOR_H

#include <kunit/test.h>
#include "../unit/vecfile.h"

/**
 * struct vector_bytes - a byte string of a vector
 * @data: the bytes
 * @len: how many
 * @set: the key was there
 */
struct vector_bytes {
	const u8 *data;
	u32 len;
	bool set;
};

/**
 * struct vector - what struct vec says, without its room
 * @name: see struct vec
 * @path: likewise
 * @responder: likewise
 * @line: likewise
 * @offset: likewise
 * @whole: likewise
 * @port: likewise
 * @result: likewise
 * @transports: likewise
 * @close: likewise
 * @pipelined: likewise
 * @request: likewise
 * @reply: likewise
 * @reply6: likewise
 */
struct vector {
	const char *name;
	const char *path;
	const char *responder;
	int line;
	u32 offset;
	u32 whole;
	int port;
	enum msd_ask result;
	u8 transports;
	bool close;
	bool pipelined;
	struct vector_bytes request;
	struct vector_bytes reply;
	struct vector_bytes reply6;
};

int vector_suite_init(struct kunit_suite *suite);
void vector_check(struct kunit *test);

/**
 * vector_next() - what follows a vector
 * @all: the vectors of a file
 * @n: their number
 * @prev: a vector; NULL: the first is wanted
 * @desc: receives its name
 *
 * Return: the vector, or NULL after the last.
 */
const struct vector *vector_next(const struct vector *all, unsigned int n,
				 const struct vector *prev, char *desc);

/* The suite of one file: @ident_ is its name, @all its vectors. */
#define VECTOR_SUITE(ident_, all)					\
	static const void *next_param(const void *prev, char *desc)	\
	{								\
		return vector_next(all, ARRAY_SIZE(all), prev, desc);	\
	}								\
	static struct kunit_case vector_cases[] = {			\
		KUNIT_CASE_PARAM(vector_check, next_param),		\
		{}							\
	};								\
	static struct kunit_suite vector_suite = {			\
		.name = "msd_" #ident_,					\
		.suite_init = vector_suite_init,			\
		.test_cases = vector_cases,				\
	};								\
	kunit_test_suite(vector_suite)

#endif /* MSD_KUNIT_VECTOR_H */
