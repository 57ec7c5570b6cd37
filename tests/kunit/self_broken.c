// SPDX-License-Identifier: GPL-2.0-only
/* For selftest. An expectation that is wrong. */
#include <kunit/test.h>

static void broken(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 1, 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(broken),
	{}
};

static struct kunit_suite suite = {
	.name = "msd_self_broken",
	.test_cases = cases,
};

kunit_test_suite(suite);
