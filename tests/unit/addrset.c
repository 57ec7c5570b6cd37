// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address sets against a slow obvious twin: the ranges as they were given,
 * searched one by one.
 */
#include <linux/kernel.h>
#include <stdlib.h>
#include "../../kmod/core/core.h"
#include "unit.h"

#define MANY 150000

static struct msd_u128 u128(u64 hi, u64 lo)
{
	return (struct msd_u128){ hi, lo };
}

static int compare(struct msd_u128 a, struct msd_u128 b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

static struct msd_u128 add(struct msd_u128 a, u64 n)
{
	a.lo += n;
	a.hi += a.lo < n;
	return a;
}

static bool in4(const struct msd_addrset *set, u32 addr)
{
	__be32 wire = htonl(addr);

	return msd_addrset_has(set, 4, &wire);
}

static bool has4(const struct msd_range4 *r, u32 n, u32 addr)
{
	struct msd_addrset set = { .r4 = r, .n4 = n };

	msd_addrset_seal(&set);
	return in4(&set, addr);
}

static bool has6(const struct msd_range6 *r, u32 n, struct msd_u128 addr)
{
	struct msd_addrset set = { .r6 = r, .n6 = n };
	u8 wire[17];

	put_unaligned_be64(addr.hi, wire + 1);
	put_unaligned_be64(addr.lo, wire + 9);
	return msd_addrset_has(&set, 6, wire + 1);
}

static bool slow4(const struct msd_range4 *r, u32 n, u32 addr)
{
	while (n--)
		if (r[n].first <= addr && addr <= r[n].last)
			return true;
	return false;
}

static bool slow6(const struct msd_range6 *r, u32 n, struct msd_u128 addr)
{
	while (n--)
		if (compare(r[n].first, addr) <= 0 &&
		    compare(addr, r[n].last) <= 0)
			return true;
	return false;
}

/* Sorted, disjoint, and a gap between any two. */
static void check_normal4(const struct msd_range4 *r, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		CHECK(r[i].first <= r[i].last);
	for (i = 1; i < n; i++)
		CHECK(r[i].first > r[i - 1].last &&
		      r[i].first - r[i - 1].last > 1);
}

static void check_normal6(const struct msd_range6 *r, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++)
		CHECK(compare(r[i].first, r[i].last) <= 0);
	for (i = 1; i < n; i++)
		CHECK(compare(r[i].first, add(r[i - 1].last, 1)) > 0);
}

TEST(empty)
{
	struct msd_addrset set = {};
	u8 addr[16] = {};

	CHECK(msd_addrset_empty(&set));
	CHECK(!msd_addrset_has(&set, 4, addr));
	CHECK(!msd_addrset_has(&set, 6, addr));
	CHECK_EQ(msd_ranges4_normalise(NULL, 0), 0);
	CHECK_EQ(msd_ranges6_normalise(NULL, 0), 0);
}

/* The other family's ranges do not matter. */
TEST(one_family_only)
{
	struct msd_range4 r4 = { 0, 0xffffffff };
	struct msd_range6 r6 = { u128(0, 0), u128(~0ULL, ~0ULL) };
	struct msd_addrset set = { .r4 = &r4, .n4 = 1 };
	u8 addr[16] = {};

	msd_addrset_seal(&set);
	CHECK(!msd_addrset_empty(&set));
	CHECK(!msd_addrset_has(&set, 6, addr));
	set = (struct msd_addrset){ .r6 = &r6, .n6 = 1 };
	CHECK(!msd_addrset_empty(&set));
	CHECK(!msd_addrset_has(&set, 4, addr));
}

TEST(edges4)
{
	struct msd_range4 r[] = { { 0xffffffff, 0xffffffff }, { 0, 0 },
				  { 0x7fffffff, 0x80000000 } };

	CHECK_EQ(msd_ranges4_normalise(r, 3), 3);
	CHECK(has4(r, 3, 0));
	CHECK(!has4(r, 3, 1));
	CHECK(!has4(r, 3, 0x7ffffffe));
	CHECK(has4(r, 3, 0x7fffffff));
	CHECK(has4(r, 3, 0x80000000));
	CHECK(!has4(r, 3, 0x80000001));
	CHECK(!has4(r, 3, 0xfffffffe));
	CHECK(has4(r, 3, 0xffffffff));
}

