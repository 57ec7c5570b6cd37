// SPDX-License-Identifier: GPL-2.0-only
/* For selftest. A crash takes its suite along. */
#include <kunit/test.h>

static void crash(struct kunit *test)
{
	int *p = NULL;

	OPTIMIZER_HIDE_VAR(p);
	*p = 1;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(crash),
	{}
};

static struct kunit_suite suite = {
	.name = "msd_self_crash",
	.test_cases = cases,
};

kunit_test_suite(suite);
