// SPDX-License-Identifier: GPL-2.0-only
/* For selftest. An allocation nobody frees: kmemleak. */
#include <kunit/test.h>
#include <linux/slab.h>

static void leak(struct kunit *test)
{
	u8 *p = kmalloc(77, GFP_KERNEL);

	KUNIT_EXPECT_NOT_NULL(test, p);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(leak),
	{}
};

static struct kunit_suite suite = {
	.name = "msd_self_leak",
	.test_cases = cases,
};

kunit_test_suite(suite);