TEST(edges6)
{
	struct msd_u128 all = u128(~0ULL, ~0ULL);
	struct msd_range6 r[] = {
		{ all, all }, { u128(0, 0), u128(0, 0) },
		{ u128(7, ~0ULL), u128(8, 0) },
	};

	CHECK_EQ(msd_ranges6_normalise(r, 3), 3);
	CHECK(has6(r, 3, u128(0, 0)));
	CHECK(!has6(r, 3, u128(0, 1)));
	CHECK(!has6(r, 3, u128(7, ~0ULL - 1)));
	CHECK(has6(r, 3, u128(7, ~0ULL)));
	CHECK(has6(r, 3, u128(8, 0)));
	CHECK(!has6(r, 3, u128(8, 1)));
	CHECK(!has6(r, 3, u128(~0ULL, ~0ULL - 1)));
	CHECK(has6(r, 3, all));
}

/* The last address has no successor: nothing may wrap to the first. */
TEST(no_wrap)
{
	struct msd_range4 r4[] = { { 0xfffffff0, 0xffffffff }, { 0, 5 },
				   { 0xfffffff8, 0xffffffff } };
	struct msd_u128 all = u128(~0ULL, ~0ULL);
	struct msd_range6 r6[] = { { u128(~0ULL, 0), all },
				   { u128(0, 0), u128(0, 5) },
				   { u128(~0ULL, 9), all } };

	CHECK_EQ(msd_ranges4_normalise(r4, 3), 2);
	CHECK(!has4(r4, 2, 6));
	CHECK(has4(r4, 2, 0xffffffff));
	CHECK_EQ(msd_ranges6_normalise(r6, 3), 2);
	CHECK(!has6(r6, 2, u128(0, 6)));
	CHECK(has6(r6, 2, all));
}

TEST(merging4)
{
	struct msd_range4 r[] = { { 10, 20 }, { 21, 30 }, { 15, 17 },
				  { 32, 40 }, { 10, 12 }, { 39, 50 } };

	CHECK_EQ(msd_ranges4_normalise(r, 6), 2);
	CHECK_EQ(r[0].first, 10);
	CHECK_EQ(r[0].last, 30);
	CHECK_EQ(r[1].first, 32);
	CHECK_EQ(r[1].last, 50);
}

/* Adjacent across the middle of the address. */
TEST(merging6)
{
	struct msd_range6 r[] = { { u128(1, 0), u128(1, 9) },
				  { u128(0, 5), u128(0, ~0ULL) },
				  { u128(1, 11), u128(2, 0) } };

	CHECK_EQ(msd_ranges6_normalise(r, 3), 2);
	CHECK_EQ(r[0].first.lo, 5);
	CHECK_EQ(r[0].last.hi, 1);
	CHECK_EQ(r[0].last.lo, 9);
	CHECK_EQ(r[1].first.lo, 11);
}

/* A dense little world, where everything touches everything. */
static void twin4(u32 n)
{
	struct msd_range4 given[64], r[64];
	u32 base = unit_below(2) ? 0 : 0xffffff00, i, a;

	for (i = 0; i < n; i++) {
		u32 first = unit_below(256), len = unit_below(16);

		given[i].first = base + first;
		given[i].last = base + (first + len > 255 ? 255 : first + len);
	}
	memcpy(r, given, sizeof(r));
	i = msd_ranges4_normalise(r, n);
	check_normal4(r, i);
	for (a = 0; a < 256; a++)
		CHECK_EQ(has4(r, i, base + a), slow4(given, n, base + a));
	CHECK_EQ(has4(r, i, base - 1), slow4(given, n, base - 1));
	CHECK_EQ(has4(r, i, base + 256), slow4(given, n, base + 256));
}

