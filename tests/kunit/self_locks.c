// SPDX-License-Identifier: GPL-2.0-only
/* For selftest. Two locks in two orders: lockdep. */
#include <kunit/test.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);

static void locks(struct kunit *test)
{
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
	mutex_lock(&b);
	mutex_lock(&a);
	mutex_unlock(&a);
	mutex_unlock(&b);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(locks),
	{}
};

static struct kunit_suite suite = {
	.name = "msd_self_locks",
	.test_cases = cases,
};

kunit_test_suite(suite);
