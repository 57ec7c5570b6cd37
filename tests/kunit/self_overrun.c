// SPDX-License-Identifier: GPL-2.0-only
/* For selftest. A byte too far: KASAN. */
#include <kunit/test.h>
#include <linux/slab.h>

static void overrun(struct kunit *test)
{
	u8 *p = kmalloc(13, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	OPTIMIZER_HIDE_VAR(p);
	p[13] = 1;
	kfree(p);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(overrun),
	{}
};

static struct kunit_suite suite = {
	.name = "msd_self_overrun",
	.test_cases = cases,
};

kunit_test_suite(suite);