/* Ranges of all widths over the whole space: the octets are right. */
static void twin4_wide(u32 n)
{
	struct msd_range4 given[64] = {}, r[64];
	u32 i, j, len;

	for (i = 0; i < n; i++) {
		given[i].first = unit_random();
		len = unit_random() >> (4 + unit_below(28));
		given[i].last = given[i].first + len < given[i].first ?
				0xffffffff : given[i].first + len;
	}
	memcpy(r, given, sizeof(r));
	j = msd_ranges4_normalise(r, n);
	for (i = 0; i < n; i++) {
		u32 edge[] = { given[i].first - 1, given[i].first,
			       given[i].last, given[i].last + 1,
			       unit_random() };

		for (len = 0; len < ARRAY_SIZE(edge); len++)
			CHECK_EQ(has4(r, j, edge[len]),
				 slow4(given, n, edge[len]));
	}
}

TEST(twin4_wide)
{
	int round;

	for (round = 0; round < 2000 && !unit_failures(); round++)
		twin4_wide(unit_below(65));
}

TEST(twin4)
{
	int round;

	for (round = 0; round < 2000 && !unit_failures(); round++)
		twin4(unit_below(65));
}

/* The same, around the carry from the lower to the upper half. */
static void twin6(u32 n)
{
	struct msd_u128 base = u128(unit_below(2) ? 5 : ~0ULL - 1, -128ULL);
	struct msd_range6 given[64], r[64];
	u32 i, a;

	for (i = 0; i < n; i++) {
		given[i].first = add(base, unit_below(240));
		given[i].last = add(given[i].first, unit_below(16));
	}
	memcpy(r, given, sizeof(r));
	i = msd_ranges6_normalise(r, n);
	check_normal6(r, i);
	for (a = 0; a < 260; a++)
		CHECK_EQ(has6(r, i, add(base, a)),
			 slow6(given, n, add(base, a)));
}

TEST(twin6)
{
	int round;

	for (round = 0; round < 2000 && !unit_failures(); round++)
		twin6(unit_below(65));
}

/* Every range's borders and their neighbours, among a hundred thousand. */
TEST(many4)
{
	struct msd_range4 *r = calloc(MANY, sizeof(*r));
	struct msd_range4 *given = calloc(MANY, sizeof(*r));
	struct msd_addrset set = { .r4 = r };
	u32 i, n;

	REQUIRE(r && given);
	for (i = 0; i < MANY; i++) {
		given[i].first = unit_random();
		given[i].last = given[i].first | unit_below(4096);
	}
	memcpy(r, given, MANY * sizeof(*r));
	n = msd_ranges4_normalise(r, MANY);
	CHECK(n > MANY / 2 && n <= MANY);
	check_normal4(r, n);
	set.n4 = n;
	msd_addrset_seal(&set);
	for (i = 0; i < MANY; i++)
		CHECK(in4(&set, given[i].first) && in4(&set, given[i].last));
	for (i = 0; i < 500; i++) {
		const struct msd_range4 *g = &given[unit_below(MANY)];

		CHECK_EQ(in4(&set, g->first - 1),
			 slow4(given, MANY, g->first - 1));
		CHECK_EQ(in4(&set, g->last + 1),
			 slow4(given, MANY, g->last + 1));
	}
	free(r);
	free(given);
}

TEST(many6)
{
	struct msd_range6 *r = calloc(MANY, sizeof(*r));
	struct msd_range6 *given = calloc(MANY, sizeof(*r));
	u32 i, n;

	REQUIRE(r && given);
	for (i = 0; i < MANY; i++) {
		given[i].first = u128(0x20010db8, unit_random() >> 32);
		given[i].last = add(given[i].first, unit_below(4096));
	}
	memcpy(r, given, MANY * sizeof(*r));
	n = msd_ranges6_normalise(r, MANY);
	check_normal6(r, n);
	for (i = 0; i < MANY; i++)
		CHECK(has6(r, n, given[i].first) && has6(r, n, given[i].last));
	for (i = 0; i < 500; i++) {
		struct msd_u128 next = add(given[unit_below(MANY)].last, 1);

		CHECK_EQ(has6(r, n, next), slow6(given, MANY, next));
	}
	free(r);
	free(given);
}
