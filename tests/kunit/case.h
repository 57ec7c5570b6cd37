/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Unit tests as KUnit cases. What run/prepare makes of a file of tests/unit
 * includes this, then that file: TEST() is another here.
 */
#ifndef MSD_KUNIT_CASE_H
#define MSD_KUNIT_CASE_H

#include <kunit/test.h>
#include "../unit/unit.h"

/* Run a unit test; its failed checks are in the log, their number counts. */
void case_run(struct kunit *test, void (*fn)(void));

#undef TEST
#define TEST(ident)							\
	static void test_##ident(void);					\
	static void case_##ident(struct kunit *test)			\
	{								\
		case_run(test, test_##ident);				\
	}								\
	static void test_##ident(void)

#define CASE(ident) { .run_case = case_##ident, .name = #ident }

#endif /* MSD_KUNIT_CASE_H */
