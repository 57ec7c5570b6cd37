// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of ranges made sets: long ones, which are sorted in runs and merged, in
 * the worst order there is. KASAN watches the arrays.
 */
#include "rig.h"

/* More than two runs of kmod/ranges.c, and not a multiple of one. */
#define MANY 40001

/* The nth of addresses four apart. */
static u32 addr4(u32 n)
{
	return 0x0a000000 + 4 * n;
}

static struct msd_u128 addr6(u32 n)
{
	return (struct msd_u128){ 0x20010db800000000, 4 * n };
}

static struct msd_ranges *seal(struct kunit *test, struct msd_ranges *old,
			       struct msd_draft *l)
{
	struct msd_ranges *set = NULL;

	KUNIT_EXPECT_EQ(test, msd_ranges_seal(old, l, &set), 0);
	KUNIT_EXPECT_PTR_EQ(test, (void *)l->r4, NULL);
	return set;
}

static void add(struct kunit *test, struct msd_draft *l, u32 n)
{
	struct msd_range4 r4 = { addr4(n), addr4(n) };
	struct msd_range6 r6 = { addr6(n), addr6(n) };

	KUNIT_ASSERT_EQ(test, msd_draft_add4(l, &r4), 0);
	KUNIT_ASSERT_EQ(test, msd_draft_add6(l, &r6), 0);
}

static void expect_all(struct kunit *test, const struct msd_addrset *set, u32 n)
{
	u32 i, bad = 0;

	KUNIT_ASSERT_EQ(test, set->n4, n);
	KUNIT_ASSERT_EQ(test, set->n6, n);
	for (i = 0; i < n; i++)
		bad += set->r4[i].first != addr4(i) ||
		       set->r4[i].last != addr4(i) ||
		       set->r6[i].first.lo != addr6(i).lo ||
		       set->r6[i].last.lo != addr6(i).lo;
	KUNIT_EXPECT_EQ(test, bad, 0u);
}

/* Backwards, every one out of place. */
static void backwards(struct kunit *test)
{
	struct msd_draft l = {};
	struct msd_ranges *set;
	u32 i;

	for (i = MANY; i--;)
		add(test, &l, i);
	set = seal(test, NULL, &l);
	KUNIT_ASSERT_NOT_NULL(test, set);
	expect_all(test, &set->set, MANY);
	msd_ranges_put(set);
}

/* Even ones are in the set; odd ones come, and even ones once more. */
static void between(struct kunit *test)
{
	struct msd_ranges *old, *set;
	struct msd_draft l = {};
	u32 i;

	for (i = 0; i < MANY; i += 2)
		add(test, &l, i);
	old = seal(test, NULL, &l);
	KUNIT_ASSERT_NOT_NULL(test, old);
	for (i = 0; i < MANY; i++)
		add(test, &l, i);
	set = seal(test, old, &l);
	KUNIT_ASSERT_NOT_NULL(test, set);
	expect_all(test, &set->set, MANY);
	KUNIT_EXPECT_EQ(test, old->set.n4, MANY / 2u + 1);
	msd_ranges_put(set);
	msd_ranges_put(old);
}

/* Neighbours and overlaps become one. */
static void joined(struct kunit *test)
{
	struct msd_draft l = {};
	struct msd_ranges *set;
	u32 i;

	for (i = MANY; i--;) {
		struct msd_range4 r = { addr4(i), addr4(i) + 3 + i % 3 };

		KUNIT_ASSERT_EQ(test, msd_draft_add4(&l, &r), 0);
	}
	set = seal(test, NULL, &l);
	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_EXPECT_EQ(test, set->set.n4, 1u);
	KUNIT_EXPECT_EQ(test, set->set.r4[0].first, addr4(0));
	KUNIT_EXPECT_GE(test, set->set.r4[0].last, addr4(MANY) - 1);
	msd_ranges_put(set);
}

static void nothing(struct kunit *test)
{
	struct msd_draft l = {};

	KUNIT_EXPECT_PTR_EQ(test, (void *)seal(test, NULL, &l), NULL);
	msd_ranges_put(NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(backwards),
	KUNIT_CASE(between),
	KUNIT_CASE(joined),
	KUNIT_CASE(nothing),
	{}
};

static struct kunit_suite suite = {
	.name = "msd_ranges",
	.test_cases = cases,
};

kunit_test_suite(suite);
