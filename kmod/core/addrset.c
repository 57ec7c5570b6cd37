// SPDX-License-Identifier: GPL-2.0-only
/*
 * Immutable sets of addresses: sorted arrays of disjoint ranges.
 *
 * The search halves the array without a branch that depends on the data: a
 * scan over random addresses would mispredict every other step.
 */
#include <linux/bits.h>
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

/* Number of the highest bit that is set; @n is not 0. */
static u32 high_bit(u32 n)
{
	return 31 - __builtin_clz(n);
}

static __always_inline const struct msd_range4 *
step4(const struct msd_range4 *r, u32 a, u32 k)
{
	const struct msd_range4 *next = r + (1UL << k);

	return next->first <= a ? next : r;
}

/*
 * The last of 2^@k ranges, and those behind them, that begins at or before @a.
 * Written out (Knuth, TAOCP volume 3, section 6.2.1, exercise 11, after
 * L. E. Shar): a step is a comparison and a conditional move, its distance a
 * constant. More than 131,071 ranges take the first steps in a loop.
 */
static __always_inline const struct msd_range4 *
search4(const struct msd_range4 *r, u32 a, u32 k)
{
	for (; k > 16; k--)
		r = step4(r, a, k - 1);
	switch (k) {
	case 16:
		r = step4(r, a, 15);
		fallthrough;
	case 15:
		r = step4(r, a, 14);
		fallthrough;
	case 14:
		r = step4(r, a, 13);
		fallthrough;
	case 13:
		r = step4(r, a, 12);
		fallthrough;
	case 12:
		r = step4(r, a, 11);
		fallthrough;
	case 11:
		r = step4(r, a, 10);
		fallthrough;
	case 10:
		r = step4(r, a, 9);
		fallthrough;
	case 9:
		r = step4(r, a, 8);
		fallthrough;
	case 8:
		r = step4(r, a, 7);
		fallthrough;
	case 7:
		r = step4(r, a, 6);
		fallthrough;
	case 6:
		r = step4(r, a, 5);
		fallthrough;
	case 5:
		r = step4(r, a, 4);
		fallthrough;
	case 4:
		r = step4(r, a, 3);
		fallthrough;
	case 3:
		r = step4(r, a, 2);
		fallthrough;
	case 2:
		r = step4(r, a, 1);
		fallthrough;
	case 1:
		r = step4(r, a, 0);
	}
	return r;
}

void msd_addrset_seal(struct msd_addrset *set)
{
	u32 i, octet;

	memset(set->octets, 0, sizeof(set->octets));
	for (i = 0; i < set->n4; i++)
		for (octet = set->r4[i].first >> 24;
		     octet <= set->r4[i].last >> 24; octet++)
			set->octets[octet / 32] |= BIT(octet % 32);
}

static bool has4(const struct msd_addrset *set, u32 a)
{
	const struct msd_range4 *r = set->r4;
	u32 n = set->n4, k, octet = a >> 24;

	if (!(set->octets[octet / 32] & BIT(octet % 32)))
		return false;
	if (n > 1) {
		/* Among the last 2^k ranges, or else among the first. */
		k = high_bit(n);
		r = r[n - (1UL << k)].first <= a ? r + n - (1UL << k) : r;
		r = search4(r, a, k);
	}
	return r->first <= a && a <= r->last;
}

static bool has6(const struct msd_range6 *r, u32 n, struct msd_u128 a)
{
	size_t step;

	if (!n || less6(a, r->first) || less6(r[n - 1].last, a))
		return false;
	step = 1UL << high_bit(n);
	r = less6(a, r[n - step].first) ? r : r + n - step;
	while (step >>= 1)
		r = less6(a, r[step].first) ? r : r + step;
	return !less6(r->last, a);
}

bool msd_addrset_has(const struct msd_addrset *set, u8 family,
		     const void *addr)
{
	if (family == 4)
		return has4(set, get_unaligned_be32(addr));
	return set->n6 && has6(set->r6, set->n6, msd_u128(addr));
}
