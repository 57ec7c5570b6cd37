// SPDX-License-Identifier: GPL-2.0-only
/*
 * Immutable sets of addresses: sorted arrays of disjoint ranges.
 *
 * The search halves the array without a branch that depends on the data: a
 * scan over random addresses would mispredict every other step.
 */
#include <linux/sort.h>
#include "core.h"

static int cmp4(const void *a, const void *b)
{
	const struct msd_range4 *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static bool less6(struct msd_u128 a, struct msd_u128 b)
{
	return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

static int cmp6(const void *a, const void *b)
{
	const struct msd_range6 *x = a, *y = b;

	return less6(x->first, y->first) ? -1 : less6(y->first, x->first);
}

/* The address after @a; zero after the last one. */
static struct msd_u128 next6(struct msd_u128 a)
{
	a.lo++;
	a.hi += !a.lo;
	return a;
}

/* Does @b begin within @a or right behind it? @a begins first. */
static bool touch4(const struct msd_range4 *a, const struct msd_range4 *b)
{
	return b->first <= a->last || b->first == a->last + 1;
}

static bool touch6(const struct msd_range6 *a, const struct msd_range6 *b)
{
	struct msd_u128 next = next6(a->last);

	return !less6(a->last, b->first) ||
	       (b->first.hi == next.hi && b->first.lo == next.lo);
}

static bool sorted4(const struct msd_range4 *r, u32 n)
{
	u32 i;

	for (i = 1; i < n; i++)
		if (r[i].first < r[i - 1].first)
			return false;
	return true;
}

static bool sorted6(const struct msd_range6 *r, u32 n)
{
	u32 i;

	for (i = 1; i < n; i++)
		if (less6(r[i].first, r[i - 1].first))
			return false;
	return true;
}

u32 msd_ranges4_normalise(struct msd_range4 *r, u32 n)
{
	u32 i, out = 0;

	if (!sorted4(r, n))
		sort(r, n, sizeof(*r), cmp4, NULL);
	for (i = 0; i < n; i++) {
		if (out && touch4(&r[out - 1], &r[i])) {
			if (r[i].last > r[out - 1].last)
				r[out - 1].last = r[i].last;
		} else {
			r[out++] = r[i];
		}
	}
	return out;
}

u32 msd_ranges6_normalise(struct msd_range6 *r, u32 n)
{
	u32 i, out = 0;

	if (!sorted6(r, n))
		sort(r, n, sizeof(*r), cmp6, NULL);
	for (i = 0; i < n; i++) {
		if (out && touch6(&r[out - 1], &r[i])) {
			if (less6(r[out - 1].last, r[i].last))
				r[out - 1].last = r[i].last;
		} else {
			r[out++] = r[i];
		}
	}
	return out;
}

/* The largest power of two that is not above @n; @n is not 0. */
static size_t power_of_two(u32 n)
{
	return 1UL << (31 - __builtin_clz(n));
}

/*
 * The range that begins last at or before @a is among the last @step ranges or
 * among the first @step; from there on halve.
 */
static bool has4(const struct msd_range4 *r, u32 n, u32 a)
{
	size_t step;

	if (!n || a < r->first || a > r[n - 1].last)
		return false;
	if (n == 1)
		return true;
	step = power_of_two(n);
	r = r[n - step].first <= a ? r + n - step : r;
	while (step >>= 1)
		r = r[step].first <= a ? r + step : r;
	return a <= r->last;
}

static bool has6(const struct msd_range6 *r, u32 n, struct msd_u128 a)
{
	size_t step;

	if (!n || less6(a, r->first) || less6(r[n - 1].last, a))
		return false;
	step = power_of_two(n);
	r = less6(a, r[n - step].first) ? r : r + n - step;
	while (step >>= 1)
		r = less6(a, r[step].first) ? r : r + step;
	return !less6(r->last, a);
}

bool msd_addrset_has(const struct msd_addrset *set, u8 family,
		     const void *addr)
{
	if (family == 4)
		return has4(set->r4, set->n4, get_unaligned_be32(addr));
	return set->n6 && has6(set->r6, set->n6, msd_u128(addr));
}
